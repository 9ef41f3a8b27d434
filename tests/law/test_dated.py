"""Law can change on a day: rulebooks give way to others, provisions are off and on again."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from glasshouse.errors import BadInput
from glasshouse.experiment.free import Free
from glasshouse.law.dated import overlaid, path_on, periods_of, taken_apart
from glasshouse.law.library import Library

if TYPE_CHECKING:
    from tests.law.conftest import Rooms

    from glasshouse.law.experiment import ArmRules

JULY, OCTOBER = dt.date(2020, 7, 1), dt.date(2020, 10, 1)
RULEBOOK = "arms.scored.rulebook"
SCORE, REGISTER = "pellucid-civic-score", "pellucid-register"
Uses = list[tuple[str, dt.date | None, dt.date | None]]


def scored(**sets: str) -> ArmRules:
    """Give the scored arm of `pellucid`; two underscores stand for what is no letter."""
    return Library().resolve("pellucid", sets).arms[1]


def uses(arm: ArmRules) -> Uses:
    """Give the rulebooks of an arm and from when until when it has them."""
    return [(use.rulebook.rulebook, use.from_date, use.until_date) for use in arm.rulebooks]


def test_no_rulebook_from_a_day_on() -> None:
    """The arm is still no baseline: it had rules."""
    arm = scored(**{"arms.scored.rulebook@2020-07": "none"})
    assert {(begins, ends) for _, begins, ends in uses(arm)} == {(None, JULY)}
    assert not arm.is_baseline
    assert not any(use.is_on(JULY) for use in arm.rulebooks)
    assert all(use.is_on(JULY - dt.timedelta(days=1)) for use in arm.rulebooks)


def test_one_that_stays_is_not_interrupted() -> None:
    """Of three the register stays; a second one joins it, and in October only that is left."""
    first = {"arms.scored.rulebook@2020-07": f"{REGISTER}+national-score-as-told"}
    assert uses(scored(**first))[1:] == [
        (REGISTER, None, None),
        ("pellucid-enterprise-rating", None, JULY),
        ("national-score-as-told", JULY, None),
    ]
    then = first | {"arms.scored.rulebook@2020-10": "national-score-as-told"}
    assert uses(scored(**then))[1:] == [
        (REGISTER, None, OCTOBER),
        ("pellucid-enterprise-rating", None, JULY),
        ("national-score-as-told", JULY, None),
    ]


def test_a_provision_ends_or_comes_on_a_day() -> None:
    """Off ends it; what is left out and on again begins then; the others are the same objects."""
    whole = scored().rulebooks[1].rulebook.provisions
    name = f"rules.{REGISTER}.{whole[0].id}"
    ended = scored(**{f"{name}@2020-07": "off"}).rulebooks[1].rulebook.provisions
    assert [(p.id, p.until_date) for p in ended] == [(whole[0].id, JULY), (whole[1].id, None)]
    assert ended[1] == whole[1]
    later = scored(**{name: "off", f"arms.scored.{name}@2020-10": "on"})
    assert later.rulebooks[1].rulebook.provisions[0].from_date == OCTOBER
    paused = scored(**{f"{name}@2020-07": "off", f"{name}@2020-10": "on"})
    dates = [(p.from_date, p.until_date) for p in paused.rulebooks[1].rulebook.provisions[:2]]
    assert dates == [(whole[0].from_date, JULY), (OCTOBER, None)]


def test_periods_follow_switches_and_suspensions() -> None:
    """A switch that says what is so already cuts nothing; suspensions take out their days."""
    always = (dt.date.min, dt.date.max)
    assert periods_of({JULY: True}, [], is_on=True) == (always,)
    assert periods_of({JULY: False}, [], is_on=False) == ()
    assert periods_of({dt.date.max: True}, [], is_on=True) == (always,)
    assert periods_of({}, [(JULY, OCTOBER)], is_on=True) == (
        (dt.date.min, JULY),
        (OCTOBER, dt.date.max),
    )
    assert periods_of({JULY: False}, [(JULY, OCTOBER)], is_on=True) == ((dt.date.min, JULY),)


def test_a_path_has_its_day_behind_it() -> None:
    """By the month where the day is its first."""
    assert taken_apart("a.b") == ("a.b", None)
    assert taken_apart(path_on("a.b", JULY)) == ("a.b", JULY)
    assert path_on("a.b", JULY) == "a.b@2020-07"
    assert taken_apart("a.b@2020-07-02") == ("a.b", dt.date(2020, 7, 2))


def test_a_day_has_one_value_in_whichever_spelling() -> None:
    """What comes later gives the other up; of two that are typed at once neither is chosen."""
    said = {"people": "9", "a.b@2020-07-01": "1", "a.b@2020-08": "2"}
    assert overlaid(said, {"a.b@2020-07": "3"}) == {
        "people": "9",
        "a.b@2020-08": "2",
        "a.b@2020-07": "3",
    }
    for path, one, other in (
        ("arms.scored.rulebook", "none", REGISTER),
        (f"rules.{REGISTER}.debtors", "off", "on"),
    ):
        same = {f"{path}@2020-07": one, f"{path}@2020-07-01": one}
        assert scored(**same) == scored(**{f"{path}@2020-07": one})
        with pytest.raises(BadInput, match="two values hold from 2020-07-01 on"):
            scored(**{f"{path}@2020-07": one, f"{path}@2020-07-01": other})


def test_no_provision_leans_on_a_grade_that_is_out_of_force() -> None:
    """The grade may go with all that names it, before it or after, but not leave it behind."""
    grade, doors = (f"rules.{SCORE}.{name}" for name in ("crystal", "crystal-doors"))
    for day in ("2018-01", "2020-07"):
        scored(**{f"{grade}@{day}": "off", f"{doors}@{day}": "off"})
        with pytest.raises(BadInput, match="`crystal-doors` leans on the grade Crystal, which is"):
            scored(**{f"{grade}@{day}": "off", f"{doors}@2020-10": "off"})
    scored(**{f"{doors}@2020-07": "off", f"{grade}@2020-10": "off"})


def test_what_has_counted_does_not_count_again() -> None:
    """A rule that reaches back and comes again may reach only what nothing has counted."""
    book = "new-offence-backdated"
    begun = {"arms.scored.rulebook": book, "start": "2018-01"}
    for path, off, on in ((f"rules.{book}.offence", "off", "on"), (RULEBOOK, "none", book)):
        scored(**begun, **{f"{path}@2018-04": off, f"{path}@2018-07": on})
        again = {f"{path}@2019-04": off, f"{path}@2019-07": on}
        with pytest.raises(BadInput, match="reaches back on 2019-07-01 to what `offence` has"):
            scored(**begun, **again)
    late = {f"rules.{book}.offence@2018-02": "off", f"rules.{book}.offence@2019-07": "on"}
    assert scored(**begun, **late).rulebooks


def test_another_rulebook_takes_the_place_of_suspensions_too() -> None:
    """What an arm suspends of a rulebook goes with it, from the beginning or before it began."""
    name, arm = "tightened-and-loosened", "arms.strict-for-a-year.rulebook"
    assert any(one.suspended for one in Library().scenario(name).arms)
    (use,) = Library().resolve(name, {arm: REGISTER}).arms[-1].rulebooks
    assert use.rulebook == Library().rulebook(REGISTER)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("arms.scored.rulebook@2020-7", "none", "is no day"),
        ("arms.scored.rulebook@", "none", "is no day"),
        ("arms.scored.rulebook@2020-07", "nothing-such", "no rulebook"),
        ("rulebook@2020-07", "none", "arm by arm"),
        ("arms.scored.rulebook@2020-07@2020-08", "none", "is no day"),
        ("arms.scored.rulebook@2020-07", f"none+{REGISTER}", "names no rulebooks"),
        ("arms.scored.rulebook@2020-07", f"+{REGISTER}", "names no rulebooks"),
        ("arms.scored.rulebook@2022-01", "none", "behind the end of the run"),
        ("response.aware@2020-07", "0.5", "only law changes on a day"),
        ("people@2020-07", "100", "only law changes on a day"),
        ("safeguards.notice@2020-07", "on", "from the first day"),
        (f"rules.{REGISTER}.nothing-such@2020-07", "off", "no arm has"),
        (f"rules.{REGISTER}.debtors@2020-07", "perhaps", "on or off"),
        (f"rules.{SCORE}.murky@2020-07", "off", "leans on"),
    ],
)
def test_what_cannot_change_on_a_day_is_refused(path: str, value: str, said: str) -> None:
    """Values that are no law, days that are none, names that are not there."""
    with pytest.raises(BadInput) as refused:
        scored(**{path: value})
    assert any(said in str(problem) for problem in refused.value.problems)


def test_a_rule_with_a_day_is_no_parameter_either() -> None:
    """Line 3 of the house."""
    free = Free(Library().resolve("pellucid"), drawn=False)
    for path in ("arms.scored.rulebook@2020-07", f"rules.{REGISTER}.debtors@2020-07"):
        assert "a rule is no parameter" in free.flaw_of_path(path)[0]


def test_a_scenario_says_it_too(rooms: Rooms) -> None:
    """`until` of a rulebook, and provisions that are suspended; backwards is refused."""
    path = rooms.root / "scenarios/try.yaml"
    old = path.read_text(encoding="utf-8")
    book = next(use.rulebook for arm in rooms.library.resolve("try").arms for use in arm.rulebooks)
    name = f"{book.rulebook}/{book.provisions[-1].id}"

    def put(use: str, suspended: str) -> None:
        text = old.replace("from: 2015-01", use)
        line = f"    suspended: [{suspended}]\n    set: {{process"
        path.write_text(text.replace("    set: {process", line), encoding="utf-8")

    put("from: 2015-01, until: 2030-01", f"{{provision: {name}, from: 2021-01, until: 2022-01}}")
    (use,) = rooms.library.resolve("try").arms[-1].rulebooks
    assert use.until_date == dt.date(2030, 1, 1)
    pieces = [p for p in use.rulebook.provisions if p.id == book.provisions[-1].id]
    assert [piece.until_date for piece in pieces] == [dt.date(2021, 1, 1), None]
    assert pieces[1].from_date == dt.date(2022, 1, 1)
    put("from: 2030-01, until: 2029-01", f"{{provision: {name}}}")
    with pytest.raises(BadInput) as refused:
        rooms.library.resolve("try")
    said = str(refused.value)
    assert "before it begins" in said
    assert "has no day" in said
