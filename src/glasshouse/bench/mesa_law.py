"""The rules of a month as a Mesa programmer would hold them: lists, tuples and floats.

They are read from the same plan as the sweep's tables: chances as floats below 1, cumulative lists
for bisection, and only the rows that a class of people can draw.
"""

from __future__ import annotations

from itertools import accumulate
from types import SimpleNamespace
from typing import Any, NamedTuple

from glasshouse.engine.plan.conduct import (
    MONTH_LENGTHS,
    TRAITS,
    class_rates,
    conduct_tables,
    envelope_of,
    gradient_of,
    month_mean,
)
from glasshouse.engine.plan.exact import poisson_thresholds
from glasshouse.engine.plan.plan import ArmTables, Plan
from glasshouse.engine.settings import Settings
from glasshouse.engine.tables import When
from glasshouse.stages.conduct.conduct_kernel import COUNT_STEPS
from glasshouse.stages.detection.detection_kernel import HERE, N_CHANNELS
from glasshouse.stages.scoring.scoring_kernel import N_GRADES, NO_GRADE, NO_TRAIT
from glasshouse.stages.society.society_kernel import COURT, FIRM, GOVERNMENT, PERSON

ONE_16 = 65536
ONE_32 = 1 << 32
LEVEL = 65535
"""A state's full level in the sweep's columns; here it is 1.0."""

IN_32_BITS = (
    "pursued", "ability_sensitivity", "ability_specificity", "notice_reaches", "contest_lowest",
    "contest_highest", "overturned_if_wrongful", "overturned_if_rightful", "performs",
    "performance_refused", "performance_lost", "aware",
)  # fmt: skip
WHOLE = (
    "decision_delay_days", "notice_delay_span", "deletion_days", "officers_per_office",
    "grade_lists", "has_lists", "has_privileges", "has_association", "score_low", "bin_points",
)  # fmt: skip
FACTORS = ("rewarded_base", "rewarded_top", "strained_base")


class Candidates(NamedTuple):
    """What an activity class can do in a month."""

    counts: list[float]
    """P(at most k candidates), rising."""
    weights: list[float]
    """Cumulative shares of ``rows``."""
    rows: list[tuple[int, int, int, tuple[float, ...], bool]]
    """(row, trait, sort, gradient by eighth, is it an act at all)."""


class Worth(NamedTuple):
    """What an entry is worth on an instrument."""

    instrument: int
    low: int
    span: int
    trait: int
    per_eighth: int
    noise: int
    hold_grade: int
    hold_months: int


def candidates_of(plan: Plan) -> dict[tuple[int, int], Candidates | None]:
    """Give the candidates by activity class and length of the month; None: nothing to do."""
    experiment = plan.experiment
    acts = experiment.arms[0].assumptions.acts
    conduct = conduct_tables(experiment)
    types = len(acts)
    traits = [TRAITS.index(act.varies_with.trait) if act.varies_with else 0 for act in acts]
    gradients = [tuple(float(f / max(row)) for f in row) for row in map(gradient_of, acts)]
    sorts = conduct.sort.tolist()
    made: list[tuple[int, int, int, tuple[float, ...], bool]] = []
    for row in range(3 * types):
        kind = row % types
        if row < types:
            made.append((row, traits[kind], sorts[kind], gradients[kind], True))
        else:
            made.append((row, 0, 0, (1.0,) * 8, False))
    found: dict[tuple[int, int], Candidates | None] = {}
    for activity, rates in enumerate(class_rates(acts, envelope_of(experiment))):
        possible = [at for at, rate in enumerate(rates) if rate]
        whole = float(sum(rates))
        for days in MONTH_LENGTHS:
            if not possible:
                found[activity, days] = None
                continue
            reached = [t / ONE_32 for t in poisson_thresholds(month_mean(rates, days), COUNT_STEPS)]
            shares = list(accumulate(float(rates[at]) / whole for at in possible))
            shares[-1] = 1.0
            found[activity, days] = Candidates(reached, shares, [made[at] for at in possible])
    return found


class ArmLaw:
    """An arm's rules and assumptions in a step."""

    def __init__(self, plan: Plan, tables: ArmTables, arm: int) -> None:
        """Read the arm's tables once into lists."""
        rules, sizes = tables.rules, plan.sizes
        table: dict[str, Any] = {name: getattr(rules, name)[arm].tolist() for name in rules._fields}
        self.table = SimpleNamespace(**table)
        self.settings = settings_of(tables.settings, arm)
        self.types, self.bins, self.n_lists = sizes.types, sizes.bins, sizes.lists
        self.records_on: list[int] = table["records_on"]
        self.cuts: list[int] = tables.grade_cut[arm].tolist()
        self.instruments = self._instruments(sizes.instruments)
        self.worth = {
            kind: [self._worth(act, kind, sizes.instruments) for act in range(sizes.types)]
            for kind in (PERSON, FIRM, COURT, GOVERNMENT)
        }
        self.single: list[int] = table["ground_single"]
        self.counted: list[int] = table["ground_count"]
        self.longest = [
            max((table["list_within_days"][at] for at in bits(mask)), default=-1)
            for mask in self.counted
        ]
        width = N_CHANNELS
        shares = [level / ONE_16 for level in table["channel_share"]]
        self.channels = [
            [shares[at * width : at * width + width - 1] for at in range(half, half + sizes.types)]
            for half in (0, sizes.types)
        ]
        self.wrong = [level / ONE_16 for level in table["wrong_person"]]
        self.wrong_to = [level / ONE_16 for level in table["wrong_to"]]
        self.loss = [level / ONE_16 for level in table["loss"]]
        self.retries = [
            [level / ONE_32 for level in table["retry_cumulative"][at : at + 32]]
            for at in range(0, 32 * sizes.counters, 32)
        ]
        self.cost = [level / LEVEL for level in table["means_loss"]]
        self.associates = [
            (self.table.household_share[i], self.table.friends_share[i])
            for i in range(sizes.instruments)
        ]
        self.is_new = True
        self.seen: list[list[float] | None] = []
        self.backlog: list[int] = []
        self.grade_cuts: list[list[int]] = []

    def begin_step(
        self, when: When, decided: Any, arm: int, urban: list[int], on: list[int]
    ) -> None:
        """Take in what the institutions decided and what depends on the month's length.

        ``urban`` and ``on`` say of each community whether it is a town and whether records are on.
        """
        chances = decided.seen[arm].tolist()
        rows = 3 * self.types
        halves = [[level / ONE_16 for level in chances[at : at + rows]] for at in (0, rows)]
        attention = decided.attention[arm].tolist()
        self.seen = [
            None if not there else half if share == HERE else [one * share / HERE for one in half]
            for half, share, there in zip((halves[u] for u in urban), attention, on, strict=True)
        ]
        self.backlog = decided.backlog_days[arm].tolist()
        waits = zip(self.table.delay_span, self.backlog, strict=True)
        self.latest = max(span + longer for span, longer in waits)
        cuts = decided.grade_cut[arm].tolist()
        self.grade_cuts = [
            cuts[i * N_GRADES + 1 : i * N_GRADES + self.table.grade_count[i]]
            for i in range(len(self.associates))
        ]
        counters = len(self.cost)
        first = (when.month_days - 28) * counters
        self.hazards = [
            level / ONE_32 for level in self.table.attempt_hazard[first : first + counters]
        ]

    def same_scores(self, other: ArmLaw) -> bool:
        """Say whether everybody's score and grade would be the same under another month's rules."""
        return self.grade_cuts == other.grade_cuts and all(
            getattr(self.table, name) == getattr(other.table, name)
            for name in (
                "start", "floor", "cap", "kept_years", "kept_for_good", "applies_kind",
                "instruments_on",
                "grade_favours", "household_share", "friends_share", "list_instrument",
                "list_grade", "list_kind", "lists_on", "records_on",
            )
        )  # fmt: skip

    def _instruments(self, number: int) -> list[dict[int, tuple[int, ...]]]:
        """Give the instruments that score a kind of row, by province."""
        return [
            {
                kind: tuple(
                    i for i in range(number) if (on >> i) & 1 and self.table.applies_kind[i] == kind
                )
                for kind in (0, PERSON, FIRM, COURT, GOVERNMENT)
            }
            for on in self.table.instruments_on
        ]

    def _worth(self, act: int, kind: int, number: int) -> tuple[Worth, ...]:
        """Give what an act is worth to a kind of row, on every instrument where it is anything."""
        t, found = self.table, []
        for instrument in range(number):
            at = instrument * self.types + act
            anything = t.points_low[at] or t.points_span[at] or t.slope_trait[at] != NO_TRAIT
            anything = anything or t.override_grade[at] != NO_GRADE
            if anything and t.applies_kind[instrument] == kind:
                found.append(
                    Worth(
                        instrument, t.points_low[at], t.points_span[at], t.slope_trait[at],
                        t.slope_per_eighth[at], t.slope_noise[at], t.override_grade[at],
                        t.override_months[at],
                    )
                )  # fmt: skip
        return tuple(found)


def settings_of(settings: Settings, arm: int) -> Any:
    """Give an arm's single numbers as floats below 1 where they are shares or chances."""

    def read(name: str) -> float:
        value = int(getattr(settings, name)[arm])
        if name in WHOLE:
            return value
        if name in FACTORS:
            return (value + 1) / ONE_16
        return value / (ONE_32 if name in IN_32_BITS else ONE_16)

    return SimpleNamespace(**{name: read(name) for name in Settings._fields})


def bits(mask: int) -> list[int]:
    """Give the places of the bits that are set."""
    return [at for at in range(mask.bit_length()) if (mask >> at) & 1]
