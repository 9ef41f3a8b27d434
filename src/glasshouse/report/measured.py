"""The metrics of a run as rows: one number each, with its interval, its unit and its status.

This is the one way from a run directory to metrics: the verb, `Run.metrics` and every sweep and
study take it. There is no row that adds metrics up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from glasshouse.errors import BadInput, Problem, nearest
from glasshouse.metrics.estimate import Estimate, NotKnown
from glasshouse.metrics.groups import groups_of
from glasshouse.metrics.metric import SPLITS, Metric
from glasshouse.metrics.observed import PERSON, Observed
from glasshouse.metrics.registry import FAMILIES, METRICS
from glasshouse.report.observing import Observing

if TYPE_CHECKING:
    from glasshouse.archive.reading import Archive


class MetricRow(NamedTuple):
    """One number of one arm."""

    arm: str
    metric: str
    part: str
    """Which part of a metric that has parts; empty otherwise."""
    group: str
    """Which people, as `age 18-29`; empty for all persons."""
    value: float
    low: float
    high: float
    error: float
    groups: int
    unit: str
    status: str
    why: str


def metric_rows(
    archive: Archive,
    names: Sequence[str] | None = None,
    by: Sequence[str] = (),
    *,
    arms: Sequence[str] | None = None,
    families: Sequence[str] | None = None,
) -> list[MetricRow]:
    """Give the metrics of a run, arm by arm: for all persons, then for every group of a split.

    ``names`` are names or numbers of metrics (all without), ``by`` splits of SPLITS, ``arms`` names
    of arms (the policy arms without), ``families`` families of metrics. Whatever is not known is a
    row with nan and the reason. Unknown words are refused, all at once.
    """
    chosen = asked_for(names, families, by, arms, [a.arm for a in archive.provenance.arms])
    observing = Observing(archive)
    policies = [arm.arm for arm in archive.provenance.arms if not arm.is_baseline]
    wanted = arms or policies or [arm.arm for arm in archive.provenance.arms]
    return [row for arm in wanted for row in rows_of(observing.arm(arm), chosen, by)]


def rows_of(seen: Observed, metrics: Sequence[Metric], by: Sequence[str] = ()) -> list[MetricRow]:
    """Give the rows of one arm."""
    persons = everybody(seen)
    rows = [row for one in metrics for row in _rows(persons, one)]
    for split in by:
        try:
            groups = groups_of(seen, split)
        except NotKnown as reason:
            rows += [_row(seen, one, "", split, Estimate(float("nan"), why=str(reason)))
                     for one in metrics if split in one.splits]  # fmt: skip
            continue
        for name, keep, provinces in groups:
            some = seen.where(keep, f"{split} {name}", provinces)
            rows += [row for one in metrics if split in one.splits for row in _rows(some, one)]
    return rows


def everybody(seen: Observed) -> Observed:
    """Give all persons of an arm; organisations stand apart, in the split by work."""
    if not seen.rows or bool((seen.rows["kind"] == PERSON).all()):
        return seen
    return seen.where(seen.rows["kind"] == PERSON, provinces=None)


def _rows(seen: Observed, one: Metric) -> Iterator[MetricRow]:
    found = one.of(seen)
    parts = found if isinstance(found, Mapping) else {"": found}
    for part, estimate in parts.items():
        yield _row(seen, one, part, seen.group, estimate)


def _row(seen: Observed, one: Metric, part: str, group: str, found: Estimate) -> MetricRow:
    return MetricRow(
        seen.arm, one.name, part, group, found.value, found.low, found.high, found.error,
        found.groups, one.unit, one.status, found.why,
    )  # fmt: skip


def asked_for(
    names: Sequence[str] | None,
    families: Sequence[str] | None = None,
    by: Sequence[str] = (),
    arms: Sequence[str] | None = None,
    known_arms: Sequence[str] = (),
) -> tuple[Metric, ...]:
    """Give the metrics of these names or numbers, or refuse every unknown word at once."""
    known = {one.name: one for one in METRICS}
    numbers = {one.id.casefold(): one for one in METRICS}
    asked = [
        ("metric", names, [*known, *(one.id for one in METRICS)]),
        ("family", families, FAMILIES),
        ("split", by, SPLITS),
        ("arm", arms, known_arms),
    ]
    wrong = [
        Problem(kind, 0, 0, "", f"no {kind} `{word[:60]}`", nearest(word, right))
        for kind, words, right in asked
        for word in words or ()
        if word not in right and not (kind == "metric" and word.casefold() in numbers)
    ]
    if wrong:
        raise BadInput(wrong)
    chosen: Sequence[Metric] = METRICS
    if names is not None:
        chosen = [known.get(name) or numbers[name.casefold()] for name in names]
    return tuple(dict.fromkeys(o for o in chosen if families is None or o.family in families))
