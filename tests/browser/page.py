"""What several tests do with the live page: order a run, wait for its end, go by keyboard."""

from __future__ import annotations

import http.client
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Page

MOST_TABS = 150
LONGEST_MS = 120_000

NAMED = """() => {
    const one = document.activeElement;
    const label = one.labels?.[0]?.textContent;
    return (one.getAttribute('aria-label') ?? label ?? one.textContent ?? '').trim();
}"""


def sent(
    live: str, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, Any]]:
    """Send a request as it is, unmended by any client, and give the status and what was said."""
    parts = urlsplit(live)
    line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    try:
        origin = {"origin": live, "content-type": "application/json"} if body is not None else {}
        line.request(method, path, body, {**origin, **headers})
        answer = line.getresponse()
        content = answer.read()
    finally:
        line.close()
    try:
        return answer.status, json.loads(content)
    except ValueError:
        return answer.status, {}


def ask_for(live: str, **asked: Any) -> dict[str, Any]:
    """Order a run of Pellucid, which begins only when somebody listens, and give the receipt."""
    order = {"scenario": "pellucid", "people": 512, "years": 1, "seed": 1, **asked}
    status, said = sent(live, "POST", "/api/runs", json.dumps(order).encode())
    assert status == 201, said
    return said


def link_to(live: str, **asked: Any) -> str:
    """Give the link of a run, as the page would put it behind its `#`."""
    return str(ask_for(live, **asked)["link"])


def finished(page: Page, other_than: str = "") -> None:
    """Wait until the live page says that a run is finished."""
    page.wait_for_function(
        """other => {
            const said = document.getElementById('said').textContent;
            return said.startsWith('Finished') && said !== other;
        }""",
        arg=other_than,
        timeout=LONGEST_MS,
    )


def focus_by_tab(page: Page, name: str | re.Pattern[str], *, back: bool = False) -> None:
    """Press Tab until the element of this name has the focus, which must be seen to have it."""
    found = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        said = str(page.evaluate(NAMED))
        found.append(said[:30])
        if said == name if isinstance(name, str) else name.search(said):
            assert page.evaluate(
                "() => document.activeElement.matches(':focus-visible') &&"
                " getComputedStyle(document.activeElement).outlineStyle !== 'none'"
            ), f"the focus on {said} is not seen"
            return
    raise AssertionError(f"Tab never came to {name}: {found}")
