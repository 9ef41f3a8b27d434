"""A rule that changes what it predicts: the location family of *Performative Prediction* (2020).

People answer to the rule in force: their features move with it, by ``strength`` for a unit of the
rule. Retraining takes the mean of the features it finds as the next rule.
"""

from __future__ import annotations

from typing import Any


def features_under(rule: float, base: float, strength: float, noise: Any) -> Any:
    """Give the features of people who live under a rule; ``noise`` has mean 0."""
    return base + strength * rule + noise


def retrained(features: Any) -> float:
    """Give the rule that fits the features best in squared error: their mean."""
    return float(features.mean())
