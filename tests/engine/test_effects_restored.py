"""When somebody knows, when every copy is right again, and which grades move where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from glasshouse.archive.legend import Legend
from glasshouse.engine.account import legend_of
from glasshouse.engine.plan.plan import make_plan
from glasshouse.state.bits import GONE
from glasshouse.state.counts import LAGS_DAYS

if TYPE_CHECKING:
    from tests.engine.conftest import Lab

    from glasshouse.engine.simulation import Simulation

SMALL: dict[str, Any] = {"people": 4096, "community_size": 256}
BARS: dict[str, Any] = {
    "measures": [{"counter": name, "reaches": "person"} for name in ("counter0", "counter1")]
}


def by_week(lab: Lab, run: Simulation, name: str) -> Any:
    """Give a count by label and week."""
    return lab.count(run, name).reshape(4, -1)


@pytest.fixture(scope="module")
def everything(lab: Lab) -> Simulation:
    """A year under every kind of rule."""
    return lab.finished(make_plan(lab.everything(people=4096)), lab.compiled)


def test_where_no_copy_is_stale_the_end_is_the_restoration(lab: Lab) -> None:
    """Every listing that ends is restored at once, at the same length by the same label."""
    acts = [lab.act("debt"), lab.act("talk", culpable=False)]
    book = [lab.register("debt", "talk", term={"days": 40}, **BARS)]
    run = lab.run(acts, {"book": book}, **SMALL)
    restored, ended = by_week(lab, run, "restored"), by_week(lab, run, "spells_ended")
    assert np.array_equal(restored, ended)
    # A term of forty days ends in its sixth week.
    assert set(np.flatnonzero(restored.sum(axis=0))) == {5}
    assert (restored[[0, 3], 5] > 0).all()
    assert lab.count(run, "copies_late").sum() == 0


def test_every_counter_is_told_of_every_end_that_is_seen_long_enough(lab: Lab) -> None:
    """Copies told at a lag are the ends so long before the end of the run, times the counters."""
    book = [lab.register("debt", term={"days": 10}, **BARS)]
    run = lab.run([lab.act("debt", per_year=1)], {"book": book}, step="day", **SMALL)
    last = run.plan.steps[-1].end_day
    told = lab.count(run, "copies_told")
    for place, lag in enumerate(LAGS_DAYS):
        # A listing is off at the end of its last day: its step's end is the first day off.
        early = [r for r in run.history if r.when.end_day + lag < last]
        assert told[place] == 2 * sum(int(r.counts.left[1].sum()) for r in early), lag
    assert told[0] > told[1] > told[2] > 0


def test_a_copy_that_is_never_corrected_is_late_at_every_lag(lab: Lab) -> None:
    """Without corrections as many copies are late as are stale, however long one waits."""
    book = [lab.register("debt", term={"days": 10}, **BARS)]
    sets = {"process.copies_stale": 0.4}
    run = lab.run([lab.act("debt", per_year=1)], {"book": book}, sets=sets, **SMALL)
    told, late = lab.count(run, "copies_told"), lab.count(run, "copies_late")
    for place in range(len(LAGS_DAYS)):
        lab.assert_share(late[place], told[place], 0.4)
    # Both copies are right with a chance of 0.36, and then at once.
    ended = lab.total(run, "spells_ended")
    lab.assert_share(lab.total(run, "restored"), ended, 0.6**2)


def test_corrected_copies_are_late_for_a_while(lab: Lab) -> None:
    """With corrections fewer are late the longer one waits, and some listings are restored late."""
    book = [lab.register("debt", term={"days": 10}, **BARS)]
    sets = {"process.copies_stale": 1.0, "process.copies_corrected_per_year": 4}
    run = lab.run([lab.act("debt", per_year=1)], {"book": book}, sets=sets, years=2, **SMALL)
    told, late = lab.count(run, "copies_told"), lab.count(run, "copies_late")
    shares = late / told
    assert 0.9 < shares[0] < 1
    assert shares[0] > shares[1] > shares[2]
    # A hazard of four a year leaves exp(-4 x 180 / 365) of them: 14 in a hundred.
    assert abs(shares[2] - np.exp(-4 * 180 / 365)) < 0.03
    restored, ended = by_week(lab, run, "restored"), by_week(lab, run, "spells_ended")
    assert 0 < restored.sum() < ended.sum()
    weeks = np.arange(restored.shape[1])
    assert (restored.sum(axis=0) @ weeks) / restored.sum() > 5
    left = sum(int(listing) for listing in run.world.opened.open_listings[:, 1])
    assert ended.sum() - restored.sum() == left - lab.final(run, "stock")


def test_who_is_told_at_once_knows_in_the_first_week(lab: Lab) -> None:
    """A notice without delay leaves nobody in the dark; who learns at a counter learns later."""
    book = [lab.register("debt", term={"days": 300}, **BARS)]
    acts = [lab.act("debt")]
    told = lab.run(acts, {"book": book}, **SMALL)
    assert set(np.flatnonzero(lab.count(told, "known_after"))) == {0}
    sets = {"process.notice_reaches": 0, "counters.counter0.attempts_per_year": 6}
    refused = lab.run(acts, {"book": book}, sets=sets, **SMALL)
    after = lab.count(refused, "known_after")
    assert after.sum() == lab.total(refused, "known_by_refusal") > 0
    assert np.flatnonzero(after).max() > 10


def test_knowledge_is_counted_once_whatever_it_comes_from(lab: Lab, everything: Simulation) -> None:
    """Notices, counters and files together are what is known by weeks."""
    ways = ("known_by_notice", "known_by_refusal", "known_by_look")
    assert lab.total(everything, "known_after") == sum(lab.total(everything, w) for w in ways)
    assert lab.total(everything, "window_closed") <= lab.total(everything, "known_after")


def test_windows_close_on_the_labels_that_are_listed(lab: Lab) -> None:
    """A window that is over before the notice arrives is closed for everybody, by label."""
    contest = {"window_days": 3, "decide_days": 5, "suspends": False, "counted_from": "decision"}
    book = [lab.register("debt", "talk", contest=contest)]
    acts = [lab.act("debt"), lab.act("talk", culpable=False)]
    sets = {"process.notice_delay_days": 10}
    run = lab.run(acts, {"book": book}, sets=sets, **SMALL)
    closed = lab.count(run, "window_closed")
    assert (closed[[0, 3]] > 0).all()
    assert closed[1] == closed[2] == 0
    # Of delays of 0 .. 20 days, each as likely, those of 4 and more are too late.
    lab.assert_share(closed.sum(), lab.total(run, "known_by_notice"), 17 / 21)


def test_moves_of_grades_add_up_to_where_people_stand(lab: Lab) -> None:
    """From the first score on: who is in a grade is who began there, and came, and did not go."""
    book = [
        lab.scale(100),
        lab.rule("grade", "low", grade="Low", at_least=-10_000),
        lab.rule("grade", "middle", grade="Middle", at_least=90),
        lab.rule("grade", "good", grade="Good", at_least=100),
        lab.rule("retention", years=0),
        lab.points("slip", points=-7),
        lab.points("deed", name="plus", points=4),
    ]
    acts = [lab.act("slip"), lab.act("deed", culpable=False)]
    later = {"rulebook": "book", "from": "2020-04-01"}
    run = lab.run(acts, {"book": book}, {"scored": ((later,), {})}, years=2, **SMALL)
    moves = lab.count(run, "grade_moves").reshape(3, 3)
    first, last = run.history[3].counts, run.history[-1].counts
    before = sum(lab.at(run, "grade_moves", step).reshape(3, 3) for step in range(4))
    gained = (moves - before).sum(axis=0) - (moves - before).sum(axis=1)
    stand = [c.grades[1].sum(axis=0)[:3] for c in (first, last)]
    assert (stand[0] + gained).tolist() == stand[1].tolist()
    assert np.diagonal(moves).sum() == 0
    assert moves.sum() > 0
    # To be scored for the first time is no move: all begin as Good, and only that way can they go.
    assert before.sum() == before[2].sum() == 0


def test_who_has_left_moves_no_more(lab: Lab) -> None:
    """The score of somebody who is gone may still change; it is no move among those who stay."""
    book = [
        lab.scale(100),
        lab.rule("grade", "low", grade="Low", at_least=-10_000),
        lab.rule("grade", "good", grade="Good", at_least=100),
        lab.points("slip", points=-7),
    ]
    sets = {"records.police.delay_days": 40, "response.leaves_per_year": 0.001}
    plan = lab.plan([lab.act("slip", per_year=12)], {"book": book}, sets=sets, **SMALL)
    for bits, moves in ((0, True), (GONE, False)):
        run = lab.finished(plan, lab.compiled, steps=2)
        run.world.state.bits[:, 1] |= bits
        before = run.world.state.grade.copy()
        run.advance()
        assert (run.world.state.grade != before).any()
        assert (lab.final(run, "grade_moves") > 0) == moves


def test_moves_have_the_names_of_the_grades(everything: Simulation) -> None:
    """A move is written as one grade, an arrow, another."""
    legend: Legend = legend_of(everything.plan)
    book = legend.arms[1].instruments[0]
    codes = legend.codes("move", 1, 0)
    assert f"{book.grades[0]}>{book.grades[-1]}" in codes
    assert len(set(codes)) == len(codes) == legend.extents["move"]
    assert legend.codes("lag", 1) == ("3", "30", "180")
    assert legend.codes("origin", 1)[-2:] == ("score", "no_ground")
