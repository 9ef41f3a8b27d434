"""Runs told together: seeds of one scenario are replicates, all else stands side by side.

Two runs are replicates where everything but the seed is the same: the scenario and its values,
every data file, the version. Nothing mixes silently: what differs is named.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from glasshouse.archive.store import DATA
from glasshouse.errors import BadInput, Problem
from glasshouse.report.words import listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from glasshouse.archive.provenance import Provenance
    from glasshouse.archive.reading import Archive
    from glasshouse.law.experiment import Experiment


class Group(NamedTuple):
    """Runs that differ by their seed alone, in the order of their seeds."""

    name: str
    """The scenario, with what sets it apart where another group has the same one."""
    archives: tuple[Archive, ...]
    experiment: Experiment
    """As the first seed settled it; of the others only the seed differs."""

    @property
    def first(self) -> Archive:
        """The run of the lowest seed; figures are drawn from it."""
        return self.archives[0]

    @property
    def said(self) -> Provenance:
        """Where the first run comes from."""
        return self.first.provenance

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds."""
        return tuple(one.provenance.scenario.seed for one in self.archives)

    @property
    def policies(self) -> tuple[str, ...]:
        """The arms in which somebody is scored; all arms where there is no such arm."""
        arms = self.said.arms
        return tuple(arm.arm for arm in arms if not arm.is_baseline) or tuple(a.arm for a in arms)


def gathered(archives: Sequence[Archive]) -> tuple[Group, ...]:
    """Sort runs into groups of replicates, in the order in which they are given.

    The same run twice is refused: it would count for two.
    """
    seen: dict[str, Archive] = {}
    for archive in archives:
        digest = archive.digest
        if digest in seen and _same(archive.provenance) == _same(seen[digest].provenance):
            what = f"is the same run as {seen[digest].path}"
            raise BadInput([Problem(str(archive.path), 0, 0, "", what, "each run once")])
        seen[digest] = archive
    groups: dict[str, list[Archive]] = {}
    for archive in archives:
        groups.setdefault(_same(archive.provenance), []).append(archive)
    inner = [sorted(some, key=lambda one: one.provenance.scenario.seed) for some in groups.values()]
    names = _names([some[0].provenance for some in inner])
    for some in inner:
        some[0].settled = some[0].experiment()  # read once for all that ask
    return tuple(
        Group(name, tuple(some), some[0].experiment())
        for name, some in zip(names, inner, strict=True)
    )


def _same(said: Provenance) -> str:
    """What two runs share that may be told as replicates."""
    values = said.scenario.model_dump(mode="json", exclude={"seed"})
    sets = {path: value for path, value in said.sets.items() if path != "seed"}
    files = {n: part.sha256 for n, part in said.parts.items() if n.startswith(f"{DATA}/")}
    kept = said.left_out.model_dump(mode="json")
    return json.dumps([said.glasshouse_version, values, sets, files, kept], sort_keys=True)


def _names(firsts: list[Provenance]) -> list[str]:
    """Name every group by its scenario and by what sets it apart from its namesakes."""
    names = []
    for said in firsts:
        others = [one for one in firsts if one.scenario.scenario == said.scenario.scenario]
        apart = [words for words in (_apart(said, others)) if words]
        name = said.scenario.scenario
        names.append(f"{name} ({', '.join(apart)})" if apart and len(others) > 1 else name)
    twice = {name for name in names if names.count(name) > 1}
    return [f"{n}, group {k}" if n in twice else n for k, n in enumerate(names, start=1)]


SIZES = ("people", "years", "months", "start", "step", "society", "society_seed", "community_size")
"""What of a scenario may set runs of it apart, besides their seeds."""


def _apart(said: Provenance, others: list[Provenance]) -> list[str]:
    """The settings by which a run differs from others of the same scenario."""
    found = []
    for name in SIZES:
        value = getattr(said.scenario, name)
        if value is not None and len({getattr(one.scenario, name) for one in others}) > 1:
            shown = f"{value:,}" if name == "people" else value
            found.append(f"{name.replace('_', ' ')} {shown}")
    paths = sorted({path for one in others for path in one.sets} - {"seed", *SIZES})
    found += [
        f"{path}={said.sets.get(path, 'as the file says')}"
        for path in paths
        if len({one.sets.get(path) for one in others}) > 1
    ]
    return found


def told_together(groups: Sequence[Group]) -> list[str]:
    """Say in sentences how the runs of a report belong together; nothing for a single run."""
    sentences = []
    for group in groups:
        if len(group.seeds) > 1:
            seeds = listing([str(seed) for seed in group.seeds])
            sentences.append(
                f"{group.name}: {len(group.seeds)} replicates, seeds {seeds}. A number is their "
                "mean; its interval is a 95 % interval of the mean by Student's t over the seeds, "
                "its error the Monte Carlo error, its range the lowest and the highest seed. "
                f"Figures are drawn from seed {group.seeds[0]}."
            )
    if len(groups) > 1:
        names = listing([group.name for group in groups])
        sentences.append(
            f"{len(groups)} scenarios stand side by side: {names}. They are not pooled, and a "
            "difference between them is not a difference between arms: people and luck may differ "
            "as well as rules."
        )
    return sentences
