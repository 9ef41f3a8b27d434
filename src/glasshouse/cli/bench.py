"""`bench`: compare with Mesa, and measure threads, sizes and bytes a person."""

from __future__ import annotations

import click


@click.command(short_help="Compare with Mesa; measure threads, sizes, bytes a person.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def bench(as_json: bool) -> None:
    """Compare with Mesa, and measure threads, sizes and bytes a person (within ten minutes)."""
    from glasshouse.bench import main

    main(as_json)
