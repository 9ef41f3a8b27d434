"""What is settled before the first step: refusals at the door, the calendar, memory."""

from __future__ import annotations

import calendar
import datetime as dt
import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from glasshouse.engine.drivers import driver
from glasshouse.engine.plan import door
from glasshouse.engine.plan.calendar import date_of, steps_of
from glasshouse.engine.plan.conduct import envelope_of
from glasshouse.engine.plan.exact import decimal
from glasshouse.engine.plan.memory import extents
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.simulation import Simulation
from glasshouse.engine.tables import KIND_OF_RULE
from glasshouse.errors import BadInput
from glasshouse.law.library import Library
from glasshouse.stages.record.record_kernel import year_of
from glasshouse.state.columns import OUTCOME, STATE, STATIC, bytes_each

if TYPE_CHECKING:
    from tests.engine.conftest import Lab


def refused(lab: Lab, *said: Any, **settings: Any) -> str:
    """Give what the door says to a world."""
    with pytest.raises(BadInput) as caught:
        make_plan(lab.experiment(*said, people=1024, **settings))
    return str(caught.value)


def test_a_provision_that_pauses_is_counted_once() -> None:
    """One that is off for some months is one provision in force, and stands on its first place."""
    rule = "rules.pellucid-register.debtors"
    paused = {f"{rule}@2020-07": "off", f"{rule}@2020-10": "on"}
    whole, less = (
        make_plan(Library().resolve("pellucid", {"people": "64", **sets})).provisions[1]
        for sets in ({}, paused)
    )
    assert [one.id for one in less] == [one.id for one in whole]


def test_too_many_candidates_are_refused(lab: Lab) -> None:
    """A month in which the count table could run out, with what would fit."""
    said = refused(lab, [lab.act("busy", per_year=500)], {})
    assert "41." in said or "42." in said
    assert "candidate acts a person and month" in said
    assert "at most 15" in said
    make_plan(lab.experiment([lab.act("busy", per_year=180)], {}, people=1024))


@pytest.mark.parametrize(
    ("path", "value"),
    [("detection.camera.wrong_person", 1e-5), ("records.police.loss", 2e-4)],
)
def test_chances_that_sixteen_bits_cannot_hold_are_refused(
    lab: Lab, path: str, value: float
) -> None:
    """A chance that would lose more than 1 % of its value, by its path; zero is welcome."""
    books = {"book": [lab.scale(), lab.points("plain", points=-1)]}
    said = refused(lab, [lab.act("plain")], books, sets={path: value})
    assert f"arms.scored.{path}" in said
    assert "16 bits" in said
    make_plan(lab.experiment([lab.act("plain")], books, sets={path: 0.0}, people=1024))


def test_sights_that_sixteen_bits_cannot_hold_are_refused(lab: Lab) -> None:
    """The same of what channels see, in town and country."""
    books = {"book": [lab.scale(), lab.points("plain", points=-1)]}
    said = refused(lab, [lab.act("plain", seen_by={"camera": 1e-4})], books)
    assert "arms.scored.acts.plain.seen_by" in said


def test_gradients_that_sixteen_bits_cannot_hold_are_refused(lab: Lab) -> None:
    """A trait and a gain that make the least rate vanish beside the greatest."""
    acts, sets = [lab.act("deed", "rewarded", ratio=1000)], {"response.gaming_gain": 3}
    assert "acts.deed" in refused(lab, acts, {}, sets=sets)
    make_plan(lab.experiment(acts, {}, people=1024))


@pytest.mark.parametrize(
    ("what", "most"), [("lists", 16), ("scored rulebooks", 8), ("counters", 32)]
)
def test_more_than_the_bits_hold_is_refused(lab: Lab, what: str, most: int) -> None:
    """Lists, instruments and counters are bits or codes of the columns."""

    def world(number: int) -> tuple[dict[str, Any], dict[str, Any]]:
        acts = "plain"
        if what == "lists":
            return {"book": [lab.register(acts, name=f"list{n}") for n in range(number)]}, {}
        if what == "counters":
            return {}, {"counters": number}
        return {f"book{n}": [lab.scale(), lab.points(acts, points=-1)] for n in range(number)}, {}

    books, settings = world(most + 1)
    said = refused(lab, [lab.act("plain")], books, **settings)
    assert f"{what}: {most + 1} of them (at most {most})" in said
    books, settings = world(most)
    make_plan(lab.experiment([lab.act("plain")], books, people=1024, **settings))


def test_too_many_grades_are_refused(lab: Lab) -> None:
    """Sixteen grades fit."""
    for number in (16, 17):
        book = [lab.scale()]
        book += [lab.rule("grade", f"g{n}", grade=f"G{n}", at_least=n) for n in range(number)]
        if number == 16:
            make_plan(lab.experiment([lab.act("plain")], {"book": book}, people=1024))
        else:
            assert "grades of book: 17 of them" in refused(lab, [lab.act("plain")], {"book": book})


def test_the_first_arm_scores_nobody(lab: Lab) -> None:
    """Effects are told against a baseline; without one the run is refused."""
    library = lab.write([lab.act("plain")], {"book": [lab.scale()]})
    (library.root / "scenarios").mkdir()
    (library.root / "scenarios" / "try.yaml").write_text(
        "{scenario: try, title: t, question: q, society: pellucid, people: 1000, start: 2020-01,"
        " years: 1, step: month, seed: 1, arms: [{arm: scored, rulebooks: [{rulebook: book}]}]}",
        encoding="utf-8",
    )
    with pytest.raises(BadInput, match=r"the first arm, `scored`, has rulebooks"):
        make_plan(library.resolve("try"))


def test_strain_is_no_policy(lab: Lab) -> None:
    """Want moves conduct alike in every arm."""
    arms = {"rich": ((), {"response.strain": 2})}
    assert "response.strain: differs between arms" in refused(lab, [lab.act("plain")], {}, arms)


def test_a_list_counts_one_thing(lab: Lab) -> None:
    """One count and one window a list."""
    grounds = [
        {"id": f"n{count}", "acts": ["plain"], "count": count, "within_days": 90}
        for count in (2, 3)
    ]
    said = refused(lab, [lab.act("plain")], {"book": [lab.register(grounds=grounds)]})
    assert "arms.scored.book.register-list" in said
    assert "several grounds that count entries" in said


def test_the_door_says_everything_at_once(lab: Lab) -> None:
    """Every question is asked, and all answers come together."""
    arms = {"scored": (("book",), {"response.strain": 2, "records.police.loss": 1e-5})}
    books = {"book": [lab.scale(), lab.points("plain", points=-1)]}
    said = refused(lab, [lab.act("plain", per_year=900)], books, arms)
    assert all(
        part in said for part in ("candidate acts", "response.strain", "records.police.loss")
    )


def test_every_question_of_the_door_is_asked_here() -> None:
    """A new question needs a test of this file."""
    asked = {name for name in vars(door) if name.startswith(("no_", "the_", "strain_", "one_"))}
    assert asked == {
        "no_candidate_beyond_the_count_table",
        "no_probability_too_small_for_sixteen_bits",
        "no_more_than_the_tables_hold",
        "the_first_arm_is_a_baseline",
        "strain_is_the_same_in_every_arm",
        "one_count_ground_a_list",
    }


def test_packaged_scenarios_pass_the_door() -> None:
    """What is shipped can be run."""
    for name in Library().names("scenarios"):
        make_plan(Library().resolve(name, {"people": "1000"}))


# --- calendar ----------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["month", "week", "day"])
@pytest.mark.parametrize("start", [dt.date(2019, 7, 1), dt.date(1999, 12, 1), dt.date(2099, 1, 1)])
def test_steps_cover_every_day_once(step: str, start: dt.date) -> None:
    """In order, without gap or overlap, through leap years and a century that is none."""
    steps = steps_of(start, 60, step)
    assert steps[0].first_day == 0
    assert all(one.end_day == other.first_day for one, other in itertools.pairwise(steps))
    assert date_of(start, steps[-1].end_day) == start.replace(year=start.year + 5)
    assert {when.run_end_day for when in steps} == {steps[-1].end_day}
    assert [when.step for when in steps] == list(range(len(steps)))


@pytest.mark.parametrize("step", ["month", "week", "day"])
def test_steps_are_cut_at_the_ends_of_months(step: str) -> None:
    """Each lies in one calendar month and says which; weeks begin with the month."""
    start = dt.date(2019, 7, 1)
    for when in steps_of(start, 60, step):
        first, last = date_of(start, when.first_day), date_of(start, when.end_day - 1)
        assert (first.year, first.month) == (last.year, last.month)
        assert when.month == first.year * 12 + first.month - 1
        assert when.year == first.year
        assert when.month_days == calendar.monthrange(first.year, first.month)[1]
        assert when.month_first == when.first_day - (first.day - 1)
        assert when.age_month == (first.year - 2019) * 12 + first.month - 7
        assert when.begins_year == (first.month == 1 and first.day == 1)
        assert when.start_ordinal == start.toordinal()
        if step == "week":
            assert (first.day - 1) % 7 == 0
            assert last.day == min(first.day + 6, when.month_days)


def test_february_has_its_leap_day() -> None:
    """2020 and 2000 do, 2100 does not; a day has its month's hazard."""
    lengths = {
        year: steps_of(dt.date(year, 1, 1), 2, "month")[1].month_days for year in (2000, 2020, 2100)
    }
    assert lengths == {2000: 29, 2020: 29, 2100: 28}
    assert len(steps_of(dt.date(2020, 1, 1), 12, "day")) == 366


def test_the_kernel_s_calendar_is_the_calendar() -> None:
    """The year of a day, at both ends of every year from 1950 to 2250."""
    for year in range(1950, 2251):
        for day in (
            dt.date(year, 1, 1),
            dt.date(year, 2, 28),
            dt.date(year, 3, 1),
            dt.date(year, 12, 31),
        ):
            assert year_of(day.toordinal()) == year, day


# --- sizes -------------------------------------------------------------------------------------


def test_fixed_state_is_within_its_budget() -> None:
    """In the scenario of the demo: 36 bytes a person and arm, and 32 that the arms share."""
    plan = make_plan(Library().resolve("as-told"))
    length = extents(plan.sizes)
    assert bytes_each(STATIC, length) <= 32
    assert bytes_each(STATE, length) <= 36


def test_memory_is_what_was_announced(lab: Lab) -> None:
    """The arrays of a run take the bytes that the plan says, group by group."""
    plan = make_plan(lab.everything(people=1024))
    said, run = plan.bytes_needed(), Simulation(plan, driver("python"))

    def taken(bundle: Any) -> int:
        return sum(array.nbytes for array in bundle)

    world = run.world
    assert taken(world.rows) == said["static"]
    assert taken(world.state) == said["state"]
    assert taken(world.outcome) == said["outcome"]
    assert taken(world.entries) + taken(world.listings) == said["pools"]
    assert taken(run.there._frames) == said["frame"]
    assert taken(run.there._sums) == said["counts"]
    assert len(OUTCOME) == len(world.outcome)


def test_the_last_community_may_be_cut(lab: Lab) -> None:
    """Rows that do not exist stay nobody, and nothing happens to them."""
    run = lab.finished(make_plan(lab.everything(people=1000)), lab.compiled)
    assert run.communities == 8
    assert run.world.place.people.tolist() == [128] * 7 + [104]
    assert (run.world.rows.kind[7, 104:] == 0).all()
    assert (run.world.rows.kind[7, :104] != 0).all()
    for name, array in run.world.outcome._asdict().items():
        assert not array[7, ..., 104:].any(), name


def test_policy_does_not_change_the_envelope(lab: Lab) -> None:
    """Candidates come from rates that bound all arms, so adding a policy leaves them alone."""
    acts = [lab.act("plain"), lab.act("deed", "rewarded", culpable=False)]
    books = {"book": [lab.scale(), lab.points("plain", points=-1)]}
    bare = envelope_of(lab.experiment(acts, books, {}, people=1024))
    scored = envelope_of(lab.experiment(acts, books, people=1024))
    assert bare == scored
    assert bare.acts == (decimal(4.0), decimal(4.0))


def test_tables_are_those_of_the_day(lab: Lab) -> None:
    """A law that begins and ends is in force from its first day to the one before its last."""
    book = [
        lab.scale(),
        {**lab.points("plain", points=-1), "from": "2020-03-15", "until": "2020-05-01"},
    ]
    plan = make_plan(lab.experiment([lab.act("plain")], {"book": book}, people=1024, step="day"))
    on = [bool(plan.tables_of(when).rules.points_low[1].any()) for when in plan.steps]
    first = (dt.date(2020, 3, 15) - dt.date(2020, 1, 1)).days
    last = (dt.date(2020, 5, 1) - dt.date(2020, 1, 1)).days
    assert np.flatnonzero(on).tolist() == list(range(first, last))


def test_every_rule_is_of_the_kind_that_is_said() -> None:
    """In all that is shipped the sweep finds each rule among those of its kind, cell for cell."""
    library = Library()
    for scenario in library.names("scenarios"):
        plan = make_plan(library.resolve(scenario))
        first, last = (plan.tables_of(plan.steps[step]) for step in (0, -1))
        for tables, (place, (name, kind)) in itertools.product(
            (first, last), enumerate(KIND_OF_RULE.items())
        ):
            rule, of_kind = getattr(tables.rules, name), getattr(tables.laws, kind)
            assert rule.dtype == of_kind.dtype == np.dtype(kind), (scenario, name)
            for arm, begins in enumerate(tables.laws.begins):
                begin, end = begins[2 * place : 2 * place + 2]
                assert np.array_equal(of_kind[arm, begin:end], rule[arm]), (scenario, name)
