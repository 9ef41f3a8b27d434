"""What goes wrong on purpose: bribes, points for sale, breaches, opponents, a scandal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.metrics.official_gap import official_gap

if TYPE_CHECKING:
    from tests.engine.conftest import Lab
    from tests.mechanisms.conftest import Twins

SMALL: dict[str, Any] = {"people": 16_384, "community_size": 512}
MONEY = {"process.yuan_of_full_means": 10_000, "threats.bribe_price_yuan": 1_000}


def test_m08_exempt_office_is_entered_less_and_loses_less(lab: Lab, twins: type[Twins]) -> None:
    """M08: of the same acts, half of the officials' entries are dropped and nobody else's."""
    acts = [lab.act("wrong", per_year=20, seen_by={"camera": 1.0})]
    rules = [lab.scale(0), lab.points("wrong", points=-8)]
    books = {
        "plain": rules,
        "spared": [*rules, lab.rule("exemption", who="official", entries_dropped=0.5, discount=0)],
        "cheaper": [
            *rules,
            lab.rule("exemption", who="official", entries_dropped=0, discount=0.25),
        ],
    }
    arms: dict[str, Any] = {
        "off": (("plain",), {}), "on": (("spared",), {}), "cheaper": (("cheaper",), {}),
    }  # fmt: skip
    run = lab.run(acts, books, arms, people=131_072)
    both = twins(run)
    official = (run.world.rows.exposure & 64) != 0
    before, after = both.read("entries", "off"), both.read("entries", "on")
    lab.assert_share(after[official].sum(), before[official].sum(), 0.5)
    assert np.array_equal(before[~official], after[~official])
    gap = official_gap(both.read("acts_culpable", "on"), after, official)
    assert 1.7 < gap / official_gap(both.read("acts_culpable", "off"), before, official) < 2.3
    cheap, full = both.read("score_points", "cheaper")[:, 0], both.read("score_points", "off")[:, 0]
    assert np.array_equal(4 * cheap[official], 3 * full[official])
    assert np.array_equal(cheap[~official], full[~official])
    both.assert_falls("entries")
    assert both.count("officials_spared", "on").sum() == (before - after).sum()


def test_m60_officers_sell_and_the_poor_are_listed(lab: Lab, twins: type[Twins]) -> None:
    """M60: who can pay is let off: entries and means fall, and the listed are poorer."""
    acts = [lab.act("wrong", per_year=1, seen_by={"camera": 1.0})]
    books = {"book": [lab.register("wrong", term={"days": 3000})]}
    sold = {"threats.bribe_share": 0.9, **MONEY}
    arms = {
        "off": (("book",), MONEY), "on": (("book",), sold),
        "found": (("book",), {**sold, "threats.bribe_found": 1.0}),
    }  # fmt: skip
    run = lab.run(acts, books, arms, **SMALL)
    both = twins(run)
    both.assert_falls("entries")
    both.assert_falls("means")
    start = run.world.rows.means_start.astype(int)

    def listed_means(arm: str) -> float:
        return float(start[both.read("listings", arm) > 0].mean())

    assert listed_means("on") < listed_means("off") - 300
    assert both.count("bribes", "on").sum() > 1000
    assert both.count("bribes_found", "on").sum() == 0
    # Found out, the price is gone and the entry stands.
    assert np.array_equal(both.read("entries", "off"), both.read("entries", "found"))
    assert both.count("bribes", "found").sum() == both.count("bribes_found", "found").sum() > 1000
    # Nobody pays who has less than the price, and the honest do not offer.
    poor = start < 65536 * 1000 // 10_000
    assert np.array_equal(both.read("entries", "off")[poor], both.read("entries", "on")[poor])


def test_m60_points_are_sold_to_who_can_pay(lab: Lab, twins: type[Twins]) -> None:
    """M60: an officer who sells points raises scores of those with means, and of no pauper."""
    acts = [lab.act("wrong")]
    books = {"book": [lab.scale(100), lab.points("wrong", points=-1)]}
    sold = {
        "threats.bribe_share": 0.5, "threats.points_sold_per_year": 1.0, "threats.points_sold": 40,
        **MONEY,
    }  # fmt: skip
    run = lab.run(acts, books, {"off": (("book",), MONEY), "on": (("book",), sold)}, **SMALL)
    both = twins(run)
    both.assert_rises("score_points")
    both.assert_falls("means")
    both.assert_same("acts_culpable")
    poor = run.world.rows.means_start.astype(int) < 65536 * 1000 // 10_000
    rise = both.read("score_points", "on")[:, 0] - both.read("score_points", "off")[:, 0]
    # Dropped entries are the only other thing that money can do.
    assert rise[poor].max() == 0
    assert (rise >= 40).sum() > 100


def test_m61_a_breach_reads_files_and_takes_points(lab: Lab, twins: type[Twins]) -> None:
    """M61: of k per 1000 files read and changed, once, at any address; all of it not theirs."""
    acts = [lab.act("wrong")]
    books = {"book": [lab.scale(100), lab.points("wrong", points=-1)]}
    breach = {
        "threats.breach_month": 6, "threats.breach_records_per_1000": 300,
        "threats.breach_altered_per_1000": 50, "threats.breach_points": 40,
    }  # fmt: skip
    run = lab.run(acts, books, {"off": (("book",), {}), "on": (("book",), breach)}, **SMALL)
    both, people = twins(run), run.plan.people
    lab.assert_share(int(both.count("people_exposed", "on").sum()), people, 0.3)
    assert both.count("records_breached", "on").sum() > 1000
    fall = both.read("score_points", "off")[:, 0] - both.read("score_points", "on")[:, 0]
    assert set(np.unique(fall)) == {0, 40}
    assert (fall == 40).sum() == both.count("people_altered", "on").sum()
    lab.assert_share(int((fall == 40).sum()), people, 0.05)
    ledger = both.read("ledger_points", "on")
    assert ledger[:, 1].sum() == -40 * (fall == 40).sum()
    both.assert_same("acts_culpable", "entries")
    assert both.count("people_exposed", "off").sum() == 0


def test_m84_opponents_are_listed_for_nothing_and_fall_silent(lab: Lab, twins: type[Twins]) -> None:
    """M84: the most outspoken who spoke lawfully are listed, win no contest, and speak less."""
    acts = [
        lab.act("speech", "chilled", culpable=False, per_year=6, ratio=5, trait="outspokenness"),
        lab.act("wrong", per_year=0.1),
    ]
    measures = [{"counter": "counter0", "reaches": "person"}]
    contest = {"window_days": 60, "decide_days": 10, "suspends": False, "counted_from": "knowledge"}
    books = {
        "book": [lab.register("wrong", measures=measures, contest=contest, term={"days": 3000})]
    }
    sets = {
        "response.chilling": 0.8, "response.silence_per_entry": 0.9,
        "process.contest_if_literate": 1.0, "process.contest_if_not": 1.0,
        "process.overturned_if_wrongful": 1.0,
    }  # fmt: skip
    listed = {"threats.opponents_listed_per_year": 3.0}
    run = lab.run(
        acts, books, {"off": (("book",), {}), "on": (("book",), listed)},
        sets=sets, years=2, **SMALL,
    )  # fmt: skip
    both = twins(run)
    both.assert_falls("acts_lawful")
    both.assert_same("acts_culpable", "entries")
    more = both.read("listings", "on") > both.read("listings", "off")
    outspoken = run.world.rows.outspokenness >= 57_344
    assert more.sum() > 500
    assert not more[~outspoken].any()
    lawful = both.read("listed_days", "on")[:, 3]
    assert lawful[more].min() >= 0 < lawful[more].mean()
    assert both.count("opponents_listed", "on").sum() >= more.sum()
    assert both.count("overturned", "on")[3] == 0
    assert both.count("contests", "on")[3] > 100


def test_m102_one_scandal_costs_the_whole_branch(lab: Lab, twins: type[Twins]) -> None:
    """M102: in the month of a scandal other enterprises of the branch lose means, and pay later."""
    acts = [lab.act("late_wages", "strained", who="enterprise", per_year=6)]
    books = {"firms": [lab.scale(0), lab.points("late_wages", points=-1)]}
    scandal = {
        "threats.scandal_month": 2, "threats.scandal_branch": 0.5, "threats.scandal_loss": 0.6,
    }  # fmt: skip
    run = lab.run(
        acts, books, {"off": (("firms",), {}), "on": (("firms",), scandal)},
        sets={"response.strain": 4}, enterprises=0.04, enterprise_books=("firms",),
        people=32_768, community_size=512, years=2,
    )  # fmt: skip
    both, firms = twins(run), run.world.rows.kind == 2
    off, on = both.read("means", "off"), both.read("means", "on")
    assert np.array_equal(off[~firms], on[~firms])
    hit = int(both.count("scandal_enterprises", "on").sum())
    lab.assert_share(hit, int(firms.sum()), 0.5)
    both.assert_falls("means")
    both.assert_rises("entries")
    held = firms & (off > 100) & (on < off)
    assert np.abs(on[held] / off[held] - 0.4).max() < 0.05


def test_m109_a_producer_s_provision_sells_its_good(lab: Lab, twins: type[Twins]) -> None:
    """M109: from the day a producer's provision is in force its good is bought for points.

    Worthless acts rise, buyers are poorer, the producer is richer.
    """
    acts = [
        lab.act("good", "rewarded", culpable=False, per_year=3, seen_by={"platform": 1.0}),
        lab.act("deed", "rewarded", culpable=False, per_year=3),
    ]
    plain = [lab.scale(0), lab.points("deed", points=1)]
    bought = lab.points(
        "good", name="bought", points=5, price_yuan=100, paid_to="producer",
        **{"from": "2020-07-01"},
    )  # fmt: skip
    books = {"plain": plain, "captured": [*plain, bought]}
    sets = {
        "response.gaming_gain": 3, "response.gaming_per_year": 0.9,
        "process.yuan_of_full_means": 10_000, "threats.producer_margin": 0.1,
    }  # fmt: skip
    run = lab.run(
        acts, books, {"off": (("plain",), {}), "on": (("captured",), {})},
        sets=sets, enterprises=0.002, years=2, **SMALL,
    )  # fmt: skip
    both, rows = twins(run), run.world.rows
    both.assert_rises("acts_praised")
    both.assert_rises("score_points")
    goods, deeds = both.count("acts", "on")[:2] - both.count("acts", "off")[:2]
    assert goods > 1000
    assert deeds == 0
    poorer = both.read("means", "on") < both.read("means", "off")
    richer = both.read("means", "on") > both.read("means", "off")
    assert poorer[rows.kind == 1].mean() > 0.2
    assert not richer[rows.kind == 1].any()
    assert richer[rows.kind == 2].any()
    assert both.count("producer_revenue_yuan", "on").sum() == 100 * both.count("entries", "on")[0]


def test_m110_who_can_pay_buys_points_from_the_state(lab: Lab, twins: type[Twins]) -> None:
    """M110: where the state sells points, scores rise with means and the state has the price."""
    acts = [
        lab.act("bought", "afforded", culpable=False, per_year=3, seen_by={"counter": 1.0}),
        lab.act("wrong"),
    ]
    plain = [lab.scale(0), lab.points("wrong", points=-1)]
    sold = lab.points("bought", name="sold", points=10, price_yuan=100, paid_to="state")
    books = {"plain": plain, "sold": [*plain, sold]}
    run = lab.run(
        acts, books, {"off": (("plain",), {}), "on": (("sold",), {})},
        sets={"process.yuan_of_full_means": 10_000}, **SMALL,
    )  # fmt: skip
    both, rows = twins(run), run.world.rows
    both.assert_rises("score_points")
    both.assert_falls("means")
    rise = both.read("score_points", "on")[:, 0] - both.read("score_points", "off")[:, 0]
    adult = (rows.kind == 1) & (rows.birth_month <= -12 * 18)
    rich, poor = rows.means_start >= 48_000, rows.means_start < 5_000
    assert rise[adult & rich].mean() > 3 * max(rise[adult & poor].mean(), 0.1)
    assert both.count("points_revenue_yuan", "on").sum() == 100 * both.count("entries", "on")[0]
