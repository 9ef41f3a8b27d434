"""Worked cases: what the data room expects is what the engine's own tables and kernels give.

The evaluation is private to these tests: nothing of the package maps given acts to a score.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from glasshouse.engine.plan.plan import Plan, make_plan
from glasshouse.law.case import Case, Outcome
from glasshouse.law.library import Library
from glasshouse.law.rulebook import Listing
from glasshouse.stages.scoring.scoring_kernel import NO_GRADE, clamped, grade_of
from glasshouse.stages.standing.standing_kernel import NEVER

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.conftest import Lab
    from tests.mechanisms.conftest import Twins

CASES = Library().cases()
NAMED = {
    "honking-driver", "grandfathers-day", "lawyers-apology", "journalists-payment",
    "mother-with-her-sons-card", "housewifes-bill", "household-with-two-children", "tour-guide",
    "debtor-on-the-train",
}  # fmt: skip


def plan_of(case: Case, folder: Path) -> Plan:
    """Plan a run in December of the case's year in which every arm holds one of its rulebooks."""
    arms = "".join(
        f"  - {{arm: arm{place}, rulebooks: [{{rulebook: {one.under}}}]}}\n"
        for place, one in enumerate(case.outcomes)
    )
    path = folder / "worked.yaml"
    path.write_text(
        f"scenario: worked\ntitle: t\nquestion: q\nsociety: china-2020\npeople: 64\n"
        f"start: {case.year}-12\nyears: 1\nseed: 1\narms:\n  - {{arm: nothing}}\n{arms}",
        encoding="utf-8",
    )
    return make_plan(Library().resolve(path))


class Bench:
    """One rulebook's tables, asked about a list of acts."""

    def __init__(self, plan: Plan, arm: int, case: Case) -> None:
        """Take the tables of the first step of an arm."""
        tables = plan.tables_of(plan.steps[0])
        self.names, self.arm, self.case = plan.names, arm, case
        self.rule = {name: getattr(tables.rules, name)[arm] for name in tables.rules._fields}
        self.cuts = tables.grade_cut[arm]
        self.acts = [plan.names.acts.index(deed.act) for deed in case.conduct]
        self.is_scored = bool(plan.names.instruments[arm])

    @property
    def extremes(self) -> tuple[int, int]:
        """The fewest and the most points of the whole conduct."""
        low = sum(int(self.rule["points_low"][act]) for act in self.acts)
        return low, low + sum(int(self.rule["points_span"][act]) for act in self.acts)

    @property
    def grade(self) -> int:
        """The grade of somebody who had the start before, with the fewest points of the conduct."""
        rule = self.rule
        points = int(rule["start"][0]) + self.extremes[0]
        score = clamped(points, int(rule["floor"][0]), int(rule["cap"][0]))
        grade = grade_of(score, self.cuts, 0, int(rule["grade_count"][0]))
        held = [int(rule["override_grade"][act]) for act in self.acts]
        return min([grade, *(one for one in held if one != NO_GRADE)])

    @property
    def lists(self) -> list[int]:
        """The lists that hold who did all of this, if everything is written down and followed."""
        rule = self.rule
        bits = 0
        for act in self.acts:
            bits |= int(rule["ground_single"][act])
        for at in range(len(self.names.lists[self.arm])):
            counted = [
                deed.day
                for deed, act in zip(self.case.conduct, self.acts, strict=True)
                if (int(rule["ground_count"][act]) >> at) & 1
            ]
            needed, span = int(rule["list_count"][at]), int(rule["list_within_days"][at])
            enough = needed and len(counted) >= needed and max(counted) - min(counted) < span
            instrument = int(rule["list_instrument"][at])
            low = instrument != NO_GRADE and self.grade <= int(rule["list_grade"][at])
            bits |= (1 << at) if enough or low else 0
        return [at for at in self.black if (bits >> at) & 1]

    @property
    def black(self) -> list[int]:
        """The lists that bar; a red list honours, and no case is about one."""
        named = self.names.lists[self.arm]
        colours = {
            f"{book.rulebook}/{provision.list_id}": provision.colour
            for book in [Library().rulebook(name.partition("/")[0]) for name in named]
            for provision in book.provisions
            if isinstance(provision, Listing)
        }
        return [at for at, name in enumerate(named) if colours[name] == "black"]

    def closed(self, column: str) -> set[str]:
        """The counters that the lists close."""
        bits = 0
        for at in self.lists:
            bits |= int(self.rule[column][at])
        return {name for place, name in enumerate(self.names.counters) if (bits >> place) & 1}


def expect(bench: Bench, said: Outcome) -> None:
    """Assert that one rulebook makes of the conduct what the case says."""
    found = {bench.names.lists[bench.arm][at].rpartition("/")[2] for at in bench.lists}
    assert found == set(said.lists), said.under
    assert (said.points is not None or said.range is not None) == bench.is_scored, said.under
    if bench.is_scored:
        both = (said.points, said.points) if said.range is None else said.range
        assert bench.extremes == both, said.under
    if said.grade is not None:
        assert bench.names.grades[bench.arm][0][bench.grade] == said.grade, said.under
    terms = [int(bench.rule["list_term_days"][at]) for at in bench.lists]
    if said.days is not None:
        assert max(term for term in terms if term < NEVER) == said.days, said.under
    assert set(said.refused) <= bench.closed("list_bars"), said.under
    assert set(said.refused_household) <= bench.closed("list_reaches"), said.under


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_a_worked_case_comes_out_as_it_is_written(case: Case, tmp_path: Path) -> None:
    """Points, grade, lists, term and refused counters of every rulebook that the case names."""
    plan = plan_of(case, tmp_path)
    for place, outcome in enumerate(case.outcomes):
        expect(Bench(plan, place + 1, case), outcome)


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_the_rules_that_a_case_names_are_the_ones_that_decide(case: Case) -> None:
    """Without the provisions named, a rulebook has nothing to say of the conduct."""
    library = Library()
    acts = {deed.act for deed in case.conduct}
    for outcome in case.outcomes:
        book = library.rulebook(outcome.under)
        if book.family == "documented":
            # A documented rulebook holds the law of several dates; the case names that of its year.
            continue
        for provision in book.provisions:
            named = set(getattr(provision, "acts", ())) & acts
            for ground in getattr(provision, "grounds", ()):
                named |= set(ground.acts or ()) & acts
            in_time = provision.from_date.year <= case.year
            if named and in_time:
                assert provision.id in outcome.rules, (outcome.under, provision.id)


def test_what_differs_differs() -> None:
    """No case says of every rulebook the same."""
    for case in CASES:
        ends = {(o.points, o.range, o.grade, o.lists, o.days) for o in case.outcomes}
        assert len(ends) > 1, case.id


def test_the_cases_that_the_texts_tell_are_there() -> None:
    """Nine told cases and two of a country that does not exist."""
    assert {case.id for case in CASES} >= NAMED
    assert sum(case.told.under.startswith("pellucid-") for case in CASES) == 2


def test_m87_small_slips_of_one_day_add_up(lab: Lab, twins: type[Twins]) -> None:
    """M87: four kinds of slip, none of which lists alone, list whoever makes enough of them."""
    slips = ("red_light", "illegal_parking", "honking", "game_purchase")
    acts = [lab.act(name, per_year=2.0) for name in slips]

    def book(*named: str) -> list[Any]:
        return [
            lab.scale(100),
            lab.rule("grade", "low", grade="Low", at_least=-20_000),
            lab.rule("grade", "fair", grade="Fair", at_least=90),
            lab.points(*named, points=-4),
            lab.rule(
                "list", "low-list", list="low", title="low",
                grounds=[{"id": "low", "grade_at_most": "Low"}], ability_test=False,
                term={"until": "grade_recovers"}, notice={"required": True}, contest="none",
                published=False, measures=[],
            ),
        ]  # fmt: skip

    books = {"one": book(slips[0]), "four": book(*slips)}
    arms: Any = {"off": (("one",), {}), "on": (("four",), {})}
    run = lab.run(acts, books, arms, people=16_384, community_size=512)
    both = twins(run)
    both.assert_rises("listed_days")
    both.assert_same("acts_culpable")
    person = run.world.rows.kind == 1
    for arm in ("off", "on"):
        lost = 100 - both.read("score_points", arm)[:, 0][person]
        listed = both.read("listed", arm)[person] != 0
        assert ((lost > 10) == listed).all()
        assert (lost % 4 == 0).all()
    one_slip = 100 - both.read("score_points", "off")[:, 0]
    many = 100 - both.read("score_points", "on")[:, 0]
    assert ((one_slip[person] <= 8) & (many[person] >= 12)).any()


def test_m87_the_grandfather_s_day_is_told_three_ways() -> None:
    """M87: one day of four slips lists under the text that tells it, and not where 1000 starts."""
    case = next(case for case in CASES if case.id == "grandfathers-day")
    assert [deed.day for deed in case.conduct] == [0, 0, 0, 0]
    by_book = {outcome.under: outcome for outcome in case.outcomes}
    assert by_book["national-score-orwells-nightmare"].lists == ("bad-credit",)
    assert by_book["national-score-as-told"].lists == ()
    assert by_book["place-yunnan-as-told"].points == 0
