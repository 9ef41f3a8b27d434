"""Points: what they start from and where they end."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.engine.journal import ENTRY, SCORE
from glasshouse.engine.replay import replay

if TYPE_CHECKING:
    from tests.engine.conftest import Lab
    from tests.mechanisms.conftest import Twins


def test_m04_everybody_starts_with_the_endowment(lab: Lab, twins: type[Twins]) -> None:
    """M04: with a start of 500 instead of 1000 every score is 500 lower, and no act changes."""
    acts = [lab.act("plain")]
    books = {
        "high": [lab.scale(1000), lab.points("plain", points=-1)],
        "low": [lab.scale(500), lab.points("plain", points=-1)],
    }
    run = lab.run(acts, books, {"off": (("high",), {}), "on": (("low",), {})}, people=8192)
    both = twins(run)
    scored = run.world.rows.kind == 1
    fall = both.read("score_points", "off")[:, 0] - both.read("score_points", "on")[:, 0]
    assert (fall[scored] == 500).all()
    both.assert_same("acts_culpable", "entries")


def test_m01_a_whole_life_is_one_number(lab: Lab) -> None:
    """M01: acts of every domain of life move one and the same number, and nothing else does."""
    worth = {"tax": -7, "bill": -3, "deed": 4, "light": -2}
    domains = ("administrative", "commercial", "social", "law_enforcement")
    acts = [
        lab.act(name, domain=domain) for name, domain in zip(worth, domains, strict=True)
    ]  # fmt: skip
    book = [lab.scale(1000)]
    book += [
        lab.points(name, name=f"{name}-points", points=points) for name, points in worth.items()
    ]
    run = lab.run(acts, {"one": book}, people=8192)
    entries = lab.count(run, "entries")[: len(acts)]
    moved = int((entries * np.array(list(worth.values()))).sum())
    scores = run.world.state.score_points[:, 1].astype(np.int64)
    assert scores.shape[1] == 1
    persons = run.world.rows.kind == 1
    assert (scores[:, 0][persons] - 1000).sum() == moved
    assert (entries > 0).all()
    # Every kind of act moves it by itself.
    assert {int(score - 1000) for score in np.unique(scores[:, 0][persons])} >= set(worth.values())


def test_m02_the_number_moves_on_the_day_of_the_entry(lab: Lab) -> None:
    """M02: followed day by day, a score moves on days with an entry, and by what the entry says."""
    acts = [lab.act("slip", per_year=6.0), lab.act("deed", per_year=6.0)]
    book = [
        lab.scale(1000),
        lab.points("slip", name="minus", points=-5),
        lab.points("deed", name="plus", points=2),
    ]
    plan = lab.plan(acts, {"book": book}, people=256, community_size=256, step="day")
    run = lab.finished(plan, lab.compiled)
    events = replay(plan, [record.institutions for record in run.history], 0)
    days: dict[tuple[int, int], int] = defaultdict(int)
    for event in events:
        if event.arm == 1 and event.what == ENTRY:
            days[event.slot, event.day] += (-5, 2)[event.first]
    scores: dict[int, int] = defaultdict(lambda: 1000)
    drawn = {
        (event.slot, event.day): event.second
        for event in events
        if event.arm == 1 and event.what == SCORE
    }
    assert len(drawn) > 500
    for slot, day in sorted(days, key=lambda place: place[1]):
        scores[slot] += days[slot, day]
        if days[slot, day]:
            assert drawn.pop((slot, day)) == scores[slot]
    assert drawn == {}
    ends = run.world.state.score_points[0, 1, 0]
    assert all(ends[slot] == score for slot, score in scores.items())


def test_m52_a_ticket_is_small_and_drunk_driving_drops_the_grade(
    lab: Lab, twins: type[Twins]
) -> None:
    """M52: the same points, but with the override the grade falls at once, whatever the number."""
    acts = [lab.act("ticket"), lab.act("drunk", per_year=0.2)]

    def book(**override: Any) -> list[Any]:
        return [
            lab.scale(1000),
            lab.rule("grade", "low", grade="C", at_least=-20_000),
            lab.rule("grade", "fair", grade="B", at_least=850),
            lab.points("ticket", name="small", points=-5),
            lab.points("drunk", name="plummet", points=-50, **override),
        ]

    books = {"off": book(), "on": book(overrides_grade={"grade": "C", "months": 12})}
    arms: Any = {name: ((name,), {}) for name in books}
    run = lab.run(acts, books, arms, people=16_384, community_size=512)
    both = twins(run)
    both.assert_same("score_points", "entries", "acts_culpable")
    person = run.world.rows.kind == 1
    score = both.read("score_points", "on")[:, 0][person]
    grade = {arm: both.read("grade", arm)[:, 0][person] for arm in books}
    assert ((grade["off"] == 0) == (score < 850)).all()
    assert ((grade["on"] < grade["off"]) <= (score <= 950)).all()
    fallen = (grade["on"] == 0) & (score >= 850)
    drunk = int(lab.count(run, "entries", 2)[1])
    # Within a year everybody written down for it is held down: more than by any number of tickets.
    assert 0.9 * drunk < fallen.sum() <= drunk
    assert (grade["off"] == 0).sum() < fallen.sum() / 10


def test_m90_a_number_below_zero_needs_a_scale_without_a_floor(
    lab: Lab, twins: type[Twins]
) -> None:
    """M90: without a floor a number may be minus 200; with one it is 0, and so are all below it."""
    acts = [lab.act("slip", per_year=6.0), lab.act("deed", per_year=2.0)]

    def book(floor: int | None) -> list[Any]:
        return [
            lab.scale(100, floor=floor),
            lab.points("slip", name="minus", points=-40),
            lab.points("deed", name="plus", points=10),
        ]

    books = {"off": book(0), "on": book(None)}
    arms: Any = {name: ((name,), {}) for name in books}
    run = lab.run(acts, books, arms, people=8192, community_size=256)
    both = twins(run)
    both.assert_same("acts_culpable", "entries")
    both.assert_falls("score_points", 0)
    floored, free = (both.read("score_points", arm)[:, 0] for arm in ("off", "on"))
    persons = run.world.rows.kind == 1
    assert (floored[persons] == np.maximum(free, 0)[persons]).all()
    assert free[persons].min() <= -200
