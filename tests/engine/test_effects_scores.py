"""Scores, off and on: points, ties, retention, overrides, grades, officers, kinds of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.simulation import Simulation
from glasshouse.stages.scoring.scoring_kernel import N_GRADES

if TYPE_CHECKING:
    from tests.engine.conftest import Lab

    from glasshouse.engine.drivers import Driver

FIRST_YEAR = {"until": "2021-01-01"}


def sums(run: Simulation, arm: int = 1, instrument: int = 0) -> Any:
    """Give the points on every row's ledger, [community, slot]."""
    cells = run.plan.sizes.ring * 4
    first = instrument * cells
    ledger: Any = run.world.state.ledger_points[:, arm, first : first + cells]
    return ledger.astype(int).sum(axis=1)


def monthly(run: Simulation, name: str, arm: int = 1) -> list[int]:
    """Give a count of an arm at the end of each step."""
    return [int(getattr(record.counts, name)[arm].sum()) for record in run.history]


@pytest.mark.parametrize("ties", ["household", "friends"])
def test_a_tie_s_shortfall_moves_one_s_own_score(lab: Lab, compiled: Driver, ties: str) -> None:
    """By the share of the mean shortfall that ties published a step before, and by nothing else."""
    acts = [lab.act("plain", per_year=1)]
    book = [
        lab.scale(),
        lab.points("plain", points=-40),
        lab.rule("association", ties=ties, share=0.25),
    ]
    plan = make_plan(lab.experiment(acts, {"book": book}, people=4096, community_size=256))
    run = lab.finished(plan, compiled, steps=5)
    before = run.world.state.score_points[:, 1, 0].astype(int).copy()
    run.advance()
    after, own = run.world.state.score_points[:, 1, 0].astype(int), sums(run)
    shortfall, rows = np.minimum(before - 1000, 0), run.world.rows
    moved = 0
    for community, slot in np.ndindex(after.shape):
        if ties == "household":
            first = int(rows.household_first[community, slot])
            size = int(rows.household_size[community, slot])
            there = shortfall[community, first : first + size].sum() - shortfall[community, slot]
            others = max(size - 1, 1)
        else:
            around = (rows.friend_before[community, slot], rows.friend_after[community, slot])
            there, others = sum(int(shortfall[community, tie]) for tie in around), 2
        lost = (-there // others) * 16384 >> 16
        assert after[community, slot] == 1000 + own[community, slot] - lost
        moved += lost > 0
    assert moved > 100


def test_without_association_only_one_s_own_entries_count(lab: Lab) -> None:
    """A score is the start and the row's own ledger, within floor and cap."""
    book = [
        lab.scale(50, 0, 60),
        lab.points("plain", points=-10),
        lab.points("deed", name="d", points=3),
    ]
    acts = [lab.act("plain", per_year=2), lab.act("deed")]
    run = lab.run(acts, {"book": book}, people=16_384, years=3)
    score = run.world.state.score_points[:, 1, 0]
    assert np.array_equal(score, np.clip(50 + sums(run), 0, 60))
    assert (score.min(), score.max()) == (0, 60)


@pytest.mark.parametrize("years", [0, 1, 2])
def test_points_count_to_the_end_of_the_year_that_the_law_says(lab: Lab, years: int) -> None:
    """Entries of 2020 weigh until the end of 2020 + n, then not at all; for good if so said."""
    kept = lab.rule("retention", years=years)
    book = [lab.scale(), {**lab.points("plain", points=-5), **FIRST_YEAR}, kept]
    forever = [lab.scale(), {**lab.points("plain", points=-5), **FIRST_YEAR}]
    run = lab.run(
        [lab.act("plain")],
        {"book": book, "forever": forever},
        {"some": (("book",), {}), "good": (("forever",), {})},
        years=4,
        people=16_384,
    )
    start = 1000 * int(run.history[0].counts.scored[1].sum())
    lost = 5 * lab.total(run, "entries")
    last = 12 * (years + 1)
    found = [start - total for total in monthly(run, "score_sum")]
    assert found[11:last] == [lost] * (last - 11)
    assert found[last:] == [0] * (48 - last)
    assert [start - total for total in monthly(run, "score_sum", 2)][11:] == [lost] * 37


@pytest.mark.parametrize(("first", "then"), [(2, 1), (1, 2), (3, 0), (0, 3)])
def test_a_law_that_changes_how_long_points_count_decides_at_each_new_year(
    lab: Lab, first: int, then: int
) -> None:
    """What is older than the law in force on the first of January allows falls out, no more."""
    kept = [
        {**lab.rule("retention", "before", years=first), "until": "2021-01-01"},
        {**lab.rule("retention", "after", years=then), "from": "2021-01-01"},
    ]
    book = [lab.scale(), {**lab.points("plain", points=-5), **FIRST_YEAR}, *kept]
    run = lab.run([lab.act("plain")], {"book": book}, years=5, people=4096)
    start = 1000 * int(run.history[0].counts.scored[1].sum())
    found = [start - total > 0 for total in monthly(run, "score_sum")]
    assert found[11:] == [at < 12 * (then + 1) for at in range(11, 60)]


@pytest.mark.parametrize("months", [1, 3])
def test_an_override_holds_the_grade_whatever_the_score(lab: Lab, months: int) -> None:
    """Through the calendar month in which it runs out, for whoever had the act, and nobody else."""
    held = {"grade": "Low", "months": months}
    book = [
        lab.scale(),
        lab.rule("grade", "good", grade="Good", at_least=0),
        lab.rule("grade", "low", grade="Low", at_least=-20000),
        {**lab.points("brawl", points=-1, overrides_grade=held), "until": "2020-02-01"},
        lab.points("never", name="never", points=-1),
    ]
    acts = [lab.act("brawl"), lab.act("never", per_year=0.001, seen_by={"camera": 0})]
    run = lab.run(acts, {"book": book}, people=16_384)
    low = [int(record.counts.grades[1].sum(axis=0)[0]) for record in run.history]
    brawlers = int((run.world.outcome.entries[:, 1] > 0).sum())
    assert low == [brawlers] * (months + 1) + [0] * (11 - months)
    assert brawlers > 100


def test_a_grade_by_share_holds_at_most_its_share(lab: Lab) -> None:
    """Once scores stand still, a tenth or less is in it, and one bin lower would be more."""
    book = [
        lab.scale(100, 0, 200),
        lab.rule("grade", "best", grade="Best", quantile=0.1),
        lab.rule("grade", "rest", grade="Rest", at_least=0),
        {**lab.points("plain", points=3), "until": "2020-07-01"},
    ]
    run = lab.run([lab.act("plain", per_year=20)], {"book": book}, people=16_384)
    persons = run.world.rows.kind == 1
    scores = run.world.state.score_points[:, 1, 0][persons]
    record = run.history[-1]
    cut = int(record.institutions.grade_cut[1, 1])
    best = int(record.counts.grades[1].sum(axis=0)[1])
    assert best == (scores >= cut).sum() <= 0.1 * len(scores)
    assert (scores >= cut - 3).sum() > 0.1 * len(scores)
    assert best > 0
    grades = run.world.state.grade[:, 1, 0][persons]
    assert np.array_equal(grades == 1, scores >= cut)


def test_a_grade_by_points_is_where_the_points_are(lab: Lab) -> None:
    """Everybody's grade is the highest whose points the score reaches."""
    book = [
        lab.scale(100, 0, 200),
        lab.rule("grade", "a", grade="A", at_least=95),
        lab.rule("grade", "b", grade="B", at_least=80),
        lab.rule("grade", "c", grade="C", at_least=0),
        lab.points("plain", points=-5),
    ]
    run = lab.run([lab.act("plain")], {"book": book}, people=16_384)
    scores = run.world.state.score_points[:, 1, 0]
    grade = (scores >= 80).astype(int) + (scores >= 95)
    assert np.array_equal(run.world.state.grade[:, 1, 0], grade)
    assert set(np.unique(grade)) == {0, 1, 2}
    counted = run.history[-1].counts.grades[1].sum(axis=0)[:N_GRADES]
    assert counted[:3].tolist() == np.bincount(grade[run.world.rows.kind == 1]).tolist()


def test_officers_stay_within_the_range_and_lean_the_same_in_every_arm(lab: Lab) -> None:
    """One of the office's few officers decides; another arm's rules elsewhere change nothing."""
    acts, book = [lab.act("brawl", per_year=1)], [lab.scale(), lab.points("brawl", range=[-20, -2])]
    run = lab.run(
        acts,
        {"book": book, "other": [lab.register("brawl")]},
        {"one": (("book",), {}), "two": (("book", "other"), {"process.notice_reaches": 0.3})},
        sets={"process.officers_per_office": 3},
    )
    points, entries = sums(run), run.world.outcome.entries[:, 1].astype(int)
    assert np.array_equal(points, sums(run, 2))
    assert ((points >= -20 * entries) & (points <= -2 * entries)).all()
    county = np.broadcast_to(run.world.place.county[:, None], points.shape)
    single = entries == 1
    chosen = {
        place: set(points[single & (county == place)].tolist()) for place in np.unique(county)
    }
    assert all(1 <= len(values) <= 3 for values in chosen.values())
    assert max(map(len, chosen.values())) == 3
    everything = set().union(*chosen.values())
    assert min(everything) < -15
    assert max(everything) > -7


def test_a_slope_follows_the_trait_and_a_fixed_worth_does_not(lab: Lab) -> None:
    """Base + slope x eighth on average, within the noise each time."""
    slope = {"trait": "altruism", "per_eighth": 3, "noise": 4, "base": 2}
    acts = [lab.act("deed", per_year=1)]
    run = lab.run(acts, {"book": [lab.scale(), lab.points("deed", slope=slope)]}, people=262_144)
    points, entries = sums(run), run.world.outcome.entries[:, 1]
    single = entries == 1
    rest = (points - 2 - 3 * (run.world.rows.altruism >> 13))[single]
    assert set(np.unique(rest)) == set(range(-4, 5))
    lab.assert_mean(rest, 0)


def test_each_kind_of_row_has_its_own_instrument(lab: Lab) -> None:
    """A score of persons leaves enterprises alone, and a rating of enterprises the persons."""
    acts = [lab.act("plain"), lab.act("fault", who="enterprise", per_year=6)]
    run = lab.run(
        acts,
        {
            "civic": [lab.scale(), lab.points("plain", points=-1)],
            "rating": [lab.scale(50), lab.points("fault", points=-2)],
        },
        enterprises=0.03,
        enterprise_books=("rating",),
        people=65_536,
    )
    kind, last = run.world.rows.kind, run.history[-1].counts
    assert last.scored[1].sum(axis=0).tolist() == [(kind == 1).sum(), (kind == 2).sum()]
    entries = run.world.outcome.entries[:, 1].astype(int)
    for instrument, row, each in ((0, 1, -1), (1, 2, -2)):
        points = sums(run, instrument=instrument)
        assert (points[kind != row] == 0).all()
        assert np.array_equal(points[kind == row], each * entries[kind == row])
        assert points.any()


def test_several_scores_of_one_person_stand_apart(lab: Lab) -> None:
    """Two instruments over the same persons: each keeps its own scale, ledger and grade."""
    first = [lab.scale(), lab.points("plain", points=-7)]
    second = [lab.scale(10, 0, 20), lab.points("deed", points=2)]
    run = lab.run(
        [lab.act("plain"), lab.act("deed")],
        {"first": first, "second": second},
        {"both": (("first", "second"), {}), "one": (("first",), {}), "other": (("second",), {})},
        people=16_384,
    )
    assert np.array_equal(sums(run, 1, 0), sums(run, 2, 0))
    assert np.array_equal(sums(run, 1, 1), sums(run, 3, 0))
    assert sums(run, 1, 0).any()
    assert sums(run, 1, 1).any()


def test_a_low_grade_lists_until_it_recovers(lab: Lab) -> None:
    """Below the cut all are listed and nobody above; a new year wipes the slate and ends it."""
    book = [
        lab.scale(100, 0, 200),
        lab.rule("grade", "high", grade="High", at_least=95),
        lab.rule("grade", "low", grade="Low", at_least=0),
        lab.rule("retention", years=0),
        lab.points("plain", points=-5),
        lab.register(
            name="low",
            grounds=[{"id": "low", "grade_at_most": "Low"}],
            term={"until": "grade_recovers"},
        ),
    ]
    run = lab.run([lab.act("plain", per_year=1)], {"book": book}, people=16_384, years=2)
    low = (run.world.state.grade[:, 1, 0] == 0) & (run.world.rows.kind == 1)
    assert np.array_equal(run.world.state.listed[:, 1] & 1 == 1, low)
    left = lab.count(run, "left").reshape(-1, 5).sum(axis=0)
    assert left[4] == left.sum() > 0
    assert lab.count(run, "listed").reshape(-1, 4).sum(axis=0)[1:].sum() == 0


def test_who_fell_by_others_acts_is_listed_as_not_theirs(lab: Lab) -> None:
    """A grade that only mistakes brought low lists under their label."""
    book = [
        lab.scale(100, 0, 200),
        lab.rule("grade", "high", grade="High", at_least=95),
        lab.rule("grade", "low", grade="Low", at_least=0),
        lab.points("plain", points=-10),
        lab.register(
            name="low",
            grounds=[{"id": "low", "grade_at_most": "Low"}],
            term={"until": "grade_recovers"},
        ),
    ]
    sets = {"detection.camera.wrong_person": 0.5}
    run = lab.run([lab.act("plain", per_year=0.3)], {"book": book}, sets=sets, people=65_536)
    outcome = run.world.outcome
    first = outcome.entries[:, 1] == 1
    theirs = outcome.entries_not_theirs[:, 1] == 0
    assert (outcome.listed_days[:, 1, 1][first & theirs] == 0).all()
    assert (outcome.listed_days[:, 1, 0][first & ~theirs] == 0).all()
    assert (outcome.listed_days[:, 1, 1][first & ~theirs] > 0).any()


def test_a_privilege_comes_with_its_grade(lab: Lab) -> None:
    """Whoever reaches the grade is favoured at its counters, whoever does not is not."""
    book = [
        lab.scale(100),
        lab.rule("grade", "best", grade="Best", at_least=105),
        lab.rule("grade", "rest", grade="Rest", at_least=0),
        lab.points("deed", points=5),
        lab.rule("privilege", grade="Best", counters=["counter1"]),
    ]
    sets = {"counters.counter0.attempts_per_year": 12, "counters.counter1.attempts_per_year": 12}
    run = lab.run([lab.act("deed", per_year=1)], {"book": book}, sets=sets, people=16_384)
    privileges = run.world.outcome.privileges[:, 1]
    assert (privileges[run.world.outcome.entries[:, 1] == 0] == 0).all()
    assert privileges.any()
    assert lab.count(run, "privileges")[0] == 0
    assert lab.total(run, "refusals") == 0
