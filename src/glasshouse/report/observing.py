"""A run directory as metrics see it: one `Observed` an arm, columns and counts read when asked for.

Nothing needs the engine. A column of outcome rows is read once, as numbers alone, and only if some
metric asks for it; a count of every step likewise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from glasshouse.archive.database import listed, named
from glasshouse.archive.outcomes import KINDS, SEXES
from glasshouse.errors import BadUsage, GlasshouseError
from glasshouse.metrics.observed import Act, Instrument, Kept, Names, Observed, Steps
from glasshouse.report.in_force import acts_of, strictness
from glasshouse.state.counts import COUNTS

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from glasshouse.archive.legend import Legend
    from glasshouse.archive.reading import Archive
    from glasshouse.law.experiment import ArmRules, Experiment

_TEXTS = {"kind": KINDS, "sex": SEXES}
"""Columns of words whose codes are their places here."""

_AXES = {count.name: count.axes for count in COUNTS}


class Rows(Mapping[str, "NDArray[np.generic]"]):
    """The outcome rows of one arm, by person; a column is read when it is asked for."""

    def __init__(self, archive: Archive, arm: int) -> None:
        """Take an archive and the place of an arm."""
        self._archive = archive
        legend = archive.provenance.legend
        self._arm = legend.arms[arm].arm
        self._codes: dict[str, tuple[str, ...]] = {**_TEXTS, "province": legend.provinces}
        scored = {one.rulebook: one.grades for one in legend.arms[arm].instruments}
        self._codes |= {f"grade_{book}": grades for book, grades in scored.items()}
        columns = archive.outcomes().columns if archive.has_outcomes else []
        self._names = tuple(name for name in columns if name != "arm" and _is_of(name, scored))
        self._kept = Kept()

    def __getitem__(self, name: str) -> NDArray[np.generic]:
        """Give a column: codes for words, -1 for no code, nan for no score."""
        if name not in self._names:
            raise KeyError(name)
        return self._kept.get(name, lambda: self._read(name))

    def __contains__(self, name: object) -> bool:
        """Say whether there is such a one, without reading it."""
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def _read(self, name: str) -> NDArray[np.generic]:
        column = named(name)
        if name in self._codes:
            words = listed(self._codes[name])
            column = f"CAST(coalesce(list_position({words}, {column}) - 1, -1) AS SMALLINT)"
        elif name == "age_years":
            column = f"coalesce({column}, -1)"
        elif name.startswith("score_points_"):
            column = f"coalesce(CAST({column} AS REAL), 'nan')"
        # DuckDB gives the rows in the order in which they stand: by person, then by arm.
        return self._archive.outcomes_of(self._arm, column)


def _is_of(name: str, scored: Mapping[str, tuple[str, ...]]) -> bool:
    """Say whether a column is this arm's: scores and grades of other arms' rulebooks are not."""
    for stem in ("score_points_", "grade_"):
        if name.startswith(stem):
            return name.removeprefix(stem) in scored
    return True


class CountedSteps(Steps):
    """The counts of one arm; sums and the last step come from the archive's one query for them."""

    def __init__(self, archive: Archive, arm: int) -> None:
        """Take an archive and the place of an arm."""
        self._archive, self._arm = archive, arm
        self._legend = archive.provenance.legend
        known = self._legend.extents.keys()
        self._names = frozenset(name for name, axes in _AXES.items() if known >= set(axes))
        self._kept = Kept()

    def __getitem__(self, name: str) -> NDArray[np.int64]:
        """Give a count as [step, province, axes]."""
        if name not in self._names:
            raise KeyError(name)
        return self._kept.get(name, lambda: self._archive.counted_by_step(name, self._arm))

    def __contains__(self, name: object) -> bool:
        """Say whether there is such a one, without reading it."""
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def total(self, name: str) -> NDArray[np.int64]:
        """Give a count over all steps as [province, axes]."""
        total: NDArray[np.int64] = self._archive.counted.sums[name][self._arm]
        return total

    def last(self, name: str) -> NDArray[np.int64]:
        """Give a count of the last step as [province, axes]."""
        last: NDArray[np.int64] = self._archive.counted.last[name][self._arm]
        return last


class Observing:
    """The arms of an opened run as metrics see them."""

    def __init__(self, archive: Archive) -> None:
        """Take an archive; nothing is read yet."""
        self.archive = archive
        self.legend = archive.provenance.legend
        arms = range(len(self.legend.arms))
        self._rows = [Rows(archive, arm) for arm in arms]
        self._steps = [CountedSteps(archive, arm) for arm in arms]

    @cached_property
    def experiment(self) -> Experiment | None:
        """The scenario as it was run; None where its files cannot be settled again."""
        try:
            return self.archive.experiment()
        except GlasshouseError:
            return None

    def arm(self, name: str) -> Observed:
        """Give one arm by name."""
        names = [arm.arm for arm in self.legend.arms]
        if name not in names:
            raise BadUsage(f"no arm `{name[:60]}` (known: {', '.join(names)})")
        others = tuple(one for one in self._alone if one.arm != name and not one.is_baseline)
        return self._alone[names.index(name)]._replace(others=others)

    def all(self) -> tuple[Observed, ...]:
        """Give every arm, the baseline among them, in the order of the run."""
        return tuple(self.arm(one.arm) for one in self.legend.arms)

    @cached_property
    def _alone(self) -> tuple[Observed, ...]:
        return tuple(self._observed(arm) for arm in range(len(self.legend.arms)))

    def _observed(self, arm: int) -> Observed:
        arms = self.legend.arms
        base = next((n for n, one in enumerate(arms) if one.is_baseline and n != arm), None)
        has_twin = base is not None and not arms[arm].is_baseline
        return Observed(
            arm=arms[arm].arm,
            rows=self._rows[arm],
            twin=self._rows[base] if has_twin and base is not None else None,
            steps=self._steps[arm],
            twin_steps=self._steps[base] if has_twin and base is not None else None,
            names=self._names(arm),
            is_baseline=arms[arm].is_baseline,
        )

    def _names(self, arm: int) -> Names:
        legend, said = self.legend, self.archive.provenance
        rules = None if self.experiment is None else self.experiment.arms[arm]
        begin, end = self._dates[0][0], self._dates[-1][1]
        force = [] if rules is None else strictness(rules, [first for first, _ in self._dates])
        return Names(
            acts=_acts(legend, rules, begin, end),
            counters=legend.counters,
            counter_contexts=_counter_contexts(legend, rules),
            contexts=legend.contexts,
            lists=legend.arms[arm].lists,
            instruments=tuple(
                Instrument(one.rulebook, one.grades, one.applies_to)
                for one in legend.arms[arm].instruments
            ),
            labels=legend.labels,
            reasons=legend.reasons,
            provinces=legend.provinces,
            days=self._days,
            axes={axis: legend.codes(axis, arm) for axis in legend.extents if axis != "grade"},
            evidence=said.arms[arm].mechanisms,
            related=_related(rules),
            taking=tuple(takes for takes, _ in force),
            giving=tuple(gives for _, gives in force),
            stands_for=self._stands_for,
            rules=rules,
        )

    @cached_property
    def _days(self) -> tuple[tuple[int, int], ...]:
        begin = self._dates[0][0]
        return tuple(((a - begin).days, (b - begin).days) for a, b in self._dates)

    @cached_property
    def _dates(self) -> list[tuple[dt.date, dt.date]]:
        return self.archive.dates()

    @property
    def _stands_for(self) -> float:
        known = self.experiment
        return float("nan") if known is None else known.society.persons / known.scenario.people


def observed(archive: Archive) -> tuple[Observed, ...]:
    """Give every arm of an opened run, the baseline among them, as metrics see it."""
    return Observing(archive).all()


def _acts(legend: Legend, rules: ArmRules | None, begin: dt.date, end: dt.date) -> tuple[Act, ...]:
    if rules is None:
        return tuple(
            Act(one.act, one.is_culpable, one.response, one.domain, one.is_ruled)
            for one in legend.acts
        )
    known = {act.act: act for act in acts_of(rules, begin, end)}
    return tuple(known[one.act]._replace(is_ruled=one.is_ruled) for one in legend.acts)


def _related(rules: ArmRules | None) -> frozenset[tuple[str, str]] | None:
    if rules is None:
        return None
    contexts = rules.assumptions.contexts
    return frozenset(
        (one, other)
        for one in contexts.names
        for other in contexts.names
        if contexts.are_related(one, other)
    )


def _counter_contexts(legend: Legend, rules: ArmRules | None) -> tuple[str, ...]:
    if rules is None:
        return ()
    known = {counter.id: counter.context for counter in rules.assumptions.counters}
    return tuple(known.get(counter, "") for counter in legend.counters)
