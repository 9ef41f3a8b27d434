"""Chance has an address: known answers, no two addresses alike, exact distributions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from glasshouse import chance
from glasshouse.chance import PURPOSES, below, draw, inverted, inverted_evenly, philox
from glasshouse.engine.plan.exact import (
    alias_table,
    apportioned,
    apportioned_alike,
    geometric_gradient,
    geometric_thresholds,
    hazard,
    level,
    poisson_thresholds,
    share_in,
    threshold,
)
from glasshouse.kernel import bind, entry

ALL_ONES = 0xFFFFFFFF
WORDS = 1 << 32

KNOWN = [
    # (counter, key, block): the vectors that the authors of Philox ship with their Random123.
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ALL_ONES,) * 4, (ALL_ONES,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]

addresses = st.tuples(
    st.integers(0, 2**63 - 1),
    st.integers(0, 2**48 - 1),
    st.integers(0, WORDS - 1),
    st.integers(0, 2**16 - 1),
    st.integers(0, WORDS - 1),
)


@entry
def draw_many(seeds: Any, whos: Any, whens: Any, purposes: Any, indices: Any, found: Any) -> None:
    """Draw at many addresses."""
    for place in range(len(seeds)):
        a, b, c, d = draw(seeds[place], whos[place], whens[place], purposes[place], indices[place])
        found[4 * place] = a
        found[4 * place + 1] = b
        found[4 * place + 2] = c
        found[4 * place + 3] = d


@pytest.mark.parametrize(("counter", "key", "block"), KNOWN)
def test_philox_gives_the_answers_its_authors_published(
    counter: tuple[int, int, int, int], key: tuple[int, int], block: tuple[int, int, int, int]
) -> None:
    """Philox4x32-10, word for word."""
    assert philox(*counter, *key) == block


@pytest.mark.parametrize(("counter", "key", "block"), KNOWN[:1] + KNOWN[2:])
def test_a_draw_is_the_block_at_its_address(
    counter: tuple[int, int, int, int], key: tuple[int, int], block: tuple[int, int, int, int]
) -> None:
    """Seed is the key, low word first; who and purpose share the first two words."""
    who = counter[0] | (counter[1] & 0xFFFF) << 32
    seed = key[0] | key[1] << 32
    assert draw(seed, who, counter[2], counter[1] >> 16, counter[3]) == block


def test_no_purpose_is_given_out_twice() -> None:
    """The register's numbers are distinct, in order, and fit the 16 bits of an address."""
    numbers = list(PURPOSES.values())
    assert len(PURPOSES) > 20
    assert numbers == sorted(set(numbers))
    assert numbers[0] > 0
    assert numbers[-1] < 1 << 16


@given(addresses)
def test_addresses_never_collide(address: tuple[int, int, int, int, int]) -> None:
    """Counter and key give the whole address back, so different addresses are different blocks.

    Philox permutes the counters of a key: no two counters of one seed have the same block.
    """
    seen: list[tuple[int, ...]] = []

    def noted(*words: int) -> tuple[int, int, int, int]:
        seen.append(words)
        return 0, 0, 0, 0

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(chance, "philox", noted)
        draw(*address)
    c0, c1, c2, c3, k0, k1 = seen[0]
    assert all(0 <= word < WORDS for word in seen[0])
    assert (k0 | k1 << 32, c0 | (c1 & 0xFFFF) << 32, c2, c1 >> 16, c3) == address


def test_a_draw_is_the_same_compiled() -> None:
    """Plain Python and the processor agree on a thousand addresses, the largest among them."""
    from glasshouse.engine.cpu import CPU

    random = np.random.default_rng(1)
    tops = (2**63 - 1, 2**48 - 1, WORDS - 1, 2**16 - 1, WORDS - 1)
    columns = [random.integers(0, top, 1000, np.int64, endpoint=True) for top in tops]
    for column, top in zip(columns, tops, strict=True):
        column[0], column[1] = top, 0
    found = np.zeros(4000, np.int64)
    bind(draw_many, CPU)(*columns, found)
    plain = [draw(*map(int, address)) for address in zip(*columns, strict=True)]
    assert found.tolist() == [word for block in plain for word in block]


def test_words_are_even() -> None:
    """Draws at neighbouring addresses fill every byte of every word evenly."""
    words = np.array([draw(1, who, 0, 9, 0) for who in range(4000)], np.int64)
    for shift in (0, 8, 16, 24):
        for word in range(4):
            counts = np.bincount((words[:, word] >> shift) & 255, minlength=256)
            assert stats.chisquare(counts).pvalue > 1e-6 / 16


@given(st.integers(0, WORDS - 1), st.integers(1, 2**31 - 1))
def test_below_stays_below(word: int, bound: int) -> None:
    """The largest word gives the last number, the smallest the first."""
    assert 0 <= below(word, bound) < bound
    assert below(0, bound) == 0
    assert below(WORDS - 1, bound) == bound - 1


@given(
    st.lists(st.integers(0, WORDS), min_size=1, max_size=40),
    st.integers(0, WORDS - 1),
    st.data(),
)
def test_inversion_counts_the_thresholds_reached(
    thresholds: list[int], word: int, data: st.DataObject
) -> None:
    """It is a plain count, and never falls when a threshold falls: arms stay coupled."""
    rising = sorted(thresholds)
    found = inverted(word, [9, *rising], 1, len(rising))
    assert found == sum(word >= one for one in rising)
    at = data.draw(st.integers(0, len(rising) - 1))
    lower = [*rising]
    lower[at] = data.draw(st.integers(rising[at - 1] if at else 0, rising[at]))
    assert inverted(word, lower, 0, len(lower)) >= found


@given(st.floats(0, 20))
def test_poisson_thresholds_are_the_distribution(mean: float) -> None:
    """Every threshold is P(N <= k) to the nearest 32-bit word."""
    found = np.array(poisson_thresholds(Decimal(repr(mean)), 48), float) / WORDS
    assert np.abs(found - stats.poisson.cdf(np.arange(48), mean)).max() < 0.51 / WORDS + 1e-12
    assert (np.diff(found) >= 0).all()


@given(st.floats(0, 10))
def test_geometric_thresholds_have_their_mean(mean: float) -> None:
    """Every threshold is 1 - q**(k + 1) to the nearest word, where q / (1 - q) is the mean."""
    again = mean / (1 + mean)
    expected = 1 - again ** np.arange(1, 33)
    assert np.abs(np.array(geometric_thresholds(mean, 32)) / WORDS - expected).max() < 1e-9


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=60))
def test_an_alias_table_gives_its_weights_back(weights: list[int]) -> None:
    """Summed as fractions, the columns give exactly the weights in units of 1 / (n 2**32)."""
    count = len(weights)
    cut, other = alias_table([Decimal(weight) for weight in weights])
    if not any(weights):
        return
    share = [Fraction(0)] * count
    for column in range(count):
        part = Fraction(cut[column], WORDS)
        share[column] += part / count
        share[other[column]] += (1 - part) / count
    exact = [Fraction(part, count * WORDS) for part in apportioned(
        [Decimal(weight) for weight in weights], count << 32
    )]  # fmt: skip
    assert share == exact
    for found, weight in zip(share, weights, strict=True):
        assert abs(found - Fraction(weight, sum(weights))) <= Fraction(1, count * WORDS)
        assert weight > 0 or found == 0


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=50), st.integers(0, 10**7))
def test_what_is_shared_out_is_conserved(weights: list[int], total: int) -> None:
    """The parts sum to the whole and each is off by less than one."""
    parts = apportioned([Decimal(weight) for weight in weights], total)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(weight * total, sum(weights))) < 1


@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=60).filter(any),
    st.integers(0, 100),
    st.integers(1, 1 << 20),
)
def test_few_weights_at_many_places_are_shared_out_alike(
    found: list[int], share: int, total: int
) -> None:
    """As by a weight for each place, ties and the last digit of a division included."""
    follows = Decimal(share) / 100
    by_place = [(1 - follows) + follows * len(found) * one / sum(found) for one in found]
    some, which = np.unique(found, return_inverse=True)
    weights = [(1 - follows) + follows * len(found) * one / sum(found) for one in some.tolist()]
    assert apportioned_alike(weights, which, total).tolist() == apportioned(by_place, total)


@given(st.lists(st.integers(1, 1000), max_size=50), st.integers(0, WORDS - 1) | st.integers(0, 999))
def test_looking_up_evenly_gives_the_same(steps: list[int], word: int) -> None:
    """Wherever the table stands among others, whatever its length below 64."""
    cumulative = [0, *sorted(steps), 5, 0]
    assert inverted_evenly(word, cumulative, 1, len(steps)) == inverted(
        word, cumulative, 1, len(steps)
    )


def test_probabilities_become_the_nearest_threshold() -> None:
    """A decimal is read as it was written; a 16-bit level has 65535 for the whole."""
    assert threshold(0.1, 32) == 429496730
    assert threshold(1.0, 32) == WORDS
    assert (level(0.0), level(0.5), level(1.0)) == (0, 32768, 65535)


@given(st.floats(0, 5), st.integers(1, 31), st.integers(1, 31))
def test_days_of_hazard_add_up(rate: float, first: int, second: int) -> None:
    """Surviving two spells is surviving one of their length, whatever the steps."""
    kept = (1 - hazard(rate, first)) * (1 - hazard(rate, second))
    assert abs(kept - (1 - hazard(rate, first + second))) < Decimal("1e-25")
    fades = min(rate / 5, 0.999)
    kept = (1 - share_in(fades, first)) * (1 - share_in(fades, second))
    assert abs(kept - (1 - share_in(fades, first + second))) < Decimal("1e-25")


@given(st.floats(0.001, 1000))
def test_a_gradient_has_its_ratio_and_mean_one(ratio: float) -> None:
    """Top eighth over bottom eighth is the ratio; over the eighths the mean rate stays."""
    steps = geometric_gradient(ratio, 8)
    assert abs(steps[-1] / steps[0] / Decimal(repr(ratio)) - 1) < Decimal("1e-25")
    assert abs(sum(steps, Decimal(0)) / 8 - 1) < Decimal("1e-25")
