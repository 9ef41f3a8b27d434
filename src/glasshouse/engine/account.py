"""What run.json says of a run: its law, its values, its names, the machine it ran on."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import os
import platform
import resource
import sys
from typing import TYPE_CHECKING, Literal

from glasshouse.archive.legend import ActName, ArmNames, InstrumentName, Legend
from glasshouse.archive.provenance import (
    ArmUsed,
    Left,
    Machine,
    Options,
    Provenance,
    RulebookUsed,
    ScenarioValues,
)
from glasshouse.archive.store import OUTCOMES
from glasshouse.engine.plan.memory import extents
from glasshouse.law.audit import by_evidence, cited_by_experiment, guesses
from glasshouse.law.library import Library
from glasshouse.law.mechanism import Mechanism, those_on
from glasshouse.law.rulebook import Listing, Points
from glasshouse.state.counts import COUNTS
from glasshouse.version import __version__

if TYPE_CHECKING:
    from glasshouse.engine.plan.plan import Plan
    from glasshouse.law.experiment import ArmRules
    from glasshouse.law.rulebook import AnyProvision

METRICS_OF_OUTCOMES = (
    "effects on persons",
    "persons ever listed, by cause",
    "distribution of days listed and of burden over persons",
    "comparisons by age, sex, province and town or country of persons",
    "agreement of a replayed life with its outcome row",
)
"""What cannot be said of a run that kept counts alone."""


def provenance_of(plan: Plan, options: Options) -> Provenance:
    """Give the provenance of a run before its first step."""
    experiment = plan.experiment
    scenario, first = experiment.scenario, experiment.arms[0]
    values = values_of(first)
    quantities = {
        path: quantity
        for arm in experiment.arms
        for path, quantity in arm.assumptions.quantities().items()
    }
    mechanisms = Library().mechanisms()
    is_cut = options.collect == "counts"
    return Provenance(
        glasshouse_version=__version__,
        status="unfinished",
        digest=None,
        digest_by_column={},
        scenario=ScenarioValues(
            scenario=scenario.scenario,
            title=scenario.title,
            question=scenario.question,
            society=experiment.society.society,
            people=scenario.people,
            years=scenario.years,
            months=scenario.months,
            start=scenario.start,
            step=scenario.step,
            seed=scenario.seed,
            society_seed=scenario.society_seed,
            community_size=scenario.community_size,
        ),
        sets=dict(experiment.sets),
        options=options,
        machine=machine_of(options.driver, dt.datetime.now(dt.UTC), 0.0),
        first_day=plan.first_day.isoformat(),
        days=plan.steps[-1].end_day,
        steps=len(plan.steps),
        finished_steps=0,
        people=plan.people,
        communities=plan.communities,
        values=values,
        guesses=len(guesses(quantities)),
        arms=tuple(
            arm_used(arm, provisions, values, mechanisms)
            for arm, provisions in zip(experiment.arms, plan.provisions, strict=True)
        ),
        cites=cited_by_experiment(experiment),
        left_out=Left(
            tables=(OUTCOMES,) if is_cut else (), metrics=METRICS_OF_OUTCOMES if is_cut else ()
        ),
        legend=legend_of(plan),
        parts={},
    )


def values_of(arm: ArmRules) -> dict[str, float]:
    """Give every assumption of an arm by the path of ``--set``; not counted as a use of it."""
    return {path: quantity.number for path, quantity in arm.assumptions.quantities().items()}


def arm_used(
    arm: ArmRules,
    provisions: tuple[AnyProvision, ...],
    values: dict[str, float],
    mechanisms: tuple[Mechanism, ...],
) -> ArmUsed:
    """Give what run.json says of one arm."""
    return ArmUsed(
        arm=arm.name,
        is_baseline=arm.is_baseline,
        rulebooks=tuple(
            RulebookUsed(
                rulebook=use.rulebook.rulebook,
                title=use.rulebook.title,
                family=use.rulebook.family,
                instrument=use.rulebook.instrument,
                from_day=None if use.from_date is None else use.from_date.isoformat(),
                until_day=None if use.until_date is None else use.until_date.isoformat(),
                where=use.where,
            )
            for use in arm.rulebooks
        ),
        evidence=by_evidence(provisions),
        values={path: n for path, n in values_of(arm).items() if values.get(path) != n},
        mechanisms={one.id: one.evidence for one in those_on(mechanisms, arm)},
        safeguards={on.name: on.changes for on in arm.safeguards},
    )


def legend_of(plan: Plan) -> Legend:
    """Give the names behind the codes of a plan."""
    names, assumptions = plan.names, plan.experiment.arms[0].assumptions
    culpable = {judged.act for judged in assumptions.culpability if judged.culpable}
    ruled = {act for provisions in plan.provisions for act in acts_named(provisions)}
    used = {axis for count in COUNTS for axis in count.axes}
    return Legend(
        arms=tuple(
            ArmNames(
                arm=arm.name,
                is_baseline=arm.is_baseline,
                instruments=tuple(
                    instrument_name(arm, rulebook, grades)
                    for rulebook, grades in zip(instruments, names.grades[at], strict=True)
                ),
                lists=names.lists[at],
            )
            for at, (arm, instruments) in enumerate(
                zip(plan.experiment.arms, names.instruments, strict=True)
            )
        ),
        acts=tuple(
            ActName(
                act=act.id,
                title=act.title,
                domain=act.domain,
                response=act.response,
                context=act.context,
                is_culpable=act.id in culpable,
                is_ruled=act.id in ruled,
            )
            for act in assumptions.acts
        ),
        counters=names.counters,
        counter_contexts=tuple(counter.context for counter in assumptions.counters),
        contexts=names.contexts,
        origins=names.origins,
        related=tuple(related.pair for related in assumptions.contexts.related),
        departments=names.departments,
        provinces=names.provinces,
        labels=names.labels,
        reasons=names.reasons,
        extents={axis: n for axis, n in extents(plan.sizes).items() if axis in used},
    )


def instrument_name(arm: ArmRules, rulebook: str, grades: tuple[str, ...]) -> InstrumentName:
    """Give what is said of an instrument of an arm; it may be used in several places."""
    uses = [use for use in arm.rulebooks if use.rulebook.rulebook == rulebook]
    is_everywhere = any(use.where is None for use in uses)
    return InstrumentName(
        rulebook=rulebook,
        applies_to=uses[0].rulebook.applies_to,
        where=None if is_everywhere else tuple(p for use in uses for p in use.where or ()),
        grades=grades,
    )


def acts_named(provisions: tuple[AnyProvision, ...]) -> set[str]:
    """Give the acts that provisions give points or list for."""
    acts: set[str] = set()
    for provision in provisions:
        if isinstance(provision, Points):
            acts.update(provision.acts)
        elif isinstance(provision, Listing):
            acts.update(act for ground in provision.grounds for act in ground.acts or ())
    return acts


def options_of(
    device: str,
    threads: int,
    collect: Literal["all", "counts"],
    command: tuple[str, ...],
    shard_communities: int = 0,
    keep_at: tuple[str, ...] = (),
) -> Options:
    """Give how the run was asked for."""
    return Options(
        command=command,
        driver=device,
        threads=threads,
        collect=collect,
        shard_communities=shard_communities,
        keep_at=keep_at,
    )


def machine_of(device: str, started: dt.datetime, seconds: float, peak_before: int = 0) -> Machine:
    """Give the machine and what the run took on it; nothing of this enters the digest.

    ``peak_before`` is the most memory that earlier processes of the same run took.
    """
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak_bytes = peak if sys.platform == "darwin" else peak * 1024
    versions = {name: importlib.metadata.version(name) for name in ("numpy", "numba", "duckdb")}
    return Machine(
        device=f"{device}, {os.cpu_count()} processors, {platform.machine()}",
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        started=started.isoformat(timespec="seconds"),
        seconds=round(seconds, 3),
        peak_memory_bytes=max(peak_bytes, peak_before),
        **versions,
    )
