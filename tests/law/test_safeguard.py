"""Safeguards amend law, only add, commute, and say what they change."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasshouse.errors import BadInput
from glasshouse.law.amend import Facts, amended, facts_of
from glasshouse.law.library import Library
from glasshouse.law.rulebook import (
    Association,
    Listing,
    Points,
    Privilege,
    Rulebook,
    RulebookHeader,
    Scale,
)
from glasshouse.law.safeguard import Bound, How, Safeguard
from glasshouse.law.safeguarded import held_values

if TYPE_CHECKING:
    from tests.law.conftest import Rooms

BOOKS = (
    "national-score-as-told",
    "court-list-as-documented",
    "rail-list-as-documented",
    "pellucid-civic-score",
    "pellucid-register",
    "western-credit-bureau",
    "rongcheng-2013",
    "jinan-dog-licence-2017",
    "enterprise-list-as-documented",
    "perks-and-bars-as-told",
)
NEEDED = {
    "notice", "human-review", "expiry", "cap-per-act", "context-firewall", "ability-test",
    "copy-audit", "no-family", "consent", "random-audit",
}  # fmt: skip
LAW: dict[str, Any] = {
    "from": dt.date(2019, 1, 1),
    "cite": {"source": "gazette", "at": "art. 1"},
    "evidence": "fiction",
}
FACTS = Facts(
    {"debt": "finance", "slip": "travel", "deed": "welfare"},
    {"train": "travel", "loan": "finance", "school": "education"},
    lambda one, other: one == other,
    frozenset({"debt"}),
    frozenset({"school"}),
)


@pytest.fixture(scope="module")
def library() -> Library:
    """The packaged rooms."""
    return Library()


@pytest.fixture(scope="module")
def room(library: Library) -> dict[str, Safeguard]:
    """The packaged safeguards by name."""
    return {one.safeguard: one for one in library.safeguards()}


@pytest.fixture(scope="module")
def facts(library: Library) -> Facts:
    """What the packaged assumptions say of acts and counters."""
    return facts_of(library.assumptions())


@pytest.fixture(scope="module")
def books(library: Library) -> tuple[Rulebook, ...]:
    """Some packaged rulebooks of every family."""
    return tuple(library.rulebook(name) for name in BOOKS)


def book(*provisions: Any) -> Rulebook:
    """Give a rulebook of these provisions."""
    header = RulebookHeader(
        rulebook="b", title="t", family="fictional", place="p", summary="s", instrument="i",
        applies_to="person", enrolment="mandatory",
    )  # fmt: skip
    return Rulebook(**header.model_dump(), provisions=provisions)


def scale(start: int = 1000, floor: int | None = None, cap: int | None = None) -> Scale:
    """Give a scale."""
    said = {"id": "scale", "rule": "scale", "start": start, "floor": floor, "cap": cap}
    return Scale.model_validate({**LAW, **said})


def points(name: str = "points", acts: tuple[str, ...] = ("debt",), **worth: Any) -> Points:
    """Give what acts are worth."""
    return Points.model_validate({"id": name, "rule": "points", "acts": acts, **LAW, **worth})


def black(*measures: tuple[str, str], **said: Any) -> Listing:
    """Give a black list that closes counters (each with whom it reaches) until one performs."""
    acts = said.pop("acts", ("debt",))
    return Listing.model_validate(
        {
            "id": "black", "rule": "list", "list": "black", "title": "t",
            "grounds": ({"id": "acts", "acts": acts},), "ability_test": False,
            "term": {"until": "performed"}, "notice": {"required": False},
            "performance": {"deletes": True}, "published": False,
            "measures": tuple({"counter": c, "reaches": r} for c, r in measures),
            **LAW, **said,
        }
    )  # fmt: skip


def only(law: Rulebook, kind: type[Any]) -> Any:
    """Give the one provision of a kind."""
    (found,) = (p for p in law.provisions if isinstance(p, kind))
    return found


# --- the room -----------------------------------------------------------------------------------


def test_the_room_has_the_ten_and_each_says_what_it_follows(room: dict[str, Safeguard]) -> None:
    """All that the issue names are there, each cites a text, and a number that is a choice says so.

    A text that could not be looked up says (unverified).
    """
    assert room.keys() >= NEEDED
    for one in room.values():
        assert one.cite.at
        assert one.does.endswith(".")
        for number in one.quantities.values():
            assert number.range[0] < number.range[1]
    assert any("(unverified)" in one.cite.at for one in room.values())


def test_a_wrong_document_is_refused_where_it_is_wrong(rooms: Rooms) -> None:
    """Unknown keys, an unknown source, a bound from both sides and no amendment get a position."""
    text = (
        "safeguard: slow\ntitle: t\ndoes: d\ncite: {source: gazete, at: art. 1}\n"
        "evidence: documented\nhow:\n  lists: {notise: true}\n"
        "  values: {process.pursued: {at_least: 0, at_most: 1, why: w}}\n"
    )
    path = rooms.write("safeguards/slow.yaml", text)
    said = [str(problem) for problem in rooms.library.check(path)]
    assert any(":7:" in one and "notice" in one for one in said)
    assert any(":4:" in one and "gazette" in one for one in said)
    assert any(":8:" in one and "at_least, or at_most" in one for one in said)
    rooms.write("safeguards/slow.yaml", text[: text.index("how")] + "how: {lists: {}}\n")
    said = [str(problem) for problem in rooms.library.check(path)]
    assert any("amends nothing" in one for one in said)
    with pytest.raises(BadInput):
        rooms.library.safeguards()


def test_a_number_out_of_bounds_is_refused(rooms: Rooms) -> None:
    """No listing can end after no day, and no protection is taken away."""
    head = "safeguard: slow\ntitle: t\ndoes: d\ncite: {source: gazette, at: a}\nevidence: fiction\n"
    for how, word in (
        ("{lists: {ends_after_days: {value: 0, range: [0, 9], guess: g}}}", "out of bounds"),
        ("{points: {most_per_1000_of_start: {value: 5, range: [5, 5000], guess: g}}}", "bounds"),
        ("{lists: {notice: false}}", "false"),
        ("{scores: {enrolment: mandatory}}", "mandatory"),
        ("[]", "a list where a mapping belongs"),
    ):
        path = rooms.write("safeguards/slow.yaml", f"{head}how: {how}\n")
        assert any(word in str(problem) for problem in rooms.library.check(path)), how


def test_a_file_has_the_name_of_its_safeguard(rooms: Rooms) -> None:
    """A safeguard is looked for by its file's name, so both are the same."""
    path = rooms.write(
        "safeguards/fast.yaml",
        "safeguard: slow\ntitle: t\ndoes: d\ncite: {source: gazette, at: a}\nevidence: fiction\n"
        "how: {lists: {notice: true}}\n",
    )
    assert "call the file slow.yaml" in str(rooms.library.check(path)[0])


# --- what each makes of a provision -------------------------------------------------------------


def test_notice_review_and_appeal_are_added_to_black_lists(room: dict[str, Safeguard]) -> None:
    """A black list gets what it lacks; a red one, which does nobody wrong, is left alone."""
    red = black(colour="red", term={"days": 9}, performance=None, id="red", list="red")
    law = book(black(), red)
    told = amended(law, [room["notice"]], FACTS)
    assert told.provisions[0].notice.required  # type: ignore[union-attr]
    assert told.provisions[1] is red
    seen = amended(law, [room["human-review"]], FACTS)
    assert seen.provisions[0].human_review  # type: ignore[union-attr]
    assert seen.provisions[1] is red
    contest = amended(law, [room["appeal"]], FACTS).provisions[0].contest  # type: ignore[union-attr]
    assert contest is not None
    assert contest.counted_from == "knowledge"


def test_an_end_is_set_only_where_the_term_is_longer(room: dict[str, Safeguard]) -> None:
    """A list until one performs ends after the document's days; a shorter one keeps its own."""
    days = round(room["expiry"].quantities["lists.ends_after_days"].number)
    until = amended(book(black()), [room["expiry"]], FACTS)
    assert only(until, Listing).expires.days == days
    assert only(until, Listing).term.until == "performed"
    shorter: tuple[dict[str, Any], ...] = (
        {"term": {"days": days}},
        {"expires": {"days": days - 1}},
    )
    for said in shorter:
        law = book(black(**said))
        assert amended(law, [room["expiry"]], FACTS) is law
    longer = amended(book(black(term={"days": days + 1})), [room["expiry"]], FACTS)
    assert only(longer, Listing).expires.days == days


def test_no_act_costs_more_than_the_cap_and_none_brings_a_grade(
    room: dict[str, Safeguard],
) -> None:
    """20 of 1000 points: fixed points, ranges and repeats are cut, gains and small losses stay."""
    most = 20
    worths: tuple[tuple[dict[str, Any], tuple[int, int]], ...] = (
        ({"points": -50}, (-most, -most)),
        ({"points": -5}, (-5, -5)),
        ({"points": 80}, (80, 80)),
        ({"range": (-50, -5)}, (-most, -5)),
        ({"range": (-50, -30)}, (-most, -most)),
        ({"points": -5, "repeated": {"points": (-10, -90), "within_days": 9}}, (-most, -5)),
        ({"slope": {"trait": "honesty", "per_eighth": 5, "noise": 1, "base": -40}}, (-most, 17)),
    )
    for worth, ends in worths:
        law = amended(book(scale(), points(**worth)), [room["cap-per-act"]], FACTS)
        assert only(law, Points).extremes == ends
    once = points(points=-5, overrides_grade={"grade": "D", "months": 12})
    assert only(amended(book(scale(), once), [room["cap-per-act"]], FACTS), Points) == (
        points(points=-5)
    )


def test_the_cap_goes_with_the_scale(room: dict[str, Safeguard]) -> None:
    """2 per cent of the start; of the width where one starts from nothing; at least one point."""
    for start, floor, cap, most in ((100, None, None, 2), (12, 0, 12, 1), (0, -500, 500, 20)):
        law = book(scale(start, floor, cap), points(points=-50))
        assert only(amended(law, [room["cap-per-act"]], FACTS), Points).points == -most
    endless = book(scale(0), points(points=-50))
    assert amended(endless, [room["cap-per-act"]], FACTS) is endless


def test_the_firewall_leaves_what_is_related_to_every_ground(room: dict[str, Safeguard]) -> None:
    """A debt closes loans and no train; a list of two contexts, or by a mixed score, none."""
    both = (("train", "person"), ("loan", "person"))
    wall = [room["context-firewall"]]
    (left,) = only(amended(book(black(*both)), wall, FACTS), Listing).measures
    assert left.counter == "loan"
    mixed = book(black(*both, acts=("debt", "slip")))
    assert only(amended(mixed, wall, FACTS), Listing).measures == ()
    low: dict[str, Any] = {
        "grounds": ({"id": "low", "grade_at_most": "C"},),
        "term": {"until": "grade_recovers"},
    }
    perk = Privilege.model_validate(
        {"id": "perk", "rule": "privilege", "grade": "A", "counters": ("loan", "train"), **LAW}
    )
    of_money = amended(book(scale(), points(points=-5), black(*both, **low), perk), wall, FACTS)
    assert [m.counter for m in only(of_money, Listing).measures] == ["loan"]
    assert only(of_money, Privilege).counters == ("loan",)
    of_all = book(scale(), points(acts=("debt", "deed"), points=-5), black(*both, **low), perk)
    walled = amended(of_all, wall, FACTS)
    assert only(walled, Listing).measures == ()
    assert not any(isinstance(provision, Privilege) for provision in walled.provisions)


def test_ability_is_tested_where_a_ground_needs_means(room: dict[str, Safeguard]) -> None:
    """A debtor is asked whether he can pay; whoever smoked on a train is not."""
    tested = amended(book(black()), [room["ability-test"]], FACTS)
    assert only(tested, Listing).ability_test
    other = book(black(acts=("slip",)))
    assert amended(other, [room["ability-test"]], FACTS) is other


def test_nobody_answers_for_another(room: dict[str, Safeguard]) -> None:
    """The household's bars become the person's, once; a child's place is open; ties are dropped."""
    ties = [
        Association.model_validate(
            {"id": name, "rule": "association", "ties": name, "share": 0.05, **LAW}
        )
        for name in ("household", "friends", "workplace")
    ]
    bars = (
        ("train", "household"), ("train", "person"), ("loan", "person"), ("school", "household"),
        ("school", "person"), ("loan", "representative"),
    )  # fmt: skip
    law = amended(book(black(*bars), *ties), [room["no-family"]], FACTS)
    assert [(m.counter, m.reaches) for m in only(law, Listing).measures] == [
        ("train", "person"), ("loan", "person"), ("loan", "representative"),
    ]  # fmt: skip
    assert [p.ties for p in law.provisions if isinstance(p, Association)] == ["workplace"]


def test_consent_is_asked_by_scores_alone(room: dict[str, Safeguard]) -> None:
    """An instrument with a score becomes voluntary; a list without one asks nobody."""
    assert amended(book(scale()), [room["consent"]], FACTS).enrolment == "voluntary"
    lists = book(black())
    assert amended(lists, [room["consent"]], FACTS) is lists


def test_values_move_to_the_bound_and_never_back(room: dict[str, Safeguard]) -> None:
    """Copies are corrected at least so often, attention follows records at most so far."""
    often, follows = "process.copies_corrected_per_year", "detection.attention_follows_records"
    numbers = {often: 2.0, follows: 0.5, "detection.attention_follows_file": 0.0}
    both = room["copy-audit"], room["random-audit"]
    assert held_values(both, numbers) == {often: 52.0, follows: 0.0}
    assert held_values(both, {**numbers, often: 60.0, follows: 0.0}) == {}
    assert Bound(at_most=0.5, why="w").held(0.2) == 0.2


# --- together -----------------------------------------------------------------------------------


def test_safeguards_commute_and_twice_is_once(
    room: dict[str, Safeguard], books: tuple[Rulebook, ...], facts: Facts
) -> None:
    """Over every pair of safeguards and every rulebook the order changes nothing.

    A rulebook that has a safeguard is the same object after it is added again.
    """
    for law in books:
        single = {name: amended(law, [one], facts) for name, one in room.items()}
        for name, one in room.items():
            assert amended(single[name], [one], facts) is single[name]
        for first, second in itertools.combinations(room, 2):
            there = amended(single[first], [room[second]], facts)
            back = amended(single[second], [room[first]], facts)
            assert there == back, (law.rulebook, first, second)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_set_of_safeguards_is_a_set(
    data: st.DataObject,
    room: dict[str, Safeguard],
    books: tuple[Rulebook, ...],
    facts: Facts,
) -> None:
    """Any subset gives the same law in any order, however often each is said."""
    law = data.draw(st.sampled_from(books))
    names = data.draw(st.lists(st.sampled_from(sorted(room)), unique=True))
    again = data.draw(st.permutations([*names, *names[:2]]))
    once = amended(law, [room[name] for name in sorted(names)], facts)
    assert amended(law, [room[name] for name in again], facts) == once
    assert amended(once, [room[name] for name in names], facts) is once


def test_provisions_without_a_change_stay_the_same_object(
    room: dict[str, Safeguard], books: tuple[Rulebook, ...], facts: Facts
) -> None:
    """What a safeguard does not change is not copied, so that what changed can be told."""
    law = books[0]
    new = amended(law, [room["notice"]], facts)
    changed = [p.id for p, old in zip(new.provisions, law.provisions, strict=True) if p is not old]
    assert changed == ["debtors-as-told", "travel-misconduct"]


# --- in a scenario ------------------------------------------------------------------------------


def changes(library: Library, scenario: str, **sets: str) -> dict[str, dict[str, int]]:
    """Give, by arm, the safeguards that are on and how much each changes."""
    named = {path.replace("__", ".").replace("_", "-"): value for path, value in sets.items()}
    experiment = library.resolve(scenario, {"people": "100", **named})
    return {
        arm.name: {on.name: len(on.changes) for on in arm.safeguards} for arm in experiment.arms
    }


def test_a_switch_is_for_all_arms_that_have_a_law_or_for_one(library: Library) -> None:
    """The baseline has nothing to guard; an arm's own switch goes before the one for all."""
    found = changes(library, "compare", safeguards__notice="on", safeguards__appeal="off")
    assert found == {"nothing": {}, "as-told": {"notice": 2}, "as-documented": {"notice": 4}}
    experiment = library.resolve(
        "compare", {"safeguards.notice": "on", "arms.as-told.safeguards.notice": "off"}
    )
    assert [len(arm.safeguards) for arm in experiment.arms] == [0, 0, 1]
    assert "safeguards/notice.yaml" in experiment.files


def test_a_safeguard_that_changes_nothing_says_so(library: Library) -> None:
    """The documented lists can be contested already."""
    experiment = library.resolve("compare", {"safeguards.appeal": "on"})
    told, documented = (arm.safeguards[0] for arm in experiment.arms[1:])
    assert told.words() == "appeal (2 changes)"
    assert documented.words() == "appeal (changes nothing here)"
    before = library.resolve("compare")
    assert experiment.arms[2].rulebooks == before.arms[2].rulebooks


def test_what_is_wrong_with_a_switch_is_said(library: Library) -> None:
    """Unknown names, no position of a switch, no name, an arm in which nobody is scored."""
    for path, value, word in (
        ("safeguards.notise", "on", "did you mean `notice`?"),
        ("arms.as-told.safeguards.notise", "on", "did you mean `notice`?"),
        ("safeguards.notice", "1", "on or off"),
        ("safeguards", "on", "safeguards.NAME=on"),
        ("arms.as-told.safeguards", "on", "safeguards.NAME=on"),
        ("arms.nothing.safeguards.notice", "on", "where nobody is scored"),
        ("arms.told.safeguards.notice", "on", "unknown arm"),
    ):
        with pytest.raises(BadInput) as caught:
            library.resolve("as-told", {path: value})
        assert word in str(caught.value), path


def test_a_scenario_says_its_safeguards_where_it_says_them_wrongly(rooms: Rooms) -> None:
    """Every name is checked at its place, once each, and none in an arm without law."""
    rooms.write(
        "safeguards/notice.yaml",
        "safeguard: notice\ntitle: t\ndoes: d\ncite: {source: gazette, at: a}\n"
        "evidence: fiction\nhow: {lists: {notice: true}}\n",
    )
    said = "  - arm: scored\n    safeguards: [notise, notice, notice]\n"
    rooms.change("scenarios/try.yaml", "  - arm: scored\n", said)
    rooms.change("scenarios/try.yaml", "rulebooks: []}", "rulebooks: [], safeguards: [notice]}")
    found = [str(one) for one in rooms.problems(lambda: rooms.library.resolve("try"))]
    assert any(":13:18:" in one and "`notice`?" in one for one in found)
    assert any(":13:34:" in one and "stands twice" in one for one in found)
    assert any(":11:48:" in one and "nobody is scored" in one for one in found)


def test_what_a_scenario_says_for_all_passes_by_where_nobody_is_scored(rooms: Rooms) -> None:
    """Stated for all it holds in the arm with law alone; one arm can be spared, or add its own."""
    head = "title: t\ndoes: d\ncite: {source: gazette, at: a}\nevidence: fiction\n"
    rooms.write(
        "safeguards/short.yaml",
        f"safeguard: short\n{head}"
        "how: {lists: {ends_after_days: {value: 30, range: [1, 90], guess: g}}}\n",
    )
    rooms.write(
        "safeguards/sure.yaml",
        f"safeguard: sure\n{head}how: {{values: {{process.pursued: {{at_most: 0, why: w}}}}}}\n",
    )
    rooms.change(
        "scenarios/try.yaml", "  - arm: scored\n", "  - arm: scored\n    safeguards: [sure]\n"
    )
    text = (rooms.root / "scenarios/try.yaml").read_text(encoding="utf-8")
    rooms.write("scenarios/try.yaml", f"{text}safeguards: [short]\n")
    nothing, scored = rooms.library.resolve("try").arms
    assert nothing.safeguards == ()
    assert [on.words() for on in scored.safeguards] == ["short (1 change)", "sure (1 change)"]
    assert scored.assumptions.process["pursued"].number == 0
    assert only(scored.rulebooks[0].rulebook, Listing).expires.days == 30
    _, spared = rooms.library.resolve("try", {"arms.scored.safeguards.short": "off"}).arms
    assert [on.name for on in spared.safeguards] == ["sure"]


def test_a_bound_that_no_assumption_can_have_is_refused(rooms: Rooms) -> None:
    """A safeguard holds only what is there, within its declared range."""
    rooms.write(
        "safeguards/notice.yaml",
        "safeguard: notice\ntitle: t\ndoes: d\ncite: {source: gazette, at: a}\n"
        "evidence: fiction\nhow: {values: {process.pursued: {at_least: 7, why: w}}}\n",
    )
    sets = {"safeguards.notice": "on"}
    (problem,) = rooms.problems(lambda: rooms.library.resolve("try", sets))
    assert "outside the declared range" in str(problem)


def test_two_that_pull_apart_are_refused(rooms: Rooms) -> None:
    """A value held from both sides would depend on the order, so it is no law."""
    for name, bound in (("a", "at_least: 0.9"), ("b", "at_most: 0.1")):
        rooms.write(
            f"safeguards/{name}.yaml",
            f"safeguard: {name}\ntitle: t\ndoes: d\ncite: {{source: gazette, at: a}}\n"
            f"evidence: fiction\nhow: {{values: {{process.pursued: {{{bound}, why: w}}}}}}\n",
        )
    sets = {"safeguards.a": "on", "safeguards.b": "on"}
    (problem,) = rooms.problems(lambda: rooms.library.resolve("try", sets))
    assert "hold it apart" in str(problem)


def test_what_it_does_nothing_by_is_no_safeguard() -> None:
    """A document that amends nothing is refused when it is made in Python, too."""
    with pytest.raises(ValueError, match="amends nothing"):
        How()
