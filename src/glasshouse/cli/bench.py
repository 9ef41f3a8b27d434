"""`bench`: compare with Mesa, and measure threads, sizes and bytes a person."""

from __future__ import annotations

import click

from glasshouse.cli import talk


@click.command(short_help="Compare with Mesa; measure sizes, bytes, and where the time goes.")
@click.option("--quick", is_flag=True, help="Only where the time of a month goes.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def bench(quick: bool, as_json: bool) -> None:
    """Compare with Mesa, measure threads, sizes and bytes a person, and say where the time goes."""
    from glasshouse.bench import measured, told

    result = measured(talk.say, quick=quick)
    if as_json:
        talk.show_json(result)
    else:
        talk.show(told(result))
