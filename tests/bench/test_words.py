"""The table says every figure, its spread and its goal; the words say the unit and the machine."""

from __future__ import annotations

from typing import Any

from glasshouse.bench import goals
from glasshouse.bench.machine import machine, versions
from glasshouse.bench.words import BYTES, LAPS_TOLD, RATIOS, SECONDS, once_a_step, told
from glasshouse.engine.sweep.laps import FIRST_STATE, LAPS

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
        "bytes_in_files": 17.0,
        "card": "the same bits",
        "bytes_moved": 400.0,
        "blocks": {"candidate_act": 6.0, "candidate_count": 1.0},
        "laps": {
            "month": {"candidates_drawn": 0.6, "scored": 0.391, "trusted": 0.009},
            "laying_out": 1.0,
            "left_out": 0.0,
        },
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
    for words in ("at least 100", "at least 1.8", "0.95 to 1.05", "at most 32", "at most 0.3 s"):
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


def test_a_machine_without_a_card_says_untested() -> None:
    """No speed of a card is made up, and the reason stands under the table."""
    text = told(figures(card_ratio=None, card="untested: there is none"))
    assert "speed of a graphics card over one core" in text
    assert "A graphics card: untested: there is none." in text


def test_a_quick_bench_compares_with_nothing() -> None:
    """Without Mesa, sizes and starts the rest is told all the same."""
    given = figures()
    for name in (*RATIOS, *SECONDS, "sizes", "types", "bytes_in_files"):
        if name not in {"random_share", "memory_share"}:
            del given[name]
    text = told(given)
    assert "Mesa model" not in text
    assert RATIOS["random_share"] in text
    assert "7.00 blocks a person-month" in text


def test_where_a_month_goes_adds_up_by_stage() -> None:
    """Each stage has its share, each lap of any weight its line, the smallest none."""
    text = told(figures())
    for words in ("60.0%", "39.1%", LAPS_TOLD["candidates_drawn"][1], LAPS_TOLD["scored"][1]):
        assert words in text
    assert LAPS_TOLD["trusted"][1] not in text
    given = figures(laps={"month": {}, "laying_out": 0.0, "left_out": 0.0})
    assert "no clock" in told(given)


def test_every_lap_of_a_month_has_its_words() -> None:
    """What the sweep marks is what the table can tell."""
    assert set(LAPS_TOLD) == set(LAPS[FIRST_STATE + 1 :])


def test_what_a_step_costs_besides_its_people_is_told_in_people() -> None:
    """With 2 a person and 20,000 a step, a step costs as much as 10,000 people."""
    sizes = {str(n): (2 + 20_000 / n) / 2.2 for n in (100_000, 1_000_000, 10_000_000)}
    assert round(once_a_step(sizes)) == 10_000
    assert once_a_step({"10": 1.0, "100": 1.01}) == 0
