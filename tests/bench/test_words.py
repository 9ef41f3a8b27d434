"""The table says every figure, its spread and its goal; the words say the unit and the machine."""

from __future__ import annotations

from typing import Any

from glasshouse.bench import goals
from glasshouse.bench.machine import machine, versions
from glasshouse.bench.words import BYTES, RATIOS, SECONDS, told

RATIO = 1.2345


def figures(**given: Any) -> dict[str, Any]:
    """Give what a measurement gives, with made-up numbers."""
    here = {**machine(), "avx2": True, "avx512": False}
    return {
        **dict.fromkeys(RATIOS, RATIO),
        **dict.fromkeys(SECONDS, 0.5),
        "spreads": {name: {"lowest": 1.0, "highest": 2.0, "pairs": 9} for name in RATIOS},
        "bytes": dict.fromkeys(BYTES, 16.0),
        "machine": here,
        "versions": versions(),
        "date": "2026-01-01",
        "sizes": {"100000": 1.0, "10000000": 0.95},
        "types": [95, 800],
        "goals": goals(here),
        "seconds": 100.0,
        "unit": "a person-month counts once",
        **given,
    }


def test_every_figure_is_told() -> None:
    """Every ratio, time and size of memory stands in the table, with spread and goal."""
    text = told(figures())
    for title in (*RATIOS.values(), *SECONDS.values(), *BYTES.values()):
        assert title in text
    assert text.count("1.23") == len(RATIOS)
    assert "1.00 to 2.00 of 9" in text
    for words in ("at least 100", "at least 1.7", "0.9 to 1.1", "at most 32", "at most 0.3 s"):
        assert words in text


def test_unit_machine_and_date_are_told() -> None:
    """Whoever reads a figure reads what it counts, and where and when it was measured."""
    text = told(figures())
    for words in ("a person-month counts once", "AVX2", "2026-01-01", "numba", "10,000,000", "800"):
        assert words in text


def test_less_is_asked_of_an_older_processor() -> None:
    """Without AVX2 the goal against Mesa is sixty."""
    assert goals({"avx2": True})["mesa_ratio"] == 100
    assert goals({"avx2": False})["mesa_ratio"] == 60


def test_one_core_has_no_ratio_of_threads() -> None:
    """On a single core nothing is said about two threads."""
    assert "not measured: one core" in told(figures(thread_ratio=None))
