"""`glasshouse bench`: how fast and how small, as ratios measured in one run.

Absolute times do not travel from machine to machine; ratios of work done in turn on the same cores
nearly do. The opponent is a Mesa 3 model of the same rules (``mesa_model``), whose counts a test
compares with the engine's.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

from glasshouse.bench.against_mesa import mesa_ratio
from glasshouse.bench.blocks import blocks_a_month
from glasshouse.bench.bounds import bytes_moved, shares_of_bounds
from glasshouse.bench.families import family_ratios
from glasshouse.bench.in_files import streamed_ratio
from glasshouse.bench.laps import laps
from glasshouse.bench.machine import machine, versions
from glasshouse.bench.many_provisions import load_seconds
from glasshouse.bench.memory import bytes_a_person
from glasshouse.bench.on_a_card import card_ratio
from glasshouse.bench.pairs import Ratio
from glasshouse.bench.scaling import size_ratio, thread_ratio, types_ratio
from glasshouse.bench.starts import starts
from glasshouse.bench.words import told

__all__ = ["measured", "told"]

Say = Callable[[str], None]
Keep = Callable[[str, Ratio | None], None]


def measured(say: Say, *, quick: bool = False) -> dict[str, Any]:
    """Measure; ``say`` is told what is being measured. Ready for JSON.

    ``quick``: only where the time of a month goes, and how near it is to what bounds it.
    """
    began = time.perf_counter()
    result: dict[str, Any] = {"machine": machine(), "versions": versions()}
    result["date"] = dt.datetime.now(dt.UTC).date().isoformat()
    spreads: dict[str, dict[str, float]] = {}

    def now(what: str) -> None:
        say(f"{time.perf_counter() - began:4.0f} s  {what}")

    def keep(name: str, ratio: Ratio | None) -> None:
        result[name] = ratio.value if ratio else None
        if ratio:
            spreads[name] = {"lowest": ratio.lowest, "highest": ratio.highest, "pairs": ratio.pairs}

    if not quick:
        _compared(result, now, keep)
    _explained(result, now, keep)
    result["spreads"] = spreads
    result["goals"] = goals(result["machine"])
    result["seconds"] = time.perf_counter() - began
    result["unit"] = UNIT
    now("done")
    return result


def _compared(result: dict[str, Any], now: Say, keep: Keep) -> None:
    """Measure what is compared with something else: another program, threads, types, sizes."""
    now("starting cold, from the cache, and asking for help")
    result |= starts()
    now("against Mesa, one core each")
    keep("mesa_ratio", mesa_ratio())
    now("two threads against one")
    keep("thread_ratio", thread_ratio() if result["machine"]["cores"] > 1 else None)
    now("many types of act against the scenario's own")
    types, own, many = types_ratio()
    keep("types_ratio", types)
    result["types"] = [own, many]
    now("what each family of mechanisms costs")
    result["families"] = {name: ratio._asdict() for name, ratio in family_ratios(now).items()}
    now("a rulebook of 820 provisions")
    result["load_820_seconds"] = load_seconds()
    now("a society in files against one in memory")
    streamed, result["bytes_in_files"] = streamed_ratio()
    keep("streamed_ratio", streamed)
    now("a graphics card")
    card, result["card"] = card_ratio()
    keep("card_ratio", card)
    now("large societies against small ones")
    sizes, people, costs = size_ratio(now)
    keep("size_ratio", sizes)
    result["sizes"] = {str(size): costs[size] for size in people}


def _explained(result: dict[str, Any], now: Say, keep: Keep) -> None:
    """Measure where the time of a month goes, and how near it is to what bounds it."""
    now("where the time of a month goes")
    result["laps"] = laps()._asdict()
    now("bytes a person")
    result["bytes"] = bytes_a_person()
    now("blocks of random numbers a person-month")
    result["blocks"] = blocks_a_month()
    now("against random numbers alone, and against copying alone")
    moved = bytes_moved(result["bytes"])
    random, memory = shares_of_bounds(sum(result["blocks"].values()), moved)
    keep("random_share", random)
    keep("memory_share", memory)
    result["bytes_moved"] = moved


UNIT = "a person-month counts once whatever the arms; months are event-skipped"


def goals(here: dict[str, Any]) -> dict[str, float]:
    """Give what each figure should reach (ratios of speed) or not pass (the others)."""
    return {
        "mesa_ratio": 100.0 if here["avx2"] else 60.0,
        "thread_ratio": 1.8,
        "size_ratio": 1.05,
        "streamed_ratio": 2.2,
        "random_share": 0.08,
        "types_ratio": 1.1,
        "state_a_person_and_arm": 32.0,
        "static_a_person": 32.0,
        "cold_start_seconds": 30.0,
        "cached_start_seconds": 2.0,
        "help_seconds": 0.3,
        "load_820_seconds": 1.0,
    }
