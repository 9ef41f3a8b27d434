"""Detection: who sees, who is watched more closely, and whose act it is taken for."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from glasshouse.law.library import Library
from glasshouse.law.rulebook import DISPLAYS, Points
from glasshouse.stages.detection.detection_kernel import ON_A_MAP
from glasshouse.stages.society.society_kernel import LICENSED

if TYPE_CHECKING:
    from tests.engine.conftest import Lab
    from tests.mechanisms.conftest import Twins

    from glasshouse.engine.simulation import Simulation

DAYS_A_YEAR = 365.2425
SMALL = {"people": 16_384, "community_size": 512}


def book(lab: Lab, *acts: str, **said: Any) -> list[Any]:
    """Give a scale and five points off for each act."""
    return [lab.scale(), lab.points(*acts, points=-5, **said)]


def two(off: dict[str, float], on: dict[str, float], name: str = "book") -> dict[str, Any]:
    """Give two arms of the same rulebook that differ by their assumptions."""
    return {"off": ((name,), off), "on": ((name,), on)}


def total(both: Twins, name: str, arm: str) -> int:
    """Give a count of an arm over everything."""
    return int(both.count(name, arm).sum())


def rows_of(run: Simulation, name: str) -> Any:
    """Give a fixed column as whole numbers."""
    return getattr(run.world.rows, name).astype(int)


def test_m03_the_wider_the_cover_the_more_of_a_life_is_on_file(
    lab: Lab, twins: type[Twins]
) -> None:
    """M03: acts of every domain leave a record in proportion to coverage; nobody acts otherwise."""
    acts = [
        lab.act(domain, domain=domain, seen_by={"camera": 0.5})
        for domain in ("administrative", "commercial", "social", "law_enforcement")
    ]
    few, most = (
        {f"detection.camera.covers_{place}": share for place in ("urban", "rural")}
        for share in (0.2, 0.8)
    )
    names = [act["id"] for act in acts]
    run = lab.run(acts, {"book": book(lab, *names)}, two(few, most), **SMALL)
    both = twins(run)
    both.assert_same("acts_culpable")
    both.assert_rises("entries")
    for arm, share in (("off", 0.1), ("on", 0.4)):
        lab.assert_share(total(both, "entries", arm), total(both, "acts", arm), share)
        assert (both.count("entries", arm)[:4] > 0).all()


def test_m19_a_warning_deters_and_sees_nothing(lab: Lab, twins: type[Twins]) -> None:
    """M19: those who know leave warned acts undone; seeing, and every other act, stay as they are.

    At a caution of 0.5 that deters by 0.6 three in ten warned acts are left undone, from the step
    on that follows the one in which people learn of the scheme.
    """
    acts = [lab.act("smoking", "deterred"), lab.act("litter", "deterred")]
    plain = book(lab, "smoking", "litter")
    books = {"plain": plain, "warned": [*plain, lab.rule("announcement", acts=["smoking"])]}
    sets = {
        "response.deterrence": 0.6,
        "response.announced_caution": 0.5,
        "process.entry_known": 0.0,
    }
    run = lab.run(
        acts,
        books,
        {
            "off": (("plain",), {}),
            "on": (("warned",), {}),
            "deaf": (("warned",), {"response.aware": 0.0}),
        },
        sets=sets,
        **SMALL,
    )
    both = twins(run)
    both.assert_falls("acts_culpable")
    done, warned = both.count("acts", "off"), both.count("acts", "on")
    assert done[1] == warned[1]
    first = [int(run.history[0].counts.acts[arm, :, 0].sum()) for arm in (1, 2)]
    assert first[0] == first[1]
    lab.assert_share(int(warned[0]) - first[1], int(done[0]) - first[0], 0.7)
    lab.assert_share(int(both.count("acts_seen", "on")[0]), int(warned[0]), 0.5)
    assert (both.count("acts", "deaf") == done).all()
    assert (both.read("entries", "deaf") == both.read("entries", "off")).all()


def test_m27_an_entry_lands_on_the_wrong_person(lab: Lab, twins: type[Twins]) -> None:
    """M27: by household, namesake or face, entries move to others at the rate set, and no act does.

    A namesake is anybody of the community; a face is anybody's of the gallery, so elsewhere.
    """
    mixed, face = {"detection.camera.wrong_person": 0.2}, FACES | {"detection.camera.match": 1.0}
    run = lab.run(
        [lab.act("slip")],
        {"book": book(lab, "slip")},
        {**two({}, mixed), "face": (("book",), face)},
        **SMALL,
    )
    both = twins(run)
    both.assert_rises("entries_not_theirs")
    both.assert_same("acts_culpable")
    labels = both.count("entries_by_label", "on")
    lab.assert_share(int(labels[1]), int(labels.sum()), 0.2)
    assert both.count("entries_by_label", "off")[1] == 0
    # Of the mistakes 0.4 stay in the household, where there is another member.
    theirs, acted = both.read("entries_not_theirs", "on"), both.read("acts_culpable", "on")
    assert ((theirs > 0) & (acted == 0)).any()
    assert total(both, "strays", "on") == 0
    lab.assert_share(
        total(both, "strays", "face"), total(both, "acts_seen", "face"), wrong_face(1.0, LEFT)
    )


def test_m28_neighbours_watch_the_listed(lab: Lab, twins: type[Twins]) -> None:
    """M28: who is on a list with a map is seen and falsely reported more; the others as before."""
    assert DISPLAYS[ON_A_MAP] == "map"
    acts = [
        lab.act("debt", per_year=0.5),
        lab.act("slip", seen_by={"neighbour": 0.1}, false_per_year=0.1),
    ]
    debtors = lab.register("debt", term={"days": 3000}, published=True, display="map")
    named = lab.register("debt", term={"days": 3000}, published=True)
    books = {"map": [*book(lab, "slip"), debtors], "names": [*book(lab, "slip"), named]}
    watch = {"detection.map_watch": 3.0}
    run = lab.run(
        acts,
        books,
        {"off": (("map",), {}), "on": (("map",), watch), "names": (("names",), watch)},
        years=2,
        **SMALL,
    )
    both = twins(run)
    both.assert_rises("entries")
    both.assert_rises("entries_not_theirs")
    both.assert_same("acts_culpable", "listings")
    free = both.read("listings", "on") == 0
    for column in ("entries", "entries_not_theirs"):
        assert (both.read(column, "on")[free] == both.read(column, "off")[free]).all()
        assert (both.read(column, "names") == both.read(column, "off")).all()


def test_m31_a_reward_brings_reports_true_and_false(lab: Lab, twins: type[Twins]) -> None:
    """M31: twice the reward's reports, of what was done and of what was not; acts stay as they are.

    Where grudges are borne, people on a public list are falsely reported more, and they alone.
    """
    acts = [
        lab.act("slip", seen_by={"informant": 0.1}, false_per_year=0.2),
        lab.act("feud", per_year=0.5),
    ]
    listed = lab.register("feud", term={"days": 3000}, published=True)
    reward = {"detection.informant_reward": 1.0}
    run = lab.run(
        acts,
        {"book": [*book(lab, "slip"), listed]},
        {**two({}, reward), "grudge": (("book",), reward | {"detection.grudge": 4.0})},
        **SMALL,
    )
    both = twins(run)
    both.assert_same("acts_culpable")
    both.assert_rises("entries_not_theirs")
    both.assert_rises("entries")
    years = lab.adult_days(run) / DAYS_A_YEAR
    for arm, share, rate in (("off", 0.1, 0.2), ("on", 0.2, 0.4)):
        seen, done = (int(both.count(name, arm)[0]) for name in ("acts_seen", "acts"))
        lab.assert_share(seen, done, share)
        lab.assert_poisson(int(both.count("entries", arm)[2]), rate * years)
    grudge = twins(run, "on", "grudge")
    grudge.assert_rises("entries_not_theirs")
    free = grudge.read("listings", "grudge") == 0
    for arm in ("on", "grudge"):
        assert grudge.read("entries_not_theirs", arm)[free].sum() > 0
    same = grudge.read("entries", "grudge") == grudge.read("entries", "on")
    assert same[free].all()


def test_m50_a_board_shows_whoever_honked(lab: Lab, twins: type[Twins]) -> None:
    """M50: beside points and nothing else, a board lists every horn heard, masked, need or no."""
    acts = [lab.act("honk", seen_by={"camera": 0.3}, necessary=0.25)]
    points = book(lab, "honk")
    ground = {"id": "horn", "acts": ["honk"]}
    board = lab.register(name="board", grounds=[ground], published=True, display="masked")
    heard = lab.register(
        name="board",
        grounds=[{**ground, "necessity_defence": True}],
        published=True,
        display="masked",
    )
    run = lab.run(
        acts,
        {"points": points, "board": [*points, board], "heard": [*points, heard]},
        {name: ((name,), {}) for name in ("points", "board", "heard")},
        **SMALL,
    )
    both = twins(run, "points", "board")
    both.assert_rises("listings")
    both.assert_same("acts_culpable", "entries", "score_points")
    shown = both.count("exposed_days", "board")
    assert shown[DISPLAYS.index("masked")] == shown.sum() > 0
    assert both.count("listed", "board")[2] > 0
    assert both.count("listed", "heard")[2] == 0


def test_m88_necessity_is_no_defence_unless_a_rule_says_so(lab: Lab, twins: type[Twins]) -> None:
    """M88: a horn of need costs what every horn costs, though no wrong; where heard, nothing."""
    acts = [lab.act("honk", necessary=0.3)]
    books = {"deaf": book(lab, "honk"), "hears": book(lab, "honk", necessity_defence=True)}
    run = lab.run(acts, books, {"off": (("hears",), {}), "on": (("deaf",), {})}, **SMALL)
    both = twins(run)
    both.assert_rises("entries")
    both.assert_falls("score_points")
    both.assert_same("acts_culpable")
    labels = both.count("entries_by_label", "on")
    # Several horns of one day share the day's need, so the count is a little wider than binomial.
    lab.assert_share(int(labels[2]), int(labels.sum()), 0.3)
    heard = both.count("entries_by_label", "off")
    assert heard[2] == 0
    assert heard[0] == labels[0]
    assert total(both, "excused", "off") == labels[2]
    assert total(both, "excused", "on") == 0


EVERYDAY = {
    "test_m51": ("red_light", "bad_driving", "jaywalking", "crosswalk"),
    "test_m53": ("fare_evasion", "transit_fare_cheating", "rail_smoking", "ticket_reselling"),
    "test_m54": ("littering", "garbage_unsorted", "smoking_zone"),
    "test_m55": ("parking_unpaid", "late_electricity", "late_heating"),
    "test_m56": (
        "exam_cheating", "false_marriage_history", "illegal_parking", "leaving_job_without_notice",
    ),
}  # fmt: skip
NAMED = [act for acts in EVERYDAY.values() for act in acts]


@cache
def worth(act: str) -> int:
    """Give what an act costs in the national score as told."""
    found = [
        provision.points
        for provision in Library().rulebook("national-score-as-told").provisions
        if isinstance(provision, Points) and act in provision.acts
    ]
    assert len(found) == 1, act
    assert found[0] is not None
    return found[0]


@pytest.fixture(scope="module")
def streets(lab: Lab) -> dict[str, Simulation]:
    """A year in which every act is as frequent as every other, each named in an arm of its own."""
    acts = [lab.act(act, per_year=1.0, seen_by={"camera": 0.4}) for act in NAMED]
    books = {act: [lab.scale(), lab.points(act, points=worth(act))] for act in NAMED}
    runs: dict[str, Simulation] = {}
    for half in (NAMED[:9], NAMED[9:]):
        arms: dict[str, Any] = {act: ((act,), {}) for act in half}
        run = lab.run(acts, books, arms, people=4096, community_size=128)
        runs |= dict.fromkeys(half, run)
    return runs


def check_everyday(lab: Lab, twins: type[Twins], streets: dict[str, Simulation], act: str) -> None:
    """Compare what an act costs with detection x rate x points, and see that nothing else moves."""
    street = streets[act]
    both = twins(street, "nothing", act)
    both.assert_same("acts_culpable", "acts_lawful", "acts_praised", "means", "trust", "listings")
    both.assert_rises("entries")
    entries = both.count("entries", act)
    place = NAMED.index(act)
    assert entries[place] == entries.sum()
    lab.assert_poisson(int(entries[place]), 0.4 * lab.adult_days(street) / DAYS_A_YEAR)
    kind = rows_of(street, "kind") == 1
    fall = 1000 - both.read("score_points", act)[:, 0][kind]
    assert fall.sum() == -worth(act) * entries[place]


@pytest.mark.parametrize("act", EVERYDAY["test_m51"])
def test_m51_conduct_in_the_street_costs_points(
    lab: Lab, twins: type[Twins], streets: dict[str, Simulation], act: str
) -> None:
    """M51: a named act of the street lowers the score by detection x rate x points, and no more."""
    check_everyday(lab, twins, streets, act)


@pytest.mark.parametrize("act", EVERYDAY["test_m53"])
def test_m53_misconduct_on_the_way_costs_points(
    lab: Lab, twins: type[Twins], streets: dict[str, Simulation], act: str
) -> None:
    """M53: a named act on trains and metros lowers the score by detection x rate x points."""
    check_everyday(lab, twins, streets, act)


@pytest.mark.parametrize("act", EVERYDAY["test_m54"])
def test_m54_litter_and_smoke_cost_points(
    lab: Lab, twins: type[Twins], streets: dict[str, Simulation], act: str
) -> None:
    """M54: garbage and smoke lower the score by detection x rate x points, and no more."""
    check_everyday(lab, twins, streets, act)


@pytest.mark.parametrize("act", EVERYDAY["test_m55"])
def test_m55_unpaid_bills_cost_points(
    lab: Lab, twins: type[Twins], streets: dict[str, Simulation], act: str
) -> None:
    """M55: an unpaid bill lowers the score by detection x rate x points, and no more."""
    check_everyday(lab, twins, streets, act)


@pytest.mark.parametrize("act", EVERYDAY["test_m56"])
def test_m56_other_local_minuses_cost_points(
    lab: Lab, twins: type[Twins], streets: dict[str, Simulation], act: str
) -> None:
    """M56: what one place or another names lowers the score by detection x rate x points."""
    check_everyday(lab, twins, streets, act)


def test_m57_the_licensed_have_more_entries_for_the_same_conduct(
    lab: Lab, twins: type[Twins]
) -> None:
    """M57: under twice the scrutiny twice as many of their acts are seen, and nobody else's."""
    acts = [lab.act("slip", seen_by={"counter": 0.2})]
    on = {"detection.scrutiny_of_licensed": 1.0}
    run = lab.run(acts, {"book": book(lab, "slip")}, two({}, on), people=32_768, community_size=512)
    both = twins(run)
    both.assert_rises("entries")
    both.assert_same("acts_culpable")
    licensed = (rows_of(run, "exposure") & LICENSED) != 0
    assert 0 < licensed.mean() < 0.05
    for arm, share in (("off", 0.2), ("on", 0.4)):
        entries, done = both.read("entries", arm), both.read("acts_culpable", arm)
        lab.assert_share(int(entries[licensed].sum()), int(done[licensed].sum()), share)
    same = both.read("entries", "on") == both.read("entries", "off")
    assert same[~licensed].all()


def test_m57_attention_follows_a_file(lab: Lab, twins: type[Twins]) -> None:
    """M57: who has an entry is watched more closely from then on; whoever has none is not."""
    acts = [lab.act("slip", seen_by={"counter": 0.1})]
    on = {"detection.attention_follows_file": 1.0}
    run = lab.run(acts, {"book": book(lab, "slip")}, two({}, on), **SMALL)
    both = twins(run)
    both.assert_rises("entries")
    both.assert_same("acts_culpable")
    assert ((both.read("entries", "on") > 0) == (both.read("entries", "off") > 0)).all()


LEFT = 0.13
"""False faces that a reviewer leaves, a probe: 1,300 x 1e-4."""

FACES = {
    "detection.camera.match": 0.9,
    "detection.camera.gallery": 1.3e9,
    "detection.camera.false_match_rate": 1e-6,
    "detection.camera.reviewer_rejects": 0.9999,
}


def found_face(match: float, left: float) -> float:
    """Give the share of probes after which somebody is named."""
    return match + (1 - match) * (1 - math.exp(-left))


def wrong_face(match: float, left: float) -> float:
    """Give the share of those named who are somebody else."""
    return 1 - match * (1 - math.exp(-left)) / left / found_face(match, left)


def test_m70_a_large_gallery_names_the_wrong_face(lab: Lab, twins: type[Twins]) -> None:
    """M70: 1.3 thousand million faces at one false match in a million make 1,300 a probe.

    What a reviewer leaves of them is named in the place of the right one, and lands elsewhere.
    """
    rejects = FACES | {"detection.camera.reviewer_rejects": 1.0}
    run = lab.run(
        [lab.act("slip", seen_by={"camera": 0.5})],
        {"book": book(lab, "slip")},
        {**two({}, FACES), "all": (("book",), rejects)},
        **SMALL,
    )
    both = twins(run)
    both.assert_same("acts_culpable")
    for arm in ("on", "all"):
        assert total(both, "wrong_faces", arm) == 1300 * total(both, "face_probes", arm) > 0
    assert total(both, "wrong_faces", "off") == total(both, "face_probes", "off") == 0
    for arm, share in (("off", 0.5), ("on", 0.5 * found_face(0.9, LEFT)), ("all", 0.45)):
        lab.assert_share(total(both, "acts_seen", arm), total(both, "acts", arm), share)
    lab.assert_share(
        total(both, "strays", "on"), total(both, "acts_seen", "on"), wrong_face(0.9, LEFT)
    )
    assert total(both, "strays", "all") == total(both, "strays", "off") == 0
    both.assert_rises("entries_not_theirs")


def test_m71_a_mobile_watch_sees_in_its_provinces_alone(lab: Lab, twins: type[Twins]) -> None:
    """M71: where it flies it sees at its rate, elsewhere nothing; nobody acts otherwise."""
    acts = [lab.act("slip", seen_by={"mobile": 0.4})]
    off = {"detection.mobile.covers_urban": 0.0, "detection.mobile.covers_rural": 0.0}
    run = lab.run(
        acts, {"book": book(lab, "slip")}, two(off, {}), people=32_768, community_size=128
    )
    both = twins(run)
    both.assert_rises("entries")
    both.assert_same("acts_culpable")
    number, there = run.plan.names.arms.index("on"), run.plan.names.provinces.index("Middle")
    seen, done = (
        sum(getattr(record.counts, name)[number].sum(axis=1) for record in run.history)
        for name in ("acts_seen", "acts")
    )
    assert seen.sum() == seen[there]
    assert (done > 0).all()
    lab.assert_share(int(seen[there]), int(done[there]), 0.4)


def test_m116_a_grid_watcher_sees_a_neighbourhood_whole(lab: Lab, twins: type[Twins]) -> None:
    """M116: so many neighbourhoods have a watcher; in these acts are seen, in the others none."""
    acts = [lab.act("slip", seen_by={"grid": 0.4})]
    off, on = (
        {f"detection.grid.covers_{place}": share for place in ("urban", "rural")}
        for share in (0.0, 0.3)
    )
    run = lab.run(
        acts, {"book": book(lab, "slip")}, two(off, on), people=32_768, community_size=128
    )
    both = twins(run)
    both.assert_rises("entries")
    both.assert_same("acts_culpable")
    entries, done = (both.by_community(name, "on") for name in ("entries", "acts_culpable"))
    watched = entries > 0
    lab.assert_share(int(watched.sum()), len(watched), 0.3)
    lab.assert_share(int(entries[watched].sum()), int(done[watched].sum()), 0.4)


def test_m73_a_flag_lists_before_any_act(lab: Lab, twins: type[Twins]) -> None:
    """M73: a search is lawful, and a list of searches holds people who have done nothing at all."""
    acts = [
        lab.act("search", "chilled", culpable=False, who="online", seen_by={"device_search": 0.5}),
        lab.act("theft", per_year=0.1),
    ]
    books = {"off": book(lab, "theft"), "on": [*book(lab, "theft"), lab.register("search")]}
    run = lab.run(acts, books, {name: ((name,), {}) for name in books}, **SMALL)
    both = twins(run)
    both.assert_rises("listings")
    both.assert_same("acts_culpable", "acts_lawful", "score_points")
    listed = both.read("listings", "on") > 0
    innocent = both.read("acts_culpable", "on") == 0
    assert (listed & innocent).sum() > 0.8 * listed.sum()
    assert both.count("listed", "on")[3] == both.count("listed", "on").sum()
    told = Library().rulebook("pre-crime-flag-as-told")
    assert {provision.evidence for provision in told.provisions} == {"fiction"}
    for name in Library().names("scenarios"):
        experiment = Library().resolve(name)
        used = {use.rulebook.rulebook for arm in experiment.arms for use in arm.rulebooks}
        assert told.rulebook not in used


def test_a_workplace_reports_its_members(lab: Lab) -> None:
    """A workplace sees as any channel does, and what it mistakes stays among neighbours."""
    run = lab.run(
        [lab.act("slip", seen_by={"workplace": 0.3})], {"book": book(lab, "slip")}, people=8192
    )
    lab.assert_share(lab.total(run, "acts_seen"), lab.total(run, "acts"), 0.3)
    assert np.array_equal(run.world.outcome.entries_not_theirs[:, 1].sum(), 0)
