"""Human review, off and on: which listings an officer stops before they begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from glasshouse.errors import BadInput

if TYPE_CHECKING:
    from tests.engine.conftest import Lab
    from tests.mechanisms.conftest import Twins

NEVER_STOPS = dict.fromkeys(
    (
        "process.review_finds_not_theirs",
        "process.review_finds_could_not",
        "process.review_finds_lawful",
        "process.review_errs",
    ),
    0.0,
)
SMALL: dict[str, Any] = {"people": 8192, "community_size": 256}


def acts(lab: Lab) -> list[Any]:
    """Give a debt that some cannot pay, and talk that is no wrong."""
    return [
        lab.act("debt", "strained", debt=True, per_year=1),
        lab.act("talk", culpable=False, per_year=1),
    ]


def listing(lab: Lab, **said: Any) -> Any:
    """Give a list that both ground."""
    return lab.register("debt", "talk", term={"days": 1}, **said)


WORLD = {"process.cannot_pay_below": 0.3, "detection.camera.wrong_person": 0.3}


def test_an_officer_who_finds_nothing_stops_nothing(lab: Lab, twins: type[Twins]) -> None:
    """A rule of review whose officers never find anything leaves every person's run alone."""
    books = {"off": [listing(lab)], "on": [listing(lab, human_review=True)]}
    arms: dict[str, Any] = {name: ((name,), {}) for name in books}
    run = lab.run(acts(lab), books, arms, sets={**WORLD, **NEVER_STOPS}, **SMALL)
    both = twins(run)
    both.assert_same("listings", "listed_days", "silent_days", "score_points", "caution")
    assert lab.total(run, "reviewed", 1) == lab.total(run, "review_stopped", 2) == 0
    assert lab.count(run, "reviewed", 2).tolist() == lab.count(run, "listed", 2)[:4].tolist()


@pytest.mark.parametrize(
    ("found", "label"),
    [
        ("review_errs", 0),
        ("review_finds_not_theirs", 1),
        ("review_finds_could_not", 2),
        ("review_finds_lawful", 3),
    ],
)
def test_what_is_found_of_a_label_stops_that_label_alone(lab: Lab, found: str, label: int) -> None:
    """The share stopped is the assumption's; each ground looked at is listed or stopped."""
    sets = {**WORLD, **NEVER_STOPS, f"process.{found}": 0.4}
    run = lab.run(acts(lab), {"book": [listing(lab, human_review=True)]}, sets=sets, **SMALL)
    reviewed, stopped = lab.count(run, "reviewed"), lab.count(run, "review_stopped")
    assert (reviewed > 0).all()
    lab.assert_share(stopped[label], reviewed[label], 0.4)
    assert stopped.sum() == stopped[label]
    listed = lab.count(run, "listed").reshape(-1, 4).sum(axis=0)
    assert listed.tolist() == (reviewed - stopped).tolist()


def test_a_list_without_review_is_not_reviewed(lab: Lab) -> None:
    """Where one of two lists asks for review, the other lists as ever."""
    one, other = (
        listing(lab, name=name, human_review=review) for name, review in (("a", True), ("b", False))
    )
    sets = {**WORLD, **dict.fromkeys(NEVER_STOPS, 1.0)}
    run = lab.run(acts(lab), {"book": [one, other]}, sets=sets, **SMALL)
    assert lab.count(run, "reviewed").tolist() == lab.count(run, "review_stopped").tolist()
    listed = lab.count(run, "listed").reshape(-1, 4)
    assert listed[0].sum() == 0
    assert (listed[1] > 0).all()


def test_a_grade_that_review_lets_pass_is_not_listed_for_the_year(lab: Lab) -> None:
    """What an officer found of somebody's grade holds for the calendar year."""
    book = [
        lab.scale(100),
        lab.rule("grade", "low", grade="Low", at_least=-10_000),
        lab.rule("grade", "good", grade="Good", at_least=100),
        lab.points("debt", points=-5),
        lab.register(
            grounds=[{"id": "low", "grade_at_most": "Low"}],
            term={"until": "grade_recovers"},
            human_review=True,
        ),
    ]
    sets = {**NEVER_STOPS, "process.review_errs": 0.5}
    run = lab.run([lab.act("debt")], {"book": book}, sets=sets, **SMALL)
    outcome, low = run.world.outcome, run.world.state.grade[:, 1, 0] == 0
    kept = run.world.rows.kind == 1
    # Half of those who fell are never listed, though they are looked at month after month.
    never = (outcome.listings[:, 1] == 0) & low & kept
    lab.assert_share(int(never.sum()), int((low & kept).sum()), 0.5)
    assert lab.total(run, "reviewed") > 2 * int((low & kept).sum())


def test_what_officials_want_is_not_reviewed(lab: Lab) -> None:
    """A listing without a ground passes no officer who looks for one."""
    talk = lab.act("talk", "chilled", culpable=False, seen_by={"camera": 0.0})
    book = [
        lab.register("talk", human_review=True, measures=[
            {"counter": "counter0", "reaches": "person"}
        ])
    ]  # fmt: skip
    sets = {"threats.opponents_listed_per_year": 12, **dict.fromkeys(NEVER_STOPS, 1.0)}
    run = lab.run([talk], {"book": book}, sets=sets, **SMALL)
    assert lab.total(run, "reviewed") == 0
    assert lab.total(run, "listed") == lab.total(run, "opponents_listed") > 0


def test_a_red_list_has_nothing_to_review(lab: Lab) -> None:
    """An honour needs no officer who protects from it; a rulebook that says so is refused."""
    book = [lab.register("deed", colour="red", human_review=True, notice={"required": False})]
    with pytest.raises(
        BadInput, match="a red list has nothing to contest, to perform or to review"
    ):
        lab.experiment([lab.act("deed")], {"book": book}, **SMALL)


def test_reviewed_people_are_the_twins_of_the_unreviewed(lab: Lab, twins: type[Twins]) -> None:
    """Review takes listings away and gives nobody one; acts and entries stay."""
    books = {"off": [listing(lab)], "on": [listing(lab, human_review=True)]}
    arms: dict[str, Any] = {name: ((name,), {}) for name in books}
    sets = {**WORLD, **dict.fromkeys(NEVER_STOPS, 0.5)}
    run = lab.run(acts(lab), books, arms, sets=sets, **SMALL)
    both = twins(run)
    both.assert_falls("listings")
    both.assert_same("entries", "acts_culpable", "gravity_yuan")
    days = np.array([both.read("listed_days", name).sum() for name in ("off", "on")])
    assert 0 < days[1] < days[0]
