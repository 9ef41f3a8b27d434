"""Records and places: who furnishes a file, how files are joined, copied, read and corrected."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.law.library import Library
from glasshouse.metrics.exposure import LEVELS, attributes_of, exposure

if TYPE_CHECKING:
    from tests.engine.conftest import Lab
    from tests.mechanisms.conftest import Twins

    from glasshouse.engine.simulation import Simulation

LOCAL = {"police": {"level": "local"}}
SIZE = {"people": 16384, "community_size": 512}
BACK = {"points": -3, "from": "2020-07-01"}


def book(lab: Lab, *rules: Any) -> dict[str, Any]:
    """Give a book in which an act costs a point, with more rules."""
    return {"book": [lab.scale(1000), lab.points("plain", points=-1), *rules]}


def by_step(run: Simulation, name: str, arm: str) -> list[int]:
    """Give a count of an arm step after step."""
    number = run.plan.names.arms.index(arm)
    return [int(getattr(record.counts, name)[number].sum()) for record in run.history]


def fall(both: Twins) -> Any:
    """Give by how much the switch lowers every person's score."""
    rest = both.read("score_points", "off") - both.read("score_points", "on")
    return rest[:, 0][both.run.world.rows.kind == 1]


def test_m10_pilots_spread_and_merge(lab: Lab, twins: type[Twins]) -> None:
    """M10: a pilot leaves other provinces alone until its date there, and the merge joins places.

    What a local office writes of acts done elsewhere stays behind until the merge, then nothing
    does; nobody's conduct differs, for nobody answers to it here.
    """
    pilot = {"rulebook": "book", "where": ["North"]}
    later = {"rulebook": "book", "where": ["Middle", "South"], "from": "2020-07-01"}
    run = lab.run(
        [lab.act("plain")],
        book(lab),
        {"off": ([pilot], {}), "on": ([pilot, later], {}, {"merge": "2020-07-01"})},
        sets={"places.away_share": 0.25},
        departments=LOCAL,
        **SIZE,
    )
    both = twins(run)
    both.assert_same("acts_culpable")
    elsewhere = [
        sum(int(record.counts.entries[2, place].sum()) for place in (1, 2))
        for record in run.history
    ]
    assert sum(elsewhere[:6]) == 0 < min(elsewhere[6:])
    for record in run.history:
        assert (record.counts.entries[1, 1:] == 0).all()
    behind = by_step(run, "entries_left_behind", "on")
    assert min(behind[:6]) > 0 == sum(behind[6:])
    assert min(by_step(run, "entries_left_behind", "off")) > 0
    both.assert_rises("entries")


def test_m11_thirty_seven_departments_each_with_its_coverage(lab: Lab, twins: type[Twins]) -> None:
    """M11: 37 departments furnish records, each of some act, and what one withholds is missing."""
    said = Library().resolve("as-told", {"people": "4096", "years": "1"}).arms[1].assumptions
    assert len(said.departments) == 37
    load = Counter(act.department for act in said.acts)
    assert all(load[department.id] for department in said.departments)
    assert {d.level for d in said.departments} == {"national", "local"}
    furnishes = {"police": {"furnishes": {"value": 1.0, "range": [0.0, 1.0], "guess": "a test"}}}
    run = lab.run(
        [lab.act("plain"), lab.act("filed", department="court")],
        book(lab),
        {"off": (("book",), {}), "on": (("book",), {"records.police.furnishes": 0.4})},
        departments=furnishes,
        **SIZE,
    )
    both = twins(run)
    kept, all_of_it = (int(both.count("entries", arm)[0]) for arm in ("on", "off"))
    lab.assert_share(kept, all_of_it, 0.4)
    assert int(both.count("entries_withheld", "on")[0]) == all_of_it - kept
    both.assert_same("acts_culpable")


def test_m72_a_file_follows_and_nobody_knows_their_own(lab: Lab, twins: type[Twins]) -> None:
    """M72: a secret file that goes with its person keeps every point through moves.

    Without the rule what stood in it stays behind. In both nobody hears of an entry, so that
    nobody's caution moves, though it would at once if people heard.
    """
    follows = lab.rule("file_access", "follows", follows_moves=True)
    books = {"stays": book(lab)["book"], "goes": book(lab, follows)["book"]}
    hush = {"process.entry_known": 0.0, "places.moves_per_year": 0.5}
    run = lab.run(
        [lab.act("plain", "deterred")],
        books,
        {
            "off": (("stays",), hush),
            "on": (("goes",), hush),
            "told": (("goes",), {**hush, "process.entry_known": 1.0}),
        },
        sets={"response.caution_per_entry": 0.5, "response.deterrence": 0.5},
        **SIZE,
    )
    both = twins(run)
    assert int(both.count("files_left_behind", "off")[0]) > 600
    assert int(both.count("files_left_behind", "on")[0]) == 0
    both.assert_falls("score_points")
    both.assert_same("acts_culpable", "caution", "entries")
    assert (both.read("score_points", "on")[:, 0] == 1000 - both.read("entries", "on"))[
        run.world.rows.kind == 1
    ].all()
    assert not both.read("caution", "on").any()
    assert both.read("caution", "told").any()


def test_m76_a_rule_that_reaches_back_counts_what_was_written_before(
    lab: Lab, twins: type[Twins]
) -> None:
    """M76: on its first day a rule books the entries of the 91 days before it, and no others.

    The score falls by three points for each, and a list opens for those whom it makes a ground of.
    """
    plain = [lab.scale(1000), lab.points("plain", points=0)]
    back = lab.points("back", name="back", **{**BACK, "reaches_back_days": 91})
    grounds = [{"id": "acts", "acts": ["back"], "reaches_back_days": 91}]
    listing: dict[str, Any] = {"grounds": grounds, "from": "2020-07-01"}
    books = {
        "ahead": [*plain, lab.points("back", name="back", **BACK)],
        "behind": [*plain, back],
        "register": [*plain, lab.register("back", **listing)],
    }
    run = lab.run(
        [lab.act("plain"), lab.act("back")],
        books,
        {"off": (("ahead",), {}), "on": (("behind",), {}), "list": (("register",), {})},
        **SIZE,
    )
    both = twins(run)
    entries = [int(record.counts.entries[2, :, 1].sum()) for record in run.history]
    assert [int(r.counts.entries[1, :, 1].sum()) for r in run.history][:6] == [0] * 6
    reached = by_step(run, "entries_reached_back", "on")
    assert reached == [0] * 6 + [sum(entries[3:6])] + [0] * 5
    assert int(fall(both).sum()) == 3 * sum(entries[3:6])
    both.assert_same("acts_culpable")
    opened = by_step(run, "listed", "list")
    assert sum(opened[:6]) == 0
    assert opened[6] > 3 * opened[7]


def test_m85_one_life_is_scored_by_its_place(lab: Lab, twins: type[Twins]) -> None:
    """M85: the same acts are worth what the rulebook of the province says, person by person."""
    mild = [lab.scale(1000), lab.points("plain", points=-1)]
    harsh = [lab.scale(1000), lab.points("plain", points=-10)]
    places = [
        {"rulebook": "mild", "where": ["North", "South"]},
        {"rulebook": "harsh", "where": ["Middle"]},
    ]
    run = lab.run(
        [lab.act("plain")],
        {"mild": mild, "harsh": harsh},
        {"off": (("mild",), {}), "on": (("harsh",), {}), "places": (places, {})},
        **SIZE,
    )
    both = twins(run)
    both.assert_same("acts_culpable", "entries")
    persons = run.world.rows.kind == 1
    worth = {arm: both.read("score_points", arm)[:, 0] - 1000 for arm in ("off", "on")}
    assert (10 * worth["off"] == worth["on"])[persons].all()
    assert np.array_equal(worth["off"][persons], -both.read("entries", "off")[persons])
    split = both.read("score_points", "places")
    middle = run.world.place.province == 1
    assert 0 < middle.sum() < len(middle)
    for there, instrument, arm in ((~middle, 0, "off"), (middle, 1, "on")):
        scores = split[there, instrument] - 1000
        assert np.array_equal(scores[persons[there]], worth[arm][there][persons[there]])


def test_m92_a_masked_entry_still_points_people_out(lab: Lab) -> None:
    """M92: a token of province, year of birth and sex hides people; one with the county does less.

    The metric reads columns of people who do not exist; no name or number is formed.
    """
    run = lab.run([lab.act("plain")], book(lab), people=8192, community_size=256)
    rows, place = run.world.rows, run.world.place
    shown = attributes_of(place.province, place.county, rows.birth_month, rows.sex)
    found = exposure(shown, rows.kind == 1)
    shares = [found[level].share_unique for level in LEVELS]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[1] < 0.05 < shares[-1]
    assert found["case"].published == int((rows.kind == 1).sum())


def test_m93_copies_refuse_after_the_listing_has_ended(lab: Lab, twins: type[Twins]) -> None:
    """M93: where counters keep copies, people are refused for listings that have ended.

    They count as listed no longer: not a day on a list is added. With every counter stale and none
    corrected every listing that ended leaves its copy; corrected, copies vanish again.
    """
    bars = [{"counter": "counter0", "reaches": "person"}]
    listing = lab.register("plain", measures=bars, term={"days": 40})
    stale = {"process.copies_stale": 1.0}
    run = lab.run(
        [lab.act("plain", per_year=0.3)],
        {"register": [listing]},
        {
            "off": (("register",), {}),
            "on": (("register",), stale),
            "mended": (("register",), {**stale, "process.copies_corrected_per_year": 6.0}),
        },
        sets={"counters.counter0.attempts_per_year": 6},
        **SIZE,
    )
    both = twins(run)
    both.assert_rises("refusals")
    both.assert_same("listed_days", "listings", "silent_days", "acts_culpable", "listed")
    assert by_step(run, "copies_stale", "on")[-1] == int(both.count("left", "on").sum())
    more = int((both.read("refusals", "on") - both.read("refusals", "off")).sum())
    assert more == int(both.count("refusals_by_stale_copies", "on")[0])
    assert int(both.count("refusals_by_stale_copies", "off")[0]) == 0
    mended = twins(run, "mended", "on")
    mended.assert_rises("refusals")
    twins(run, "off", "mended").assert_rises("refusals")


def test_m101_who_moves_leaves_the_record_until_the_merge(lab: Lab, twins: type[Twins]) -> None:
    """M101: a person who moves starts anew where files are not merged, and not where they are.

    Merged, the score is one point a lost act, person by person; unmerged it is never lower, and
    higher for as many as left a file with something in it.
    """
    run = lab.run(
        [lab.act("plain")],
        book(lab),
        {"off": (("book",), {}, {"merge": "2019-12-01"}), "on": (("book",), {})},
        sets={"places.moves_per_year": 0.3},
        **SIZE,
    )
    both = twins(run)
    both.assert_rises("score_points")
    both.assert_same("acts_culpable", "entries")
    persons = run.world.rows.kind == 1
    merged = both.read("score_points", "off")[:, 0]
    assert np.array_equal(merged[persons], 1000 - both.read("entries", "off")[persons])
    assert (fall(both) <= 0).all()
    left = int(both.count("files_left_behind", "on")[0])
    lab.assert_share(left, 12 * int(persons.sum()), 1 - np.exp(-0.3 / 12))
    assert int(both.count("files_left_behind", "off")[0]) == 0


def test_m106_insiders_write_where_a_rule_lets_them(lab: Lab, twins: type[Twins]) -> None:
    """M106: who may write puts in entries without any act, as many as the rate says."""
    may = lab.rule("file_access", "insiders", insiders_write=True)
    books = {"closed": book(lab)["book"], "open": book(lab, may)["book"]}
    run = lab.run(
        [lab.act("plain")],
        books,
        {"off": (("closed",), {}), "on": (("open",), {})},
        sets={"threats.insider_entries_per_year": 0.5},
        **SIZE,
    )
    both = twins(run)
    both.assert_rises("entries_not_theirs")
    both.assert_falls("score_points")
    both.assert_same("acts_culpable")
    written = int(both.count("entries_by_label", "on")[1])
    lab.assert_poisson(written, 0.5 * lab.adult_days(run) / 365.2425)
    assert int(both.count("entries_by_label", "off")[1]) == 0


def test_m122_companies_feed_the_record_or_do_not(lab: Lab, twins: type[Twins]) -> None:
    """M122: what companies withhold is missing from the record; what offices write is not."""
    run = lab.run(
        [lab.act("plain"), lab.act("bought", department="clerks")],
        {"book": [lab.scale(1000), lab.points("plain", "bought", points=-1)]},
        {"off": (("book",), {}), "on": (("book",), {"places.commercial_withheld": 1.0})},
        departments={"clerks": {"kind": "commercial"}},
        **SIZE,
    )
    both = twins(run)
    plain, bought = both.count("entries", "off")[:2]
    assert both.count("entries", "on")[:2].tolist() == [plain, 0]
    assert int(both.count("entries_withheld", "on")[0]) == bought
    assert int(fall(both).sum()) == -bought
    both.assert_rises("score_points")
    both.assert_same("acts_culpable")


def test_m124_who_may_read_the_own_file_knows_sooner(lab: Lab, twins: type[Twins]) -> None:
    """M124: where the file is open to its person, listings are known sooner and contested more.

    Without notice and without refusals nobody would ever know. One who looks even before the
    listing begins can have it undone before it does.
    """
    contest = {
        "window_days": 60, "decide_days": 5, "suspends": False, "counted_from": "knowledge",
    }  # fmt: skip
    listing = lab.register("plain", notice={"required": False}, term={"days": 120}, contest=contest)
    reads = lab.rule("file_access", "open", person_reads=True)
    run = lab.run(
        [lab.act("plain", per_year=0.5)],
        {"closed": [listing], "open": [listing, reads]},
        {"off": (("closed",), {}), "on": (("open",), {})},
        sets={
            "process.looks_per_year": 6,
            "process.contest_if_literate": 1,
            "process.contest_if_not": 1,
            "process.overturned_if_rightful": 1,
            "process.decision_delay_days": 20,
        },
        **SIZE,
    )
    both = twins(run)
    both.assert_falls("silent_days")
    both.assert_falls("listed_days", 0)
    both.assert_same("acts_culpable", "entries")
    assert int(both.count("contests", "off").sum()) == 0
    looked = int(both.count("known_by_look", "on")[0])
    assert looked == int(both.count("contests", "on").sum()) > 0
    assert (both.read("silent_days", "off") == both.read("listed_days", "off").sum(axis=1)).all()


def test_m129_load_makes_late_and_wrong(lab: Lab, twins: type[Twins]) -> None:
    """M129: a department beyond its capacity falls behind, and the further the more it errs."""
    few = {"records.police.capacity_per_1000_year": 1000.0}
    errs = {"process.loss_per_backlog_day": 0.002, "process.mixups_per_backlog_day": 0.002}
    run = lab.run(
        [lab.act("plain")],
        book(lab),
        {"off": (("book",), few), "on": (("book",), {**few, **errs}), "room": (("book",), errs)},
        **SIZE,
    )
    both = twins(run)
    both.assert_rises("entries_not_theirs")
    both.assert_falls("entries")
    both.assert_same("acts_culpable")
    lost = by_step(run, "entries_lost", "on")
    assert lost[0] == 0 < lost[3] < lost[10]
    delays = [int(record.institutions.backlog_days[2].max()) for record in run.history]
    assert delays == sorted(delays)
    assert delays[-1] > 60
    load = run.history[10].counts.department_load[2].sum()
    lab.assert_share(lost[10], int(load), min(0.002 * delays[10], 1))
    for name in ("entries_lost", "entries_mixed_up"):
        assert int(both.count(name, "room")[0]) == int(both.count(name, "off")[0]) == 0


def test_m130_a_number_joins_better_than_a_name(lab: Lab, twins: type[Twins]) -> None:
    """M130: by name more entries are missed or joined to others, at the rates that are set.

    Joined to somebody else, an entry arrives where nothing was done; what is missed is gone.
    """
    rates = {
        "places.away_share": 1.0,
        "places.missed_by_number": 0.01,
        "places.mistaken_by_number": 0.002,
        "places.missed_by_name": 0.2,
        "places.mistaken_by_name": 0.1,
    }
    merged = {"merge": "2019-12-01"}
    run = lab.run(
        [lab.act("plain")],
        book(lab),
        {
            "off": (("book",), {}, {**merged, "join_by": "number"}),
            "on": (("book",), {}, {**merged, "join_by": "name"}),
        },
        sets=rates,
        departments=LOCAL,
        **SIZE,
    )
    both = twins(run)
    both.assert_rises("entries_not_theirs")
    both.assert_same("acts_culpable")
    for arm, missed, mistaken in (("off", 0.01, 0.002), ("on", 0.2, 0.1)):
        written = int(both.count("acts_seen", arm).sum())
        lab.assert_share(int(both.count("entries_unjoined", arm)[0]), written, missed)
        lab.assert_share(int(both.count("entries_misjoined", arm)[0]), written, mistaken)
