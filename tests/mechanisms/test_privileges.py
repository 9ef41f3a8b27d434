"""Privileges: what a high grade opens, what is bought for it, who keeps their friends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import yaml

from glasshouse.law.rooms import packaged_root
from glasshouse.stages.society.society_kernel import BORROWER, DRIVER, EMPLOYED, ONLINE

if TYPE_CHECKING:
    from tests.engine.conftest import Lab
    from tests.mechanisms.conftest import Twins


def graded(lab: Lab, *others: Any, cut: int = 995) -> list[Any]:
    """Give a scale with two grades; a slip costs ten points."""
    return [
        lab.scale(1000),
        lab.rule("grade", "low", grade="Low", at_least=-20000),
        lab.rule("grade", "high", grade="High", at_least=cut),
        lab.points("slip", name="slip", points=-10),
        *others,
    ]


def test_m48_friends_leave_a_low_scorer(lab: Lab, twins: type[Twins]) -> None:
    """M48: whose low grade everyone sees is left by friends; whose grade is their own is not."""
    books = {
        name: graded(lab, lab.rule("visibility", seen_by=name)) for name in ("self", "everyone")
    }
    leave = {"response.friends_leave": 0.8}
    run = lab.run(
        [lab.act("slip", per_year=1)],
        books,
        {"off": (("self",), leave), "on": (("everyone",), leave), "stay": (("everyone",), {})},
        people=4096,
        community_size=256,
    )
    both = twins(run)
    both.assert_rises("friendless_days")
    both.assert_same("score_points", "grade", "acts_culpable", "means")
    alone = both.read("friendless_days", "on")
    assert not alone[both.read("grade", "on")[:, 0] == 1].any()
    assert not both.read("friendless_days", "off").any()
    assert not both.read("friendless_days", "stay").any()
    # Of two friends both leave in 0.8 x 0.8 of the cases, and whoever is left is left for good.
    rows = both.run.world.rows
    here = np.arange(256)[None]
    two = (rows.friend_before != rows.friend_after) & (rows.friend_before != here)
    low = (both.read("grade", "on")[:, 0] == 0) & two & (rows.kind == 1)
    lab.assert_share((alone[low] > 0).sum(), low.sum(), 0.64)


def test_m65_who_has_means_buys_the_points_back(lab: Lab, twins: type[Twins]) -> None:
    """M65: paid-for acts go with means, so the rich climb out of the low grade and the poor stay.

    Nobody pays at no means; the rate at even means is the one that the act says.
    """
    gift = lab.act("gift", "afforded", culpable=False, per_year=6, seen_by={"bank": 1.0})
    books = {
        "off": graded(lab),
        "on": graded(lab, lab.points("gift", name="gift", points=3)),
    }
    game = {"response.gaming_gain": 3, "response.gaming_per_year": 0.9}
    run = lab.run(
        [lab.act("slip", per_year=2), gift],
        books,
        {"off": (("off",), {}), "on": (("on",), {})},
        sets=game,
        people=8192,
        community_size=256,
    )
    both = twins(run)
    both.assert_rises("acts_praised")
    both.assert_rises("score_points")
    both.assert_same("acts_culpable", "means")
    rows = both.run.world.rows
    adult = (rows.kind == 1) & (rows.birth_month <= -18 * 12)
    gifts, means = both.read("acts_praised", "off"), rows.means_start.astype(float) / 65536
    lab.assert_poisson(int(gifts[adult].sum()), float((12 * means[adult]).sum()) * 366 / 365.2425)
    rich, poor = adult & (means > 0.75), adult & (means < 0.25)
    climbed = both.read("grade", "on")[:, 0] - both.read("grade", "off")[:, 0]
    assert climbed[rich].mean() > 1.5 * climbed[poor].mean() > 0


def test_m44_who_goes_first_makes_somebody_else_wait(lab: Lab, twins: type[Twins]) -> None:
    """M44: a high grade goes to the front; the turns that others wait are the places jumped."""
    first = lab.rule("privilege", grade="High", counters=["counter0"])
    run = lab.run(
        [lab.act("slip", per_year=1)],
        {"off": graded(lab), "on": graded(lab, first)},
        {"off": (("off",), {}), "on": (("on",), {})},
        sets={"counters.counter0.attempts_per_year": 2},
        counters_said={"counter0": {"queue": True}},
        people=8192,
        community_size=256,
    )
    both = twins(run)
    both.assert_rises("waits")
    both.assert_same("score_points", "acts_culpable", "refusals", "means")
    waits, jumped = both.read("waits", "on"), both.read("privileges", "on")
    places = both.count("places_jumped", "on")[0]
    assert waits.sum() == places == both.count("waits", "on")[0]
    # Where nobody waits nobody is gone before: at first hardly anybody has slipped.
    assert 0.7 * jumped.sum() < places <= jumped.sum()
    assert not both.read("waits", "off").any()
    low = both.read("grade", "on")[:, 0] == 0
    assert waits[low].mean() > waits[~low].mean()


def test_m63_benefits_are_finite_and_punishments_take_their_place(
    lab: Lab, twins: type[Twins]
) -> None:
    """M63: with more holders each gets less of the same places; from a day on the list remains."""
    gives = lab.rule("privilege", grade="High", counters=["counter0"], places_per_1000=300)
    closes = lab.register(
        "slip",
        term={"days": 3000},
        measures=[{"counter": "counter1", "reaches": "person"}],
        **{"from": "2021-01-01"},
    )
    books = {
        "few": graded(lab, gives, cut=1000),
        "many": graded(lab, gives, cut=960),
        "turns": graded(lab, {**gives, "until": "2021-01-01"}, closes, cut=960),
    }
    run = lab.run(
        [lab.act("slip", per_year=2)],
        books,
        {name: ((name,), {}) for name in books},
        sets={
            "counters.counter0.attempts_per_year": 6,
            "counters.counter1.attempts_per_year": 6,
        },
        people=8192,
        community_size=256,
        years=2,
    )
    granted = np.array([r.counts.privileges.sum(axis=1)[:, 0] for r in run.history])
    denied = np.array([r.counts.privileges_denied.sum(axis=1)[:, 0] for r in run.history])
    # Of a steady number of claims the places of a year are served: 0.3 for each of 8,192 persons.
    for arm in (1, 2):
        lab.assert_share(
            granted[12:, arm].sum(), (granted + denied)[12:, arm].sum(),
            8192 * 0.3 / (granted + denied)[12:, arm].sum(),
        )  # fmt: skip
    served = granted[12:].sum(axis=0) / (granted + denied)[12:].sum(axis=0).clip(1)
    assert served[2] < 0.9 * served[1]
    both = twins(run, off="many", on="turns")
    both.assert_falls("privileges")
    both.assert_rises("refusals")
    both.assert_same("acts_culpable", "score_points")
    refused = np.array([r.counts.refusals.sum(axis=(1, 2))[3] for r in run.history])
    assert not refused[:12].any()
    assert not granted[12:, 3].any()
    assert refused[14:].all()


def test_m100_a_thin_file_is_served_or_refused(lab: Lab, twins: type[Twins]) -> None:
    """M100: only borrowers have a score; of others nothing is held, and that is held against them.

    A score that covers borrowers leaves the entries of others without points.
    """
    closes = lab.register(
        name="low",
        grounds=[{"id": "low", "grade_at_most": "Low"}],
        measures=[{"counter": "counter0", "reaches": "person"}],
    )
    run = lab.run(
        [lab.act("slip", per_year=1)],
        {name: graded(lab, closes, cut=960) for name in ("served", "refused")},
        {"off": (("served",), {}), "on": (("refused",), {})},
        sets={"counters.counter0.attempts_per_year": 3},
        headers={
            "served": {"covers": "borrower"},
            "refused": {"covers": "borrower", "thin_file": "refused"},
        },
        people=8192,
        community_size=256,
    )
    both = twins(run)
    both.assert_rises("refusals")
    both.assert_rises("burden_yuan")
    both.assert_same("score_points", "listings", "acts_culpable", "entries")
    rows = run.world.rows
    borrower = (rows.exposure & BORROWER) > 0
    refused = both.read("refusals", "on") > both.read("refusals", "off")
    assert not (refused & borrower).any()
    assert not both.read("listings", "on")[~borrower].any()
    assert (both.read("score_points", "on")[:, 0][~borrower] == 1000).all()
    last = run.history[-1].counts
    assert last.scored[2].sum() == (borrower & (rows.kind == 1)).sum()
    assert (refused & ~borrower).sum() > 0.5 * (~borrower & (rows.birth_month < -240)).sum()


COUNTERS = yaml.safe_load(
    (packaged_root() / "assumptions" / "counters.yaml").read_text(encoding="utf-8")
)["counters"]
PLACES = {counter["id"]: place for place, counter in enumerate(COUNTERS)}
EXPOSED = {"online": ONLINE, "borrower": BORROWER, "employed": EMPLOYED, "driver": DRIVER}
OPENED = {
    "m42": ("partner_search",),
    "m43": ("deposit", "hotel", "rental_car"),
    "m45": ("visa", "leaving_country"),
    "m47": ("job", "promotion"),
    "m82": ("heating", "loan_terms", "startup_aid", "scholarship", "ticket_upgrade", "transit"),
}
CLOSED = {
    "m39": ("admission",),
    "m45": ("leaving_country",),
    "m46": ("hotel",),
    "m47": ("job", "public_office", "promotion"),
    "m48": ("rental_home", "rental_car"),
    "m49": ("dog",),
    "m81": tuple(PLACES),
    "m83": ("loan", "loan_terms"),
}


@pytest.fixture(scope="module")
def doors(lab: Lab) -> Any:
    """A run in which one arm after another opens, or closes, the counters of one row.

    Whoever slips is on a list, and whoever has not is in the high grade: of the same people.
    """
    listed: dict[str, Any] = {"term": {"days": 3000}, "published": True}
    books = {"off": graded(lab, lab.register("slip", **listed))}
    for row, names in OPENED.items():
        opened = [f"counter{PLACES[name]}" for name in names]
        gift = lab.rule("privilege", grade="High", counters=opened)
        books[f"open-{row}"] = graded(lab, lab.register("slip", **listed), gift)
    for row, names in CLOSED.items():
        bars = [{"counter": f"counter{PLACES[name]}", "reaches": "person"} for name in names]
        books[f"close-{row}"] = graded(lab, lab.register("slip", **listed, measures=bars))
    asked = ("needs", "child_ages", "context")
    return lab.run(
        [lab.act("slip", per_year=1)],
        books,
        {name: ((name,), {}) for name in books},
        sets={f"counters.counter{n}.attempts_per_year": 6 for n in range(len(PLACES))},
        counters=len(PLACES),
        counters_said={
            f"counter{n}": {key: counter[key] for key in asked if key in counter}
            for n, counter in enumerate(COUNTERS)
        },
        people=4096,
        community_size=256,
    )


def assert_only(both: Twins, names: tuple[str, ...], count: str, outcome: str) -> None:
    """Assert that a count moves at every named counter and no other, for people exposed to it."""
    moved = both.count(count, both.on)
    assert set(np.flatnonzero(moved)) == {PLACES[name] for name in names}
    assert not both.count(count, both.off).any()
    both.assert_rises(outcome)
    both.assert_same("score_points", "acts_culpable", "entries", "listings", "listed_days")
    needed = [EXPOSED.get(COUNTERS[PLACES[name]]["needs"], 0) for name in names]
    reached = both.run.world.rows.exposure[both.read(outcome, both.on) > 0]
    assert np.logical_or.reduce([(reached & bits) == bits for bits in needed]).all()


@pytest.mark.parametrize("row", OPENED)
def test_m42_m43_m45_m47_m82_a_high_grade_opens_its_counters_and_no_other(
    doors: Any, twins: type[Twins], row: str
) -> None:
    """M42, M43, M45, M47, M82: the counters of the row, the people of the grade, nothing else."""
    both = twins(doors, on=f"open-{row}")
    assert_only(both, OPENED[row], "privileges", "privileges")
    both.assert_same("refusals", "means")


@pytest.mark.parametrize("row", CLOSED)
def test_m39_m45_m46_m47_m48_m49_m81_m83_a_listing_closes_its_counters_and_no_other(
    doors: Any, twins: type[Twins], row: str
) -> None:
    """M39, M45 to M49, M81, M83: the counters of the row, the listed, nothing else; M81: all."""
    both = twins(doors, on=f"close-{row}")
    assert_only(both, CLOSED[row], "attempts", "refusals")
    both.assert_same("privileges")
    assert not both.read("refusals", both.on)[both.read("listings", both.on) == 0].any()


def test_m81_one_listing_brings_all_measures(doors: Any, twins: type[Twins]) -> None:
    """M81: under joint punishment the same listing is felt in every context of life."""
    one, all_of_them = (twins(doors, on=f"close-{row}") for row in ("m46", "m81"))
    assert np.array_equal(one.read("listings", one.on), all_of_them.read("listings", "close-m81"))
    felt = (all_of_them.read("burden_yuan", "close-m81") > 0).sum(axis=1)
    hurt = (one.read("burden_yuan", one.on) > 0).sum(axis=1)
    assert hurt.max() == 1
    assert felt.max() == len({counter["context"] for counter in COUNTERS})
    lists, listed = all_of_them.count("attempts", "close-m81"), one.count("attempts", one.on)
    assert lists[PLACES["hotel"]] == listed[PLACES["hotel"]]
