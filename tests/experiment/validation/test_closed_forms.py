"""Every closed form follows its formula whatever legal numbers stand in its row."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from glasshouse.experiment.validation.comparison import Comparison, Tolerance, judged
from glasshouse.experiment.validation.registry import RUNNERS
from glasshouse.experiment.validation.runner import Workshop

ALARM = Tolerance(rule="monte-carlo", false_alarm=1e-9)
"""Over a hundred sets of parameters together raise an alarm once in millions."""

SMALL: dict[str, dict[str, Any]] = {
    "appeal_window": {"window_days": 10, "notice_delay_days": 10, "people": 8192},
    "base_rate": {"prevalence": 0.01, "sensitivity": 0.99, "specificity": 0.99, "people": 16_384},
    "cannot_pay": {"cannot_share": 0.43, "sensitivity": 0.9, "specificity": 0.9, "people": 32_768},
    "goodhart": {
        "selected_share": 0.1, "error_spread": 1.0, "people": 50_000, "people_in_engine": 8192,
    },
    "image_scoring": {
        "cost": 1.0, "benefit": 4.0, "known": 0.6, "people": 500, "rounds": 10,
    },
    "list_stock": {"exit_hazard_per_year": 2.0, "inflow_per_year": 0.3, "people": 8192},
    "many_items": {
        "plus_items": 20, "minus_items": 107, "plus_points": 1, "minus_points": 1,
        "per_item_year": 0.1, "detection": 0.5, "people": 4096,
    },
    "performative": {"mu": 10.0, "epsilon": 0.5, "people": 500},
    "points_ledger": {
        "start": 1000, "per_year": 4.0, "detection": 0.5, "points": -7, "years": 1, "people": 8192,
    },
    "strategic_response": {"reach": 0.5, "people": 50_000},
    "watch_list": {"gallery": 1.3e9, "false_match_rate": 1e-6, "people": 4096},
}  # fmt: skip

OTHERS: dict[str, list[dict[str, Any]]] = {
    "appeal_window": [
        {"notice_delay_days": 0}, {"window_days": 1}, {"window_days": 19}, {"window_days": 20},
        {"window_days": 36_525}, {"notice_reaches": 0.0}, {"notice_reaches": 0.3},
        {"notice_delay_days": 365, "window_days": 500},
        {"notice_delay_days": 60, "counted_from": "knowledge"},
    ],
    "base_rate": [
        {"prevalence": 1.0}, {"prevalence": 0.0}, {"specificity": 1.0}, {"sensitivity": 0.0},
        {"prevalence": 0.9, "sensitivity": 0.3, "specificity": 0.2},
        {"specificity": 0.999_99, "looks_per_year": 100.0},
        {"prevalence": 1e-6, "specificity": 0.999},
        {"prevalence": 0.3, "sensitivity": 1.0, "specificity": 0.0, "looks_per_year": 1.0},
    ],
    "cannot_pay": [
        {"cannot_share": 0.0}, {"cannot_share": 1.0}, {"sensitivity": 0.0}, {"specificity": 1.0},
        {"cannot_share": 0.001, "specificity": 0.1}, {"cannot_share": 0.9, "sensitivity": 0.05},
    ],
    "goodhart": [
        {"selected_share": 0.001}, {"selected_share": 0.9}, {"error_spread": 0.01},
        {"error_spread": 50.0}, {"error_spread": 0.0, "selected_share": 0.3},
    ],
    "image_scoring": [
        {"known": 0.0}, {"known": 1.0}, {"known": 0.25}, {"known": 0.24}, {"benefit": 400.0},
        {"benefit": 1.001}, {"benefit": 0.5}, {"cost": 1e-6}, {"discriminators": 0.5},
        {"discriminators": 0.6},
    ],
    "list_stock": [
        {"exit_hazard_per_year": 4.0}, {"exit_hazard_per_year": 0.3, "people": 2048},
        {"inflow_per_year": 4.0}, {"inflow_per_year": 0.2}, {"exit_hazard_per_year": 30.0,
         "inflow_per_year": 9.0}, {"exit_hazard_per_year": 0.001, "inflow_per_year": 0.001},
    ],
    "many_items": [
        {"plus_items": 0}, {"minus_items": 0}, {"plus_points": 50, "minus_points": 3},
        {"detection": 1.0}, {"detection": 0.001, "per_item_year": 1.0},
    ],
    "performative": [
        {"epsilon": 0.0}, {"epsilon": 0.99}, {"epsilon": -0.99}, {"epsilon": 1.0},
        {"epsilon": -1.0}, {"epsilon": 1.01}, {"epsilon": -10.0}, {"mu": 0.0},
        {"mu": 0.0, "epsilon": 2.0}, {"mu": 1e6, "epsilon": -0.5, "noise": 0.0},
        {"epsilon": 3.0, "noise": 0.0}, {"noise": 1e6}, {"first_rule": -1e6, "epsilon": 0.7},
    ],
    "points_ledger": [
        {"per_year": 0.0}, {"detection": 0.0}, {"points": 0}, {"detection": 1.0, "points": 20},
        {"per_year": 120.0, "points": 1, "detection": 0.3}, {"start": -5000, "years": 4},
        {"per_year": 0.01, "points": -500},
    ],
    "strategic_response": [
        {"reach": 0.0}, {"reach": 100.0}, {"threshold": 20.0}, {"threshold": -1.3},
        {"qualified_mean": -2.0, "unqualified_mean": 2.0}, {"qualified_mean": 20.0},
    ],
    "watch_list": [
        {"gallery": 0.0}, {"false_match_rate": 0.0}, {"false_match_rate": 1.0, "gallery": 1e10},
        {"gallery": 1000.0, "false_match_rate": 1e-9}, {"gallery": 7.0, "false_match_rate": 0.3},
        {"gallery": 1.0, "false_match_rate": 0.999_99},
    ],
}  # fmt: skip

CASES: list[tuple[str, dict[str, Any]]] = [(name, {}) for name in SMALL] + [
    (n, case) for n, cases in OTHERS.items() for case in cases
]


def compared(workshop: Workshop, name: str, changed: dict[str, Any]) -> list[Comparison]:
    """Run a runner at its small size with some parameters changed."""
    runner = RUNNERS[name]
    given = runner.parameters.model_validate({**SMALL[name], **changed})
    return list(runner.run(given, (11,), workshop))


@pytest.mark.parametrize(("name", "changed"), CASES)
def test_the_formula_is_followed(workshop: Workshop, name: str, changed: dict[str, Any]) -> None:
    """What the run gives lies within its computed error of what the formula gives."""
    found = compared(workshop, name, changed)
    assert found
    for outcome in judged(found, ALARM):
        assert outcome.holds, outcome


WRONG: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("appeal_window", {}, {"window_days": 12}),
    ("base_rate", {}, {"specificity": 0.985}),
    ("cannot_pay", {}, {"specificity": 0.8}),
    ("goodhart", {}, {"error_spread": 1.1}),
    ("image_scoring", {"people": 2000}, {"known": 0.75}),
    ("list_stock", {}, {"exit_hazard_per_year": 3.4}),
    ("many_items", {}, {"plus_items": 25}),
    ("performative", {}, {"epsilon": 0.51}),
    ("points_ledger", {}, {"detection": 0.55}),
    ("strategic_response", {}, {"reach": 0.6}),
    ("watch_list", {}, {"false_match_rate": 1.001e-6}),
]


@pytest.mark.parametrize(("name", "here", "elsewhere"), WRONG)
def test_another_formula_is_not(
    workshop: Workshop, name: str, here: dict[str, Any], elsewhere: dict[str, Any]
) -> None:
    """A run beside what the formula gives for slightly other numbers does not hold."""
    found, others = compared(workshop, name, here), compared(workshop, name, {**here, **elsewhere})
    mixed = [one._replace(expected=two.expected, chance=0.0)
             for one, two in zip(found, others, strict=False)
             if one.relation == two.relation == "equal"]  # fmt: skip
    assert mixed
    assert not all(outcome.holds for outcome in judged(mixed, ALARM))


KNOWN: list[tuple[str, dict[str, Any], str, float]] = [
    ("base_rate", {}, "share of the listed who are listed rightly", 0.5),
    ("watch_list", {}, "false matches a probe", 1300.0),
    ("cannot_pay", {}, "wrongful share of the list", 0.0773),
    ("goodhart", {}, "mean of the target of those selected", 1.241),
    ("goodhart", {}, "gap between them of those selected", 1.241),
    ("strategic_response", {}, "accuracy after the response", 0.8123),
    ("performative", {}, "rule after 30 rounds", 20.0),
]


@pytest.mark.parametrize(("name", "changed", "what", "value"), KNOWN)
def test_the_published_value_is_what_is_expected(
    workshop: Workshop, name: str, changed: dict[str, Any], what: str, value: float
) -> None:
    """At the numbers that were published the formula gives the published value."""
    (one,) = (one for one in compared(workshop, name, changed) if one.what == what)
    assert one.expected == pytest.approx(value, rel=2e-3)


def test_a_rule_that_does_not_settle_is_said_to(workshop: Workshop) -> None:
    """Whether a rule settles is said in words: below an epsilon of 1 in size it does."""
    for epsilon, said in (
        (0.5, "converges"), (-0.98, "converges"), (1.0, "does not settle"),
        (-1.0, "does not settle"), (1.05, "diverges"), (-3.0, "diverges"),
    ):  # fmt: skip
        first = compared(workshop, "performative", {"epsilon": epsilon, "people": 50})[0]
        assert first.words.startswith(said), (epsilon, first.words)


def test_cooperation_ends_where_scores_are_known_too_seldom(workshop: Workshop) -> None:
    """Below q = c/b it ends; above it lasts where nearly all discriminate, else it may end."""
    for changed, said in (
        ({"known": 0.1}, "cooperation ends: q is not above c/b"),
        ({"known": 0.8}, "cooperation lasts: q is above c/b"),
    ):
        last = compared(workshop, "image_scoring", {"people": 2000, **changed})[-1]
        assert last.words == said


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("appeal_window", {"window_days": 0}, "greater than or equal to 1"),
    ("appeal_window", {"counted_from": "never"}, "'decision' or 'knowledge'"),
    ("base_rate", {"prevalence": 1.1}, "less than or equal to 1"),
    ("base_rate", {"sensitivity": 0.0001}, "a sensitivity of 0.0001"),
    ("base_rate", {"sensitivity": 0.0, "specificity": 1.0}, "nobody is ever found guilty"),
    ("base_rate", {"prevalence": 0.0, "specificity": 1.0}, "nobody is ever found guilty"),
    ("cannot_pay", {"cannot_share": -0.1}, "greater than or equal to 0"),
    ("cannot_pay", {"sensitivity": 0.0, "specificity": 1.0}, "nobody would be listed"),
    ("goodhart", {"selected_share": 0.0}, "greater than or equal to"),
    ("image_scoring", {"discriminators": 0.9999}, "leaves no defector"),
    ("list_stock", {"exit_hazard_per_year": 2000.0}, "less than or equal to 1000"),
    ("list_stock", {"inflow_per_year": 500.0}, "an inflow of 500 a year"),
    ("list_stock", {"inflow_per_year": 0.0001}, "says nothing"),
    ("many_items", {"plus_items": 0, "minus_items": 0}, "no item at all"),
    ("many_items", {"per_item_year": 5.0}, "acts a person and year"),
    ("performative", {"epsilon": "strong"}, "valid number"),
    ("performative", {"epsilon": 0.9999, "people": 100_000}, "20,000 rounds of 100,000 people"),
    ("image_scoring", {"people": 100_000, "rounds": 1000}, "asked 1,000 times a generation"),
    ("points_ledger", {"points": 5000, "years": 9}, "somebody's score may come to"),
    ("points_ledger", {"detection": 1e-5}, "a detection of 1e-05"),
    ("strategic_response", {"reach": float("inf")}, "finite number"),
    ("watch_list", {"gallery": 1e11}, "less than or equal to"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "changed", "said"), REFUSED)
def test_what_makes_no_sense_is_refused(name: str, changed: dict[str, Any], said: str) -> None:
    """Numbers without a formula, or which the engine cannot hold, are refused in words."""
    with pytest.raises(ValidationError, match=said.replace("(", r"\(")):
        RUNNERS[name].parameters.model_validate({**SMALL[name], **changed})
