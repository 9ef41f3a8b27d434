"""Consequences: what a listing or an entry closes, takes and keeps people from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from tests.engine.conftest import quantity

from glasshouse.stages.society.society_kernel import CHILD, EMPLOYED, HEAD, PARENT_FAR, PARTNER

if TYPE_CHECKING:
    from tests.engine.conftest import Lab
    from tests.mechanisms.conftest import Twins

SCHOOL = {"needs": "parent", "child_ages": [6, 17]}


def closing(lab: Lab, *counters: str, by: str = "slip", **said: Any) -> Any:
    """Give a list that an act grounds and that closes counters for good."""
    measures = [{"counter": counter, "reaches": "person"} for counter in counters]
    return lab.register(by, **{"term": {"days": 3000}, "measures": measures, **said})


def often(*counters: str, times: float = 12.0) -> dict[str, float]:
    """Let everybody come to counters many times a year."""
    return {f"counters.{counter}.attempts_per_year": times for counter in counters}


def test_m18_office_is_barred_to_those_in_work_and_tickets_until_the_debt_is_repaid(
    lab: Lab, twins: type[Twins]
) -> None:
    """M18: a debtor's post and tickets are barred; who pays is free, who does not is not."""
    debtors = closing(
        lab, "counter0", by="debt", term={"until": "performed"}, performance={"deletes": True}
    )
    tickets = closing(
        lab, "counter1", by="debt", term={"until": "performed"}, performance={"deletes": True}
    )
    pays, owes = {"process.perform_per_year": 6.0}, {"process.perform_per_year": 0.0}
    run = lab.run(
        [lab.act("debt", debt=True, per_year=1)],
        {"office": [debtors], "tickets": [tickets]},
        {
            "post": (("office",), owes),
            "off": (("tickets",), pays),
            "on": (("tickets",), owes),
        },
        sets=often("counter0", "counter1", times=6),
        counters_said={"counter0": {"needs": "employed"}},
        people=8192,
        community_size=256,
    )
    barred = run.world.outcome.refusals[:, 1] > 0
    assert barred.any()
    assert ((run.world.rows.exposure & EMPLOYED) > 0)[barred].all()
    both = twins(run)
    both.assert_rises("refusals")
    both.assert_rises("listed_days")
    both.assert_same("acts_culpable", "entries")


def test_m35_who_may_not_travel_cannot_visit_parents(lab: Lab, twins: type[Twins]) -> None:
    """M35: barred from trains, they visit less, and the visit not made is one they could not make.

    Nobody else visits less, and fear of the rule cannot help those who are barred.
    """
    lost: dict[str, Any] = {"needs_counter": "counter0", "without": quantity(0, 1)}
    acts = [
        lab.act("slip", per_year=2),
        lab.act("visit", "rewarded", culpable=False, who="parent_elsewhere", per_year=12, **lost),
        lab.act("unvisited", who="parent_elsewhere", per_year=4, omission=True, **lost),
    ]
    book = [lab.scale(), lab.points("unvisited", points=-5), closing(lab, "counter0")]
    share = {"acts.visit.without": 1.0, "acts.unvisited.without": 1.0}
    run = lab.run(
        acts,
        {"book": book},
        {"off": (("book",), {}), "on": (("book",), share)},
        people=16_384,
        community_size=512,
    )
    both = twins(run)
    both.assert_falls("acts_praised")
    both.assert_same("listings", "score_points", "entries")
    fewer = both.read("acts_praised", "on") < both.read("acts_praised", "off")
    rows = run.world.rows
    assert (both.read("listings", "on") > 0)[fewer].all()
    assert ((rows.exposure & PARENT_FAR) > 0)[fewer].any()
    could_not = both.count("entries_by_label", "on")[2]
    assert could_not > 1000
    assert both.count("entries_by_label", "off")[2] == 0
    # Before the listing the visit could have been made: not all of it is excused.
    assert could_not < both.count("entries", "on")[2]


def test_m38_a_throttled_line_loses_good_and_bad_acts_alike(lab: Lab, twins: type[Twins]) -> None:
    """M38: where the line is slow half of what is done online is not done, and nothing else."""
    slow: dict[str, Any] = {
        "needs_counter": "counter0",
        "without": quantity(0.5, 1),
        "per_year": 12,
    }
    acts = [
        lab.act("slip", per_year=100, seen_by={"camera": 1.0}, culpable=False),
        lab.act("rant", **slow),
        lab.act("praise", "rewarded", culpable=False, **slow),
        lab.act("walk", culpable=False, per_year=12),
    ]
    books = {"off": [closing(lab)], "on": [closing(lab, "counter0")]}
    run = lab.run(
        acts,
        books,
        {"off": (("off",), {}), "on": (("on",), {})},
        people=4096,
        community_size=256,
        years=2,
    )
    both = twins(run)
    both.assert_falls("acts_culpable")
    both.assert_falls("acts_praised")
    off, on = both.count("acts", "off"), both.count("acts", "on")
    assert off[0] == on[0]
    assert off[3] == on[3]
    # Everybody is listed in the first days; from the second month on the line is slow.
    later = sum(record.counts.acts[1:].sum(axis=1) for record in run.history[3:])
    plain, slowed = later[:, 1:3].sum(axis=1)
    lab.assert_share(slowed, plain, 0.5)


def school(lab: Lab, act: str) -> Any:
    """Run a world in which an act closes schools to the children of those listed for it."""
    return lab.run(
        [lab.act(act, "strained", per_year=1, seen_by={"utility": 0.5})],
        {"off": [closing(lab, by=act)], "on": [closing(lab, "counter0", by=act)]},
        {"off": (("off",), {}), "on": (("on",), {})},
        sets=often("counter0", times=3),
        counters_said={"counter0": SCHOOL},
        people=8192,
        community_size=256,
    )


def test_m40_a_private_school_closes_to_a_child_of_the_listed(lab: Lab, twins: type[Twins]) -> None:
    """M40: refused are listed parents of a child of school age, and nobody without one."""
    both = twins(school(lab, "debt"))
    both.assert_rises("places_lost")
    both.assert_same("listings", "acts_culpable", "score_points")
    rows = both.run.world.rows
    refused = both.read("refusals", "on") > 0
    assert np.isin(rows.role[refused], (HEAD, PARTNER)).all()
    assert (both.read("listings", "on")[refused] > 0).all()
    assert not both.read("refusals", "off").any()
    for community, slot in np.argwhere(refused):
        home = slice(
            rows.household_first[community, slot],
            rows.household_first[community, slot] + rows.household_size[community, slot],
        )
        ages = -rows.birth_month[community, home] // 12
        children = rows.role[community, home] == CHILD
        assert (children & (ages >= 5) & (ages <= 17)).any()


def test_m41_a_bill_that_a_parent_forgot_costs_the_child_a_place(
    lab: Lab, twins: type[Twins]
) -> None:
    """M41: the entry is the parent's, the place is the child's; both stand in one run."""
    both = twins(school(lab, "bill"))
    both.assert_rises("places_lost")
    lost = both.read("places_lost", "on")
    rows, entries = both.run.world.rows, both.read("entries", "on")
    assert (rows.role[lost > 0] == CHILD).all()
    assert not entries[(lost > 0) & (rows.birth_month > -17 * 12)].any()
    assert lost.sum() == both.count("child_places_lost", "on")[0]
    assert lost.sum() == both.count("attempts", "on")[0]
    for community, slot in np.argwhere(lost > 0):
        first = rows.household_first[community, slot]
        assert entries[community, first : first + rows.household_size[community, slot]].any()


def test_m64_a_listing_takes_the_means_to_leave_the_list(lab: Lab, twins: type[Twins]) -> None:
    """M64: where refusals cost means, fewer of the listed can pay, and they stay listed longer."""
    debtors = closing(
        lab, "counter0", by="debt", term={"until": "performed"}, performance={"deletes": True}
    )
    run = lab.run(
        [lab.act("debt", debt=True, per_year=0.5)],
        {"book": [debtors]},
        {
            "off": (("book",), {"counters.counter0.means_loss": 0.0}),
            "on": (("book",), {"counters.counter0.means_loss": 0.1}),
        },
        sets={
            **often("counter0", times=6),
            "process.perform_per_year": 1.0,
            "process.cannot_pay_below": 0.3,
        },
        people=16_384,
        community_size=512,
        years=2,
    )
    both = twins(run)
    both.assert_falls("means")
    both.assert_rises("listed_days")
    assert both.count("performances", "on") < both.count("performances", "off")
    # Who was never refused has lost nothing.
    calm = (both.read("refusals", "on") == 0) & (both.read("refusals", "off") == 0)
    assert np.array_equal(both.read("means", "on")[calm], both.read("means", "off")[calm])


def test_m89_a_fine_comes_beside_the_points_for_the_same_act(lab: Lab, twins: type[Twins]) -> None:
    """M89: points, and two hundred yuan for the same act, out of the means of who is entered."""
    books = {
        "off": [lab.scale(), lab.points("honk", points=-5)],
        "on": [lab.scale(), lab.points("honk", points=-5, fine_yuan=200)],
    }
    run = lab.run(
        [lab.act("honk")],
        books,
        {"off": (("off",), {}), "on": (("on",), {})},
        sets={"process.yuan_of_full_means": 20_000},
        people=8192,
        community_size=256,
    )
    both = twins(run)
    both.assert_falls("means")
    both.assert_same("score_points", "entries", "acts_culpable", "listings")
    assert both.count("fines_yuan", "on") == 200 * both.count("entries", "on").sum()
    assert np.array_equal(both.read("paid_yuan", "on"), 200 * both.read("entries", "on"))
    assert both.count("fines_yuan", "off") == both.count("paid_yuan", "on") == 0
    start, left = run.world.rows.means_start.astype(int), both.read("means", "on")
    assert np.array_equal(left, np.maximum(start - 655 * both.read("entries", "on"), 0))


def test_m112_uses_of_a_list_grow_with_time(lab: Lab, twins: type[Twins]) -> None:
    """M112: a counter added on a date refuses from that step on; growing take-up refuses more."""
    dated = lab.register(
        "slip",
        term={"days": 3000},
        measures=[
            {"counter": "counter0", "reaches": "person"},
            {"counter": "counter1", "reaches": "person", "from": "2021-01-01"},
        ],
    )
    grows = {"takes_up": quantity(0.2, 1), "takes_up_per_year": quantity(0, 1)}
    run = lab.run(
        [lab.act("slip", per_year=40)],
        {"off": [closing(lab, "counter0")], "on": [dated]},
        {
            "off": (("off",), {}),
            "on": (("on",), {}),
            "more": (("on",), {"counters.counter0.takes_up_per_year": 0.4}),
        },
        sets=often("counter0", "counter1"),
        counters_said={"counter0": grows},
        people=4096,
        community_size=256,
        years=2,
    )
    twins(run).assert_rises("refusals")
    twins(run).assert_same("listings", "acts_culpable")
    twins(run, off="on", on="more").assert_rises("refusals")
    by_month = np.array([r.counts.attempts.sum(axis=1) for r in run.history])
    assert not by_month[:12, 2, 1].any()
    assert (by_month[12:, 2, 1] > 100).all()
    let = np.array([r.counts.let_through.sum(axis=1) for r in run.history])[:, :, 0]
    looked = by_month[:, :, 0]
    for arm, chances in ((2, [0.2] * 24), (3, [0.2 + 0.4 * month / 12 for month in range(24)])):
        for month in (1, 12, 23):
            tries = looked[month, arm] + let[month, arm]
            lab.assert_share(looked[month, arm], tries, chances[month])


def test_m114_private_firms_apply_the_public_list_or_do_not(lab: Lab, twins: type[Twins]) -> None:
    """M114: of the tries of listed people those are refused whose provider looks the list up."""
    run = lab.run(
        [lab.act("slip")],
        {"book": [closing(lab, "counter0", notice={"required": False})]},
        {
            "off": (("book",), {"counters.counter0.takes_up": 0.3}),
            "on": (("book",), {}),
        },
        sets=often("counter0"),
        counters_said={"counter0": {"takes_up": quantity(1, 1)}},
        people=8192,
        community_size=256,
    )
    both = twins(run)
    both.assert_rises("refusals")
    both.assert_rises("burden_yuan")
    both.assert_same("listings", "listed_days", "acts_culpable")
    tries = both.count("attempts", "off")[0] + both.count("let_through", "off")[0]
    assert tries == both.count("attempts", "on")[0]
    assert both.count("let_through", "on")[0] == 0
    lab.assert_share(both.count("attempts", "off")[0], tries, 0.3)
    # Whom nobody turns away learns later of the listing.
    assert both.count("silent_days", "off") > both.count("silent_days", "on")


def test_m125_a_refusal_on_the_way_home_strands(lab: Lab, twins: type[Twins]) -> None:
    """M125: a share of refused tickets were the way home: days away, and what they cost."""
    away = {
        "process.refused_away": 0.25,
        "process.stranded_days": 3,
        "process.stranded_yuan_a_day": 200,
        "process.yuan_of_full_means": 40_000,
    }
    run = lab.run(
        [lab.act("slip")],
        {"book": [closing(lab, "counter0", "counter1")]},
        {"off": (("book",), {**away, "process.refused_away": 0.0}), "on": (("book",), away)},
        sets=often("counter0", "counter1"),
        counters_said={"counter0": {"strands": True}},
        people=8192,
        community_size=256,
    )
    both = twins(run)
    both.assert_rises("stranded_days")
    both.assert_rises("burden_yuan")
    both.assert_falls("means")
    both.assert_same("refusals", "listings", "acts_culpable")
    stranded, days = (int(both.count(n, "on")[0]) for n in ("stranded", "stranded_days"))
    lab.assert_share(stranded, both.count("attempts", "on")[0], 0.25)
    # One to five days, evenly: variance 2.
    assert abs(days - 3 * stranded) < lab.sigmas * (2 * stranded) ** 0.5
    extra = both.read("burden_yuan", "on") - both.read("burden_yuan", "off")
    assert np.array_equal(extra[:, 0], 200 * both.read("stranded_days", "on"))
    assert not both.count("stranded", "off")
