"""Loans that move credit: whom they go to, what one does, and that nobody is lost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from glasshouse.stages.consequence.delayed_impact_2018 import Market, accepted
from glasshouse.stages.consequence.fairness_is_not_static_2020 import (
    Credit,
    Policy,
    credit_of,
    lent_to,
    simulated,
)

TWO = Credit(((5, 5, 0), (8, 1, 1)), (0.2, 0.5, 0.9), (0.5, 0.5), 1.0, 1)


def always(*numbers: float) -> Any:
    """Give the same luck in every step."""
    return lambda _: np.array(numbers)[:, None]


def test_a_loan_moves_one_part_up_or_down() -> None:
    """Repaid: from score 1 to 2; in default: from 0 it cannot fall, from 1 to 0."""
    paid = simulated("reward", TWO, 1, 1, always(0.1, 0.6, 0.0, 0.4))
    assert paid[0].tolist() == [[5, 4, 1], [8, 1, 1]]
    failed = simulated("reward", TWO, 1, 1, always(0.9, 0.85, 0.0, 0.6))
    assert failed[0].tolist() == [[5, 5, 0], [9, 0, 1]]
    lowest = simulated("reward", TWO, 1, 1, always(0.1, 0.1, 0.0, 0.6))
    assert lowest[0].tolist() == [[5, 5, 0], [8, 1, 1]]


def test_after_the_first_steps_loans_go_where_they_pay() -> None:
    """At interest 1 a loan pays from a chance of one half on; nobody below gets one."""
    shares = np.array(TWO.parts)[None] / 10
    assert lent_to("reward", TWO, shares)[0].tolist() == [[0, 1, 1], [0, 1, 1]]
    assert lent_to("reward", TWO._replace(interest=0.5), shares)[0, 0].tolist() == [0, 0, 1]
    # The first applicant at score 0 repays and moves; the second gets nothing.
    found = simulated("reward", TWO, 2, 1, always(0.1, 0.1, 0.0, 0.1))
    assert found[0, 0].tolist() == [4, 6, 0]


@pytest.mark.parametrize("interest", [0.3, 1.0, 2.5])
def test_equal_opportunity_is_that_of_the_market(interest: float) -> None:
    """Replicate by replicate, the parts lent to are those of two groups with these shares."""
    rng = np.random.default_rng(1)
    shares = rng.dirichlet([1, 1, 1, 1], (6, 2))
    credit = TWO._replace(repays=(0.2, 0.4, 0.7, 0.9), interest=interest, applies=(0.3, 0.7))
    found = lent_to("opportunity", credit, shares)
    repays = np.array([credit.repays] * 2)
    for at in range(6):
        market = Market(np.arange(4.0), shares[at], repays, np.array([0.3, 0.7]), -1 / interest)
        assert np.allclose(found[at], accepted("opportunity", market))
        reached = (found[at] * shares[at] * repays).sum(axis=1) / (shares[at] * repays).sum(axis=1)
        assert reached[0] == pytest.approx(reached[1])


@pytest.mark.parametrize("policy", ["reward", "opportunity"])
def test_nobody_is_lost(policy: Policy) -> None:
    """Whatever happens, each group stays as large as it was and no part is less than none."""
    rng = np.random.default_rng(2)
    found = simulated(policy, TWO, 80, 30, lambda _: rng.random((4, 30)))
    assert (found >= 0).all()
    assert (found.sum(axis=2) == 10).all()
    assert credit_of(TWO.parts, TWO).tolist() == pytest.approx([0.35, 0.3])
