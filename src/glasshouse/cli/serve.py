"""`serve`: the page, live, on this machine alone."""

from __future__ import annotations

import click

from glasshouse.cli import talk


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=8765, show_default=True,
    help="The port on 127.0.0.1; 0 takes any that is free.",
)  # fmt: skip
def serve(port: int) -> None:
    """Serve the page on 127.0.0.1: choose a scenario, move the controls, watch it run.

    Nobody but this machine can reach it, and it reaches nobody. Ctrl-C ends it.
    """
    from glasshouse.app.server import serve as serve_page

    serve_page(port, say_address)


def say_address(address: str) -> None:
    """Put the address on stdout, and how to end it on stderr."""
    talk.show(address)
    talk.say("Open this address in a browser on this machine. Ctrl-C ends it.")
    talk.say("The first run on a machine compiles for half a minute; the page says so meanwhile.")
