"""Regressional Goodhart: selected for a score, one gets less of what the score was to tell."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from glasshouse.experiment.validation.comparison import Comparison
from glasshouse.experiment.validation.luck import GOODHART_TARGET, normals
from glasshouse.experiment.validation.runner import Runner, Seeds, Workshop
from glasshouse.experiment.validation.world import Act, World, rule
from glasshouse.law.validate import Strict
from glasshouse.stages.scoring.goodhart_variants_2018 import scored, selected

EIGHTHS = 8
MOST_POINTS = 18_000


class Parameters(Strict):
    """A target of unit variance, an error of variance s squared, and how many are selected."""

    selected_share: Annotated[float, Field(ge=0.0001, le=0.9999)]
    error_spread: Annotated[float, Field(ge=0, le=50)]
    """s: the standard deviation of the error, in those of the target."""
    people: Annotated[int, Field(ge=20_000, le=5_000_000)] = 500_000
    people_in_engine: Annotated[int, Field(ge=1000, le=1_000_000)] = 32_768


def run(given: Parameters, seeds: Seeds, workshop: Workshop) -> Iterator[Comparison]:
    """Compare the means of those selected with the formulas, and the slope that stands behind.

    The means need a normal target, which no trait of the engine is: a stage function beside it.
    The slope of the target on the score, 1 / (1 + s squared), needs no normal law and is read from
    scores that the engine gave by a slope on a trait, with noise.
    """
    from scipy.stats import norm

    share, spread = given.selected_share, given.error_spread
    tail = float(norm.pdf(norm.isf(share)) / share)
    whole = math.hypot(1.0, spread)
    found = [selection(normals(seed, given.people, GOODHART_TARGET), share, spread)
             for seed in seeds]  # fmt: skip
    expected = (tail / whole, tail * whole, tail * whole - tail / whole)
    words = ("mean of the target", "mean of the score", "gap between them")
    for place, what in enumerate(words):
        value = float(np.mean([one[0][place] for one in found]))
        error = math.sqrt(sum(one[1][place] for one in found)) / len(found)
        yield Comparison(f"{what} of those selected", value, expected[place], error,
                         slack=1e-9 if spread == 0 else 0.0)  # fmt: skip
    yield slope(given, seeds, workshop)


def selection(drawn: Any, share: float, spread: float) -> tuple[tuple[float, ...], list[float]]:
    """Give the means of target, score and gap of those selected, and the variances of these means.

    The border of the selection is the sample's own; how far chance moves it counts with the mean's
    distance from what stands at the border.
    """
    target, error = drawn
    score = scored(target, error, spread)
    chosen = selected(score, share)
    border = score[chosen].min()
    whole = 1 + spread**2
    at_border = (border / whole, border, border - border / whole)
    means, variances = [], []
    for values, edge in zip((target, score, score - target), at_border, strict=True):
        of_chosen = values[chosen]
        mean = float(of_chosen.mean())
        means.append(mean)
        scatter = float(of_chosen.var()) + (1 - share) * (mean - edge) ** 2
        variances.append(scatter / len(chosen))
    return tuple(means), variances


def slope(given: Parameters, seeds: Seeds, workshop: Workshop) -> Comparison:
    """Compare the slope of the target on the engine's score with 1 / (1 + s squared).

    Points are a whole number for each eighth of a trait, with whole noise spread evenly, so the
    spread is not quite the one asked for: by how much the slope differs is the slack.
    """
    # The variance of 0 .. 7 is 5.25, that of -n .. n is n(n + 1) / 3.
    wide = given.error_spread * math.sqrt(3 * 5.25)
    per_eighth = max(1, int(MOST_POINTS / (EIGHTHS - 1 + wide)))
    noise = round(wide * per_eighth)
    inside = noise * (noise + 1) / 3 / (5.25 * per_eighth**2)
    rules = [
        rule("scale", "scale", start=0, floor=None, cap=None),
        rule("points", "worth", acts=["deed"], slope={
            "trait": "honesty", "per_eighth": per_eighth, "noise": noise, "base": 0,
        }),
    ]  # fmt: skip
    truths, scores = [], []
    for seed in seeds:
        world = World([Act("deed", 0.5, 1.0)], rules, {}, given.people_in_engine, 1, seed)
        found = workshop.finished(world.experiment(workshop.empty())).world
        once = found.outcome.entries[:, 1] == 1
        truths.append((found.rows.honesty[once] >> 13).astype(float) * per_eighth)
        scores.append(found.state.score_points[:, 1, 0][once].astype(float))
    truth, score = np.concatenate(truths), np.concatenate(scores)
    off = score - score.mean()
    value = float(off @ truth / (off @ off))
    rest = truth - truth.mean() - value * off
    error = math.sqrt(float((off * rest) @ (off * rest))) / float(off @ off) if noise else 0.0
    expected = 1 / (1 + given.error_spread**2)
    return Comparison(
        "slope of the target on the engine's score", value, expected, error,
        slack=abs(1 / (1 + inside) - expected) + 1e-12,
        words=f"{len(score):,} people with one entry",
    )  # fmt: skip


RUNNER = Runner(
    "goodhart",
    Parameters,
    run,
    "a stage function beside the engine for the means (no trait of the engine is normal), and the "
    "engine's score by a slope on a trait for the slope behind them",
)
