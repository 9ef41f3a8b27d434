"""Candidates: their days, their types, the luck below which they are carried out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from glasshouse.engine.plan.conduct import packed
from glasshouse.stages.conduct.conduct_kernel import (
    TYPE_BITS,
    act_type_of,
    day_in_month,
    eighth_of,
    eighths_of,
    threshold_of,
)

level = st.integers(0, 65_535)
word = st.integers(0, 2**32 - 1)


@given(level, level, level, level)
def test_eighths_come_back(honesty: int, altruism: int, outspokenness: int, literacy: int) -> None:
    """Four traits together in one word, each to be read again."""
    together = eighths_of(honesty, altruism, outspokenness, literacy)
    traits = (honesty, altruism, outspokenness, literacy)
    assert [eighth_of(together, trait) for trait in range(4)] == [value >> 13 for value in traits]
    assert 0 <= together < 1 << 12


@given(level, st.integers(28, 31))
def test_a_day_lies_in_its_month(luck: int, days: int) -> None:
    """From the first to the last, later with a larger word."""
    assert 0 <= day_in_month(luck, days) < days
    assert day_in_month(0, days) == 0
    assert day_in_month(65_535, days) == days - 1


@given(level, level, level)
def test_more_of_a_factor_never_carries_out_less(gradient: int, factor: int, other: int) -> None:
    """Arms stay coupled: the acts of the lower factor are among those of the higher."""
    low, high = sorted((factor, other))
    assert threshold_of(gradient, low) <= threshold_of(gradient, high) <= gradient
    assert threshold_of(gradient, 65_535) == gradient


@given(word, st.integers(1, 200))
def test_an_alias_picks_its_column_or_the_other(luck: int, types: int) -> None:
    """A full cut keeps every word in its column, an empty one sends it on; the trait goes along."""
    column = luck * types >> 32
    traits, other = [place % 4 for place in range(types)], [*range(1, types), 0]
    fine = (luck * types) & 0xFFFFFFFF

    def picked(cut: int) -> tuple[int, int]:
        aliases = packed([cut] * types, other, traits)
        found = act_type_of(luck, [0, *aliases], 1, types)
        return found & 0xFFFF, found >> TYPE_BITS

    if fine < 2**32 - 1:
        assert picked(2**32 - 1) == (column, traits[column])
    assert picked(0) == (other[column], traits[other[column]])
