"""What is rare is counted by month where a run is large enough to see it, beside what was told."""

from __future__ import annotations

import html
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from glasshouse.engine import expected
from glasshouse.law.library import Library
from glasshouse.report.rare import Month, Rare, rare_sentences
from glasshouse.session import run

if TYPE_CHECKING:
    from pathlib import Path

    from glasshouse.session import Run

LIST, ACT = "pellucid-register/debtors", "jaywalking"


@pytest.fixture(scope="module")
def seen() -> Run:
    """Give a run whose size no longer hides what two figures of the house are made to count."""
    with pytest.MonkeyPatch.context() as patch:
        figures = Library().published()
        update = {"value": 10**9, "lists": (LIST,), "acts": (ACT, "no_such_act")}
        changed = (figures[0].model_copy(update=update), *figures[1:])
        patch.setattr(expected, "LEAST_PEOPLE", 0)
        patch.setattr(Library, "published", lambda _self: changed)
        sets = {"community_size": 64}
        return run("pellucid", people=128, months=3, seed=3, set=sets, device="python")


def test_what_is_counted_stands_beside_what_is_expected(seen: Run, tmp_path: Path) -> None:
    """By month, for the list and for the act, in summary and report; in sums as counted."""
    (arm,) = (one for one in seen.summary().tally.arms if not one.is_baseline)
    by_name = {one.of: one for one in arm.rare}
    assert set(by_name) == {LIST, ACT}
    listed = seen.counts().filter(f"count = 'listed' AND item = '{LIST}'").sum("value").fetchall()
    assert sum(month.found for month in by_name[LIST].months) == int(listed[0][0] or 0)
    for one in arm.rare:
        assert [month.month for month in one.months][-1] == "2020-03"
        found = sum(month.found for month in one.months)
        assert found <= 2 * sum(month.expected for month in one.months) + 10
    sentences = seen.summary().text().split("\n")
    (about_act,) = (one for one in sentences if one.startswith(ACT))
    report = seen.report(tmp_path / "report.html").read_text(encoding="utf-8")
    assert about_act in html.unescape(report)


def test_small_runs_say_nothing_of_what_they_cannot_see() -> None:
    """A figure that would be less than a row of the run is left out."""
    few = {"community_size": 64}
    done = run("as-told", people=64, months=1, set=few, device="python", collect="counts")
    assert done.provenance.rare == ()
    assert all(arm.rare == () for arm in done.summary().tally.arms)


def test_many_months_are_told_by_the_first_the_last_and_their_sum() -> None:
    """A year of months would drown the sentence."""
    months = tuple(Month(f"2018-{n:02}", 10 * n, 100.0) for n in range(5, 13))
    rare = Rare("first list", "2018-06-01", 169, "listed", "book/list", months)
    (said,) = rare_sentences((rare,), 1.0)
    assert said == (
        "book/list: 50 names in May 2018 and 120 names in December 2018, where the assumed rates "
        "expect 100 and 100 at most, and 680 in 8 months, where they expect 800. Told: 169 "
        "(first list, 2018-06-01)."
    )
    (brief,) = rare_sentences((replace(rare, months=months[:1]),), 141.0)
    assert "expect 100 at most (one row stands for 141 persons). Told" in brief
