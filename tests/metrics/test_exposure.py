"""What a masked entry of a published list gives away."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from glasshouse.metrics.exposure import (
    LEVELS,
    attributes_of,
    expected_share_unique,
    exposure,
    token_sizes,
)


def test_a_token_counts_its_bearers() -> None:
    """Two people of one token are two, a person with a token of their own is unique."""
    assert token_sizes([[1, 1, 2, 1], [7, 7, 7, 8]]).tolist() == [2, 2, 1, 1]


def test_the_share_of_unique_people_is_the_closed_form() -> None:
    """With tokens drawn independently, (1 - p) to the number of the others, summed over tokens."""
    draws = np.random.default_rng(5)
    shares = [0.5, 0.3, *[0.2 / 400] * 400]
    people, rounds = 500, 400
    found = [
        (token_sizes([draws.choice(len(shares), people, p=shares)]) == 1).mean()
        for _ in range(rounds)
    ]
    error = np.std(found, ddof=1) / rounds**0.5
    assert abs(np.mean(found) - expected_share_unique(people, shares)) < 6 * error


def test_equal_tokens_have_the_textbook_share() -> None:
    """Of n people over m equal tokens (1 - 1/m) ** (n - 1) are unique."""
    assert np.isclose(expected_share_unique(11, [0.1] * 10), 0.9**10)


def test_a_level_that_shows_more_exposes_no_fewer() -> None:
    """Every attribute more can only part people whom a token held together."""
    draws = np.random.default_rng(7)
    attributes = attributes_of(
        draws.integers(0, 3, 40),
        draws.integers(0, 20, 40),
        draws.integers(-900, 0, (40, 50)),
        draws.integers(0, 2, (40, 50)),
    )
    found = exposure(attributes)
    shares = [found[level].share_unique for level in LEVELS]
    assert shares == sorted(shares)
    assert 0 == shares[0] < shares[-1] < 1


def test_only_the_published_are_exposed_and_against_everybody() -> None:
    """Somebody unpublished with the same token hides whom the list shows."""
    attributes = {"province": [1, 1, 2], "birth_year": [3, 3, 3], "sex": [0, 0, 0]}
    levels = {"blurred": LEVELS["blurred"]}
    one = exposure(attributes, [True, False, False], levels)["blurred"]
    assert (one.published, one.unique, one.among_ten) == (1, 0, 1)
    assert exposure(attributes, [False, False, True], levels)["blurred"].share_unique == 1
    assert exposure(attributes, [False] * 3, levels)["blurred"].share_unique == 0


@given(st.lists(st.tuples(*[st.integers(-3, 3)] * 3), min_size=1, max_size=60))
def test_a_token_is_its_attributes(people: list[tuple[int, int, int]]) -> None:
    """Whoever agrees in every attribute has one token, and nobody else has it."""
    found = token_sizes(list(np.array(people).T)).tolist()
    assert found == [people.count(one) for one in people]
