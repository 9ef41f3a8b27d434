"""Every metric is named once, defined, cited, and answers whatever it is shown."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.metrics.hand import parts_of, rows, seen, steps

from glasshouse.law.library import Library
from glasshouse.metrics import accuracy, discrimination, distribution, due_process
from glasshouse.metrics.estimate import Estimate
from glasshouse.metrics.metric import SPLITS, Metric
from glasshouse.metrics.observed import Observed
from glasshouse.metrics.registry import FAMILIES, METRICS, cited_sources

OURS = (
    *accuracy.METRICS, *due_process.METRICS, *discrimination.METRICS, *distribution.METRICS,
)  # fmt: skip


def test_every_metric_has_one_name_and_one_number() -> None:
    """Names are snake_case and stand once, numbers likewise."""
    names = [one.name for one in METRICS]
    numbers = [one.id.casefold() for one in METRICS]
    assert len(set(names)) == len(names)
    assert len(set(numbers)) == len(numbers)
    assert not set(names) & set(numbers)
    assert all(name.isidentifier() and name == name.lower() for name in names)


@pytest.mark.parametrize("one", METRICS, ids=lambda one: one.name)
def test_every_metric_says_what_it_is(one: Metric) -> None:
    """A definition, a unit, a family, splits that exist; a source, or that it is our own."""
    assert one.definition.rstrip().endswith((".", ")"))
    assert len(one.definition) > 40
    assert one.unit
    assert one.title
    assert one.family in FAMILIES
    assert set(one.splits) <= set(SPLITS)
    said = one.definition.casefold()
    assert one.cite or "ours" in said or "the lab's own" in said


def test_every_source_of_a_formula_is_on_the_shelf() -> None:
    """What a metric cites stands in the room of sources."""
    assert cited_sources() <= set(Library().sources())


def test_there_is_no_total() -> None:
    """No metric adds harms up: none is named so, and no family holds only one."""
    for one in METRICS:
        text = f"{one.name} {one.title}".casefold()
        assert "harm" not in text
        assert "total" not in text
        assert "overall" not in text


@pytest.mark.parametrize("one", METRICS, ids=lambda one: one.name)
def test_no_metric_fails_where_nothing_is_known(one: Metric) -> None:
    """Without rows, without counts, without people: nan, or a number, and always a reason."""
    nothing = Observed("on", {})
    bare = seen(0, counts=steps())
    nobody = seen(8).where(np.zeros(8, bool))
    for observed in (nothing, bare, nobody, seen(8)):
        for part, found in parts_of(one, observed).items():
            assert isinstance(found, Estimate)
            assert not math.isnan(found.value) or found.why, (one.name, part)


def shuffled(observed: Observed, order: Any) -> Observed:
    """Give the same persons in another order."""

    def again(columns: Mapping[str, Any]) -> dict[str, Any]:
        return {name: np.asarray(values)[order] for name, values in columns.items()}

    twin = None if observed.twin is None else again(observed.twin)
    return observed._replace(rows=again(observed.rows), twin=twin)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_no_metric_depends_on_the_order_of_persons(seed: int) -> None:
    """Persons in another order give the same value, interval and reason, part by part."""
    some = by_chance(seed)
    order = np.random.default_rng(seed + 1).permutation(some.size)
    for one in OURS:
        before, after = parts_of(one, some), parts_of(one, shuffled(some, order))
        assert before.keys() == after.keys()
        for part, found in before.items():
            assert found.why == after[part].why, (one.name, part)
            assert np.allclose(found[:4], after[part][:4], equal_nan=True), (one.name, part)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_intervals_hold_their_values_and_shares_stay_shares(seed: int) -> None:
    """Low <= value <= high wherever there is an interval; a share is between 0 and 1."""
    some = by_chance(seed)
    for one in OURS:
        for part, found in parts_of(one, some).items():
            if not math.isnan(found.low):
                assert found.low <= found.value + 1e-9, (one.name, part)
                assert found.value <= found.high + 1e-9, (one.name, part)
            if one.unit.startswith("share") and not math.isnan(found.value):
                assert 0 <= found.value <= 1, (one.name, part)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_a_split_adds_up_to_the_whole(seed: int) -> None:
    """Listed and wrongly listed persons of the two sexes are those of all."""
    some = by_chance(seed)
    wrong = accuracy.wrongful_listing_share
    whole = parts_of(wrong, some)[""].value
    listed = some.listed_days() > 0
    parts = 0.0
    for sex in (0, 1):
        keep = np.asarray(some.rows["sex"]) == sex
        share = parts_of(wrong, some.where(keep))[""].value
        parts += 0.0 if math.isnan(share) else share * (listed & keep).sum()
    assert parts == pytest.approx(0.0 if math.isnan(whole) else whole * listed.sum())


def by_chance(seed: int) -> Observed:
    """Give a society in which anything may have happened to anybody."""
    chance = np.random.default_rng(seed)
    many = int(chance.integers(1, 400))

    def few(most: int, rate: float) -> Any:
        return chance.integers(0, most, many) * (chance.random(many) < rate)

    entries = few(20, 0.6)
    days: dict[str, Any] = {
        f"listed_days_{n}": few(300, 0.2) for n in ("rightly", "not_theirs", "lawful")
    }
    listed = np.sum(list(days.values()), axis=0)
    return seen(
        many, community=chance.integers(0, 5, many), province=chance.integers(0, 2, many),
        sex=chance.integers(0, 2, many), age_years=chance.integers(-1, 90, many),
        urban=chance.random(many) < 0.5, official=chance.random(many) < 0.1,
        acts_culpable=few(9, 0.5), acts_praised=few(9, 0.5), acts_lawful=few(9, 0.5),
        refusals=few(9, 0.3), privileges=few(3, 0.3), burden_yuan_travel=few(900, 0.3),
        entries=entries, entries_not_theirs=entries // 3, listings=few(2, 0.3),
        silent_days=listed // 2, twin=rows(many, means=chance.integers(0, 65536, many)), **days,
    )  # fmt: skip
