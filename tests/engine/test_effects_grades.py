"""Lists that a grade grounds: whose act stands behind it, and what a contest mends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.engine.conftest import Lab

RIGHTLY, NOT_THEIRS, LAWFUL = 0, 1, 3
CERTAIN = {"process.notice_reaches": 1.0, "process.notice_delay_days": 0.0}
ALWAYS_WON = {
    **CERTAIN,
    "process.contest_if_literate": 1.0,
    "process.contest_if_not": 1.0,
    "process.overturned_if_wrongful": 1.0,
    "process.overturned_if_rightful": 1.0,
    "process.deletion_days": 0.0,
}


def graded(lab: Lab, points: Any, **listed: Any) -> list[Any]:
    """Give a book whose low grade lists, with points of the caller's own."""
    said = {"grounds": [{"id": "low", "grade_at_most": "Low"}], "term": {"until": "grade_recovers"}}
    return [
        lab.scale(),
        lab.rule("grade", "good", grade="Good", at_least=900),
        lab.rule("grade", "low", grade="Low", at_least=-20000),
        points,
        {**lab.register("brawl"), **said, **listed},
    ]


def listed_by_label(run: Any) -> Any:
    """Give how many listings began, by label."""
    return sum(
        record.counts.listed[1].sum(axis=0).reshape(-1, 4).sum(axis=0) for record in run.history
    )


def test_an_override_lists_people_for_their_own_act(lab: Lab) -> None:
    """Who is graded down for an act of their own is listed rightly, however good the score."""
    held = {"grade": "Low", "months": 3}
    book = graded(lab, lab.points("brawl", points=-1, overrides_grade=held))
    run = lab.run([lab.act("brawl", per_year=1)], {"book": book}, people=16_384)
    found = listed_by_label(run)
    assert found[RIGHTLY] > 1000
    assert found[RIGHTLY] == found.sum()


def test_an_override_for_a_lawful_act_is_a_wrongful_listing(lab: Lab) -> None:
    """The label follows the entry behind the override: a lawful act, not somebody else's."""
    held = {"grade": "Low", "months": 3}
    book = graded(lab, lab.points("brawl", points=-1, overrides_grade=held))
    run = lab.run([lab.act("brawl", culpable=False, per_year=1)], {"book": book}, people=16_384)
    found = listed_by_label(run)
    assert found[LAWFUL] == found.sum() > 1000


def test_a_contest_that_is_won_lifts_the_held_grade(lab: Lab) -> None:
    """Nobody is listed again for the override that a contest lifted."""
    held = {"grade": "Low", "months": 12}
    once = {
        **lab.points("brawl", points=-1, overrides_grade=held),
        "until": "2020-02-01",
    }
    never = lab.points("never", name="never", points=-1)
    contest = {"window_days": 30, "decide_days": 5, "suspends": False, "counted_from": "decision"}
    book = [*graded(lab, once, contest=contest), never]
    acts = [lab.act("brawl", per_year=2), lab.act("never", per_year=0.001, seen_by={"camera": 0})]
    run = lab.run(acts, {"book": book}, sets=ALWAYS_WON, people=16_384)
    people = int((run.world.outcome.listings[:, 1] > 0).sum())
    assert people > 500
    assert int(run.world.outcome.listings[:, 1].sum()) == people
    assert int(run.history[-1].counts.stock[1].sum()) == 0


def test_people_learn_of_a_scheme_when_it_begins(lab: Lab) -> None:
    """Before its first day nobody knows of it; from then on the share that was set does."""
    later = [
        {**lab.scale(), "from": "2020-07-01"},
        {**lab.points("plain", points=0), "from": "2020-07-01"},
    ]
    run = lab.run([lab.act("plain")], {"book": later}, sets={"response.aware": 0.3}, people=65_536)
    aware = [int(record.counts.aware_persons[1].sum()) for record in run.history]
    assert aware[:6] == [0] * 6
    lab.assert_share(aware[6], 65_536, 0.3)
