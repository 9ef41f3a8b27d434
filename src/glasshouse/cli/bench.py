"""`bench`: compare with Mesa, and measure threads, sizes and bytes a person."""

from __future__ import annotations

import click

from glasshouse.cli import talk


@click.command(short_help="Compare with Mesa; measure threads, sizes, bytes a person.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def bench(as_json: bool) -> None:
    """Compare with Mesa, and measure threads, sizes and bytes a person (within ten minutes)."""
    from glasshouse.bench import measured, told

    result = measured(talk.say)
    if as_json:
        talk.show_json(result)
    else:
        talk.show(told(result))
