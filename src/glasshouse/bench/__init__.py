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
from glasshouse.bench.families import family_ratios
from glasshouse.bench.machine import machine, versions
from glasshouse.bench.many_provisions import load_seconds
from glasshouse.bench.memory import bytes_a_person
from glasshouse.bench.pairs import Ratio
from glasshouse.bench.scaling import size_ratio, thread_ratio, types_ratio
from glasshouse.bench.starts import starts
from glasshouse.bench.words import told

__all__ = ["measured", "told"]

Say = Callable[[str], None]


def measured(say: Say) -> dict[str, Any]:
    """Measure everything; ``say`` is told what is being measured. Ready for JSON."""
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

    now("starting cold, from the cache, and asking for help")
    result |= starts()
    now("against Mesa, one core each")
    keep("mesa_ratio", mesa_ratio())
    now("two threads against one")
    keep("thread_ratio", thread_ratio() if result["machine"]["cores"] > 1 else None)
    now("many types of act against the scenario's own")
    types, own, many = types_ratio()
    keep("types_ratio", types)
    now("what each family of mechanisms costs")
    result["families"] = {name: ratio._asdict() for name, ratio in family_ratios(now).items()}
    now("a rulebook of 820 provisions")
    result["load_820_seconds"] = load_seconds()
    now("bytes a person")
    result["bytes"] = bytes_a_person()
    now("large societies against small ones")
    sizes, people, costs = size_ratio(now)
    keep("size_ratio", sizes)
    result["spreads"] = spreads
    result["types"] = [own, many]
    result["sizes"] = {str(size): costs[size] for size in people}
    result["goals"] = goals(result["machine"])
    result["seconds"] = time.perf_counter() - began
    result["unit"] = UNIT
    now("done")
    return result


UNIT = "a person-month counts once whatever the arms; months are event-skipped"


def goals(here: dict[str, Any]) -> dict[str, float]:
    """Give what each figure should reach (ratios of speed) or not pass (the others)."""
    return {
        "mesa_ratio": 100.0 if here["avx2"] else 60.0,
        "thread_ratio": 1.7,
        "size_ratio": 1.1,
        "types_ratio": 1.1,
        "state_a_person_and_arm": 32.0,
        "static_a_person": 32.0,
        "cold_start_seconds": 30.0,
        "cached_start_seconds": 2.0,
        "help_seconds": 0.3,
        "load_820_seconds": 1.0,
    }
