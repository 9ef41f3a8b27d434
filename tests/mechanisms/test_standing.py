"""Standing: who is under a scheme, what lists, what a listing shows, and when it begins."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.state.bits import NOT_ENROLLED, OPTED_OUT

if TYPE_CHECKING:
    from tests.engine.conftest import Lab
    from tests.mechanisms.conftest import Twins


def test_m07_without_consent_nothing_is_given_and_violations_count(
    lab: Lab, twins: type[Twins]
) -> None:
    """M07: who does not consent gains no points and no privilege; what lowers a score stays."""
    acts = [lab.act("slip"), lab.act("deed", culpable=False)]
    rules = [
        lab.scale(100),
        lab.rule("grade", "low", grade="Low", at_least=-20_000),
        lab.rule("grade", "high", grade="High", at_least=100),
        lab.points("slip", name="minus", points=-5),
        lab.points("deed", name="plus", points=3),
        lab.rule("privilege", grade="High", counters=["counter0"]),
        lab.register("slip"),
    ]
    half = {"response.consents": 0.5}
    run = lab.run(
        acts,
        {"all": rules, "asks": rules},
        {"off": (("all",), half), "on": (("asks",), half)},
        sets={"counters.counter0.attempts_per_year": 2},
        enrolment={"asks": "consent"},
        people=16_384,
        community_size=512,
    )
    both = twins(run)
    both.assert_falls("privileges")
    both.assert_falls("score_points", 0)
    both.assert_same("entries", "listings", "acts_culpable")
    people = run.world.rows.kind == 1
    aside = ((both.read("bits", "on") & NOT_ENROLLED) != 0) & people
    lab.assert_share(int(aside.sum()), int(people.sum()), 0.5)
    assert (both.read("privileges", "on")[aside] == 0).all()
    assert (both.read("score_points", "on")[:, 0][aside] <= 100).all()
    same = both.read("score_points", "on")[:, 0] == both.read("score_points", "off")[:, 0]
    assert same[~aside].all()
    enrolled = run.history[-1].counts.enrolled[run.plan.names.arms.index("on")].sum()
    assert enrolled == people.sum() - aside.sum()


def test_m07_those_leave_whom_the_scheme_refused(lab: Lab, twins: type[Twins]) -> None:
    """M07: where leaving is allowed the refused leave, and the less honest are over-represented."""
    acts = [lab.act("slip", ratio=0.1)]
    bars = [{"counter": "counter0", "reaches": "person"}]
    rules = [lab.scale(100), lab.points("slip", points=-5), lab.register("slip", measures=bars)]
    run = lab.run(
        acts,
        {"stay": rules, "open": rules},
        {"off": (("stay",), {}), "on": (("open",), {})},
        sets={"response.opts_out_per_year": 6, "counters.counter0.attempts_per_year": 6},
        enrolment={"open": "opt_out"},
        people=16_384,
        community_size=512,
    )
    both = twins(run)
    left = (both.read("bits", "on") & OPTED_OUT) != 0
    refused = both.read("refusals", "on") > 0
    assert left.any()
    assert (left <= refused).all()  # trust stays whole here, so nobody else has a reason
    assert both.count("opted_out", "on").sum() == left.sum()
    honesty, people = run.world.rows.honesty, run.world.rows.kind == 1
    lab.assert_mean(honesty[people], 32_767.5)
    assert honesty[left].mean() < 0.9 * 32_767.5
    both.assert_falls("listings")
    both.assert_rises("score_points", 0)


BAR = [{"counter": "counter0", "reaches": "person"}]
GIVE = [{"counter": "counter1", "reaches": "person", "gives": "privilege"}]
TRIES = {"counters.counter0.attempts_per_year": 6, "counters.counter1.attempts_per_year": 6}


def test_m06_black_lists_bar_and_red_lists_give(lab: Lab, twins: type[Twins]) -> None:
    """M06: lists refuse some and favour others; a red listing is no listing and never wrongful."""
    acts = [lab.act("slip"), lab.act("deed", culpable=False)]
    points = [lab.scale(), lab.points("slip", points=-5), lab.points("deed", name="up", points=3)]
    black = lab.register("slip", name="black", measures=BAR)
    red = lab.register("deed", name="red", colour="red", measures=GIVE, published=True)
    run = lab.run(
        acts,
        {"points": points, "lists": [black, red]},
        {"off": (("points",), {}), "on": (("points", "lists"), {})},
        sets=TRIES,
        people=16_384,
        community_size=512,
    )
    both = twins(run)
    both.assert_rises("refusals")
    both.assert_rises("privileges")
    both.assert_rises("listings")
    both.assert_same("acts_culpable", "entries", "score_points")
    honoured, listed = both.count("honoured", "on"), both.count("listed", "on").reshape(2, 4)
    assert honoured[0] == 0 < honoured[1]
    assert listed[1].sum() == 0 < listed[0].sum()
    # A deed is lawful: as a ground of a black list it would be wrongful in the third sense.
    assert (both.read("listed_days", "on")[:, 1:] == 0).all()
    assert (
        both.count("honoured_ended", "on")[1] + run.history[-1].counts.honoured_open[2].sum()
        <= (honoured[1])
    )
    # Bit 1 of the news is a listing, which frightens; an honour in the news is another bit.
    assert not (run.world.state.news[:, 2] & 1)[both.read("listings", "on") == 0].any()


def test_m06_a_high_grade_is_a_ground_for_a_red_list(lab: Lab) -> None:
    """M06: whoever stands in the high grade is honoured while in it, and nobody below."""
    rules = [
        lab.scale(100),
        lab.rule("grade", "low", grade="Low", at_least=-20_000),
        lab.rule("grade", "high", grade="High", at_least=95),
        lab.points("slip", points=-5),
        lab.register(
            name="red",
            colour="red",
            grounds=[{"id": "high", "grade_at_least": "High"}],
            term={"until": "grade_falls"},
            measures=GIVE,
        ),
    ]
    run = lab.run([lab.act("slip")], {"book": rules}, people=8192, community_size=512)
    people = run.world.rows.kind == 1
    high = run.world.state.grade[:, 1, 0] == 1
    assert (run.world.state.listed[:, 1] == 1)[people & high].all()
    assert (people & ~high).any()
    # Who fell is off from the end of the month on, and can be on no other list here.
    assert (run.world.state.listed[:, 1] == 0)[people & ~high].all()


def test_m29_what_is_shown_is_counted_and_identifies_nobody(lab: Lab, twins: type[Twins]) -> None:
    """M29: days on a published list count by what it shows; nothing else moves, no name exists."""
    books = {
        level: [lab.register("slip", published=True, display=level)]
        for level in ("name", "address")
    }
    books["closed"] = [lab.register("slip", published=False, display="address")]
    arms: dict[str, Any] = {name: ((name,), {}) for name in books}
    run = lab.run([lab.act("slip")], books, arms, people=8192, community_size=512)
    shown = dict(zip(("name", "masked", "photo", "address", "map"), range(5), strict=True))
    days = int(twins(run).count("listed_days", "name").sum())
    for level in ("name", "address"):
        exposed = twins(run).count("exposed_days", level)
        assert exposed[shown[level]] == exposed.sum() == days > 0
    assert twins(run).count("exposed_days", "closed").sum() == 0
    twins(run, "name", "address").assert_same(*run.world.outcome._fields)


def by_county(run: Any, values: Any) -> dict[int, Any]:
    """Give the rows [community, slot] of each county."""
    return {int(c): values[run.world.place.county == c] for c in np.unique(run.world.place.county)}


ONE_OFFICER = {"process.officers_per_office": 1}


def test_m79_the_officer_chooses_within_the_range(lab: Lab, twins: type[Twins]) -> None:
    """M79: the same entries cost -50 to -5 by the county's officer, alike for all before him."""
    fixed, open_ = ([lab.scale(), lab.points("slip", **how)] for how in (
        {"points": -20}, {"range": [-50, -5]}
    ))  # fmt: skip
    run = lab.run(
        [lab.act("slip")],
        {"fixed": fixed, "open": open_},
        {"off": (("fixed",), {}), "on": (("open",), {})},
        sets=ONE_OFFICER,
        people=16_384,
        community_size=256,
    )
    both = twins(run)
    both.assert_same("entries", "acts_culpable")
    entries = both.read("entries", "on")
    each: dict[int, set[float]] = {}
    for arm in ("off", "on"):
        lost = 1000 - both.read("score_points", arm)[:, 0]
        per = np.where(entries > 0, lost / np.maximum(entries, 1), -1)
        for county, values in by_county(run, per).items():
            found = set(np.unique(values[values > 0]).tolist())
            assert len(found) == 1  # one officer, one price
            each.setdefault(county, set()).update(found)
    prices = {price for found in each.values() for price in found - {20.0}}
    assert len(prices) >= 4
    assert all(5 <= price <= 50 for price in prices)


def test_m86_an_open_term_costs_before_one_officer_and_not_another(
    lab: Lab, twins: type[Twins]
) -> None:
    """M86: 'often' left open: in a county all entries fall under it or none; half do overall."""
    books = {
        "closed": [lab.scale(), lab.points("slip", points=-10)],
        "open": [lab.scale(), lab.points("slip", points=-10, open_term=0.5)],
    }
    run = lab.run(
        [lab.act("slip")],
        books,
        {"off": (("closed",), {}), "on": (("open",), {})},
        sets=ONE_OFFICER,
        people=32_768,
        community_size=256,
    )
    both = twins(run)
    lost = {arm: 1000 - both.read("score_points", arm)[:, 0] for arm in ("off", "on")}
    same, none = 0, 0
    for county, on in by_county(run, lost["on"]).items():
        off = by_county(run, lost["off"])[county]
        same += np.array_equal(on, off)
        none += not on.any()
    counties = len(np.unique(run.world.place.county))
    assert same + none == counties
    lab.assert_share(same, counties, 0.5)
    assert min(same, none) > 0


def test_m86_a_number_left_open_lists_by_county(lab: Lab, twins: type[Twins]) -> None:
    """M86: where two to six times may be 'often', each county lists as one fixed number would."""

    def often(count: Any) -> Any:
        ground = {"id": "often", "acts": ["slip"], "count": count, "within_days": 365}
        return [lab.register(grounds=[ground])]

    books = {f"fixed-{n}": often(n) for n in range(2, 7)} | {"open": often({"from": 2, "to": 6})}
    run = lab.run(
        [lab.act("slip")],
        books,
        {name: ((name,), {}) for name in books},
        sets=ONE_OFFICER,
        people=16_384,
        community_size=256,
    )
    both = twins(run)
    open_ = by_county(run, both.read("listings", "open"))
    asked: dict[int, list[int]] = {}
    for number in range(2, 7):
        fixed = by_county(run, both.read("listings", f"fixed-{number}"))
        for county, listed in open_.items():
            if np.array_equal(listed, fixed[county]):
                asked.setdefault(county, []).append(number)
    assert asked.keys() == open_.keys()
    assert len({numbers[0] for numbers in asked.values()}) >= 3
    shares = [float((listed > 0).mean()) for listed in open_.values()]
    assert max(shares) > 1.5 * min(shares)


def test_m20_the_first_notice_is_the_refusal(lab: Lab, twins: type[Twins]) -> None:
    """M20: where nobody need be told, all who know were refused first, and had known nothing."""

    def told(name: str, required: bool) -> Any:
        return [lab.register("slip", name=name, notice={"required": required}, measures=BAR)]

    run = lab.run(
        [lab.act("slip", per_year=0.5)],
        {"told": told("told", True), "silent": told("silent", False)},
        {"off": (("told",), {}), "on": (("silent",), {})},
        sets=TRIES,
        people=16_384,
        community_size=512,
    )
    both = twins(run)
    both.assert_rises("silent_days")
    both.assert_same("listings", "listed_days", "refusals")
    assert both.count("known_by_notice", "on").sum() == 0
    assert both.count("known_by_refusal", "off").sum() == 0
    known = int(both.count("known_by_refusal", "on").sum())
    refused = int((both.read("refusals", "on") > 0).sum())
    assert 0 < refused <= known
    # Who was never refused never knew: every day of theirs is silent.
    never = (both.read("refusals", "on") == 0) & (both.read("listings", "on") > 0)
    days, silent = both.read("listed_days", "on").sum(axis=1), both.read("silent_days", "on")
    assert np.array_equal(days[never], silent[never])


def test_m21_notices_that_do_not_arrive_are_silent_days(lab: Lab, twins: type[Twins]) -> None:
    """M21: of notices half arrive; the days of the other half are silent to the end."""
    run = lab.run(
        [lab.act("slip", per_year=0.3)],
        {"book": [lab.register("slip")]},
        {
            "off": (("book",), {"process.notice_reaches": 1.0}),
            "on": (("book",), {"process.notice_reaches": 0.5}),
        },
        people=16_384,
        community_size=512,
    )
    both = twins(run)
    both.assert_rises("silent_days")
    both.assert_same("listings", "listed_days")
    assert both.read("silent_days", "off").sum() == 0
    listings = int(both.read("listings", "on").sum())
    lab.assert_share(int(both.count("known_by_notice", "on").sum()), listings, 0.5)
    days, silent = both.read("listed_days", "on").sum(axis=1), both.read("silent_days", "on")
    once = both.read("listings", "on") == 1
    assert ((silent == 0) | (silent == days))[once].all()


def test_m98_public_outrage_lists_whatever_else(lab: Lab, twins: type[Twins]) -> None:
    """M98: of entries two in ten go viral and list at once; without outrage nobody is listed."""
    viral = lab.register(
        grounds=[{"id": "seat", "acts": ["seat"], "viral": True}], ability_test=False, measures=BAR
    )
    acts = [lab.act("seat", per_year=0.5), lab.act("slip")]
    run = lab.run(
        acts,
        {"book": [viral]},
        {"off": (("book",), {}), "on": (("book",), {"process.goes_viral": 0.2})},
        # No office would have followed it up.
        sets={**TRIES, "process.pursued": 0},
        people=16_384,
        community_size=512,
    )
    both = twins(run)
    assert both.read("listings", "off").sum() == 0
    for column in ("listings", "refusals", "listed_days"):
        both.assert_rises(column, 0 if column == "listed_days" else None)
    both.assert_same("entries", "acts_culpable")
    entries = int(both.count("entries", "on").sum())
    lab.assert_share(int(both.count("gone_viral", "on").sum()), entries, 0.2)


def test_m17_names_come_out_on_the_first_working_day_of_a_month(
    lab: Lab, twins: type[Twins]
) -> None:
    """M17: published monthly, every ban begins on the first working day of a month."""
    said = {"term": {"days": 365}, "published": True, "measures": BAR}
    run = lab.run(
        [lab.act("brawl", per_year=0.2)],
        {
            "daily": [lab.register("brawl", name="daily", **said)],
            "monthly": [
                lab.register("brawl", name="monthly", publication_day="month_start", **said)
            ],
        },
        {"off": (("daily",), {}), "on": (("monthly",), {})},
        sets=TRIES,
        people=16_384,
        community_size=512,
    )
    both = twins(run)
    both.assert_falls("listed_days", 0)
    both.assert_falls("refusals")
    both.assert_same("entries")
    since = {arm: listed_since(run, run.plan.names.arms.index(arm)) for arm in ("off", "on")}
    days = {run.plan.first_day + dt.timedelta(days=int(day)) for day in np.unique(since["on"])}
    assert days == {
        first_working_day(year, month) for year, month in {(d.year, d.month) for d in days}
    }
    assert len(np.unique(since["off"])) > 300


def listed_since(run: Any, arm: int) -> Any:
    """Give the first days of the listings in the pools of an arm."""
    since = run.world.listings.since_day[:, arm]
    opened = run.world.opened.open_listings[:, arm]
    return since[np.arange(since.shape[1]) < opened[:, None]]


def first_working_day(year: int, month: int) -> dt.date:
    """Give a month's first day that is no weekend."""
    days = (dt.date(year, month, day) for day in (1, 2, 3))
    return next(day for day in days if day.weekday() < 5)


def test_m121_a_low_grade_lists_or_does_not(lab: Lab, twins: type[Twins]) -> None:
    """M121: as told a low grade alone lists; as documented the same grade lists nobody."""
    scored = [
        lab.scale(100),
        lab.rule("grade", "low", grade="Low", at_least=-20_000),
        lab.rule("grade", "good", grade="Good", at_least=90),
        lab.points("slip", points=-5),
    ]
    ground = [{"id": "low", "grade_at_most": "Low"}]
    told = [*scored, lab.register(grounds=ground, term={"until": "grade_recovers"}, measures=BAR)]
    run = lab.run(
        [lab.act("slip", per_year=3)],
        {"documented": scored, "told": told},
        {"off": (("documented",), {}), "on": (("told",), {})},
        sets=TRIES,
        people=16_384,
        community_size=512,
    )
    both = twins(run)
    both.assert_same("score_points", "grade", "entries", "acts_culpable")
    assert both.read("listings", "off").sum() == both.read("refusals", "off").sum() == 0
    for column in ("listings", "refusals"):
        both.assert_rises(column)
    low = (both.read("grade", "on")[:, 0] == 0) & (run.world.rows.kind == 1)
    assert np.array_equal(both.read("listed", "on") == 1, low)
