"""The answer that goes on: a scene's messages as they come, to one listener, who may go away."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from glasshouse.app.desk import Desk, Job


class Stream(Response):
    """One long answer in pieces; it ends with the job, and the job ends with its listener."""

    media_type = "application/octet-stream"

    def __init__(self, job: Job, desk: Desk) -> None:
        """Listen to a job that has begun to wait or run."""
        super().__init__()
        del self.headers["content-length"]
        self.job, self.desk = job, desk

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        """Send what comes until nothing more does, or until nobody listens."""
        gone = asyncio.ensure_future(_gone(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            while True:
                come = asyncio.ensure_future(self.job.messages.get())
                await asyncio.wait({come, gone}, return_when=asyncio.FIRST_COMPLETED)
                if gone.done():
                    come.cancel()
                    return
                content = come.result()
                if content is None:
                    await send({"type": "http.response.body", "body": b""})
                    return
                await send({"type": "http.response.body", "body": content, "more_body": True})
        finally:
            gone.cancel()
            self.desk.stop(self.job)


async def _gone(receive: Receive) -> None:
    """Wait until the listener has gone away."""
    while (await receive())["type"] != "http.disconnect":
        pass
