"""What the Mesa model counts, by arm: sums of the month, and levels that are kept up to date."""

from __future__ import annotations

from typing import Any

import numpy as np

from glasshouse.bench.mesa_law import LEVEL
from glasshouse.engine.plan.memory import count_shapes
from glasshouse.engine.plan.plan import Plan

N_GRADES = 16
STANDING = ("scores", "grades", "score_sum", "scored")
PEOPLE = ("persons", "listed_persons", "aware_persons")
LEVELS = ("means_sum", "caution_sum", "silence_sum", "gaming_sum", "habit_sum", "trust_sum")


class ArmCounts:
    """The counts of an arm, under the names of the registry: a list each, or a number."""

    scores: list[int]
    grades: list[int]
    score_sum: list[int]
    scored: list[int]

    def __init__(self, plan: Plan) -> None:
        """Start from nothing."""
        self._shapes = count_shapes(plan.sizes)
        self._bins = plan.sizes.bins
        self.low, self.width = 0, 1
        for name in (*STANDING, *LEVELS, *PEOPLE):
            setattr(self, name, self._nothing(name))
        self.begin_step()

    def _nothing(self, name: str) -> Any:
        length = self._shapes[name][0]
        listed = length > 1 or name in {"score_sum", "scored", "privileges", "attempts"}
        return [0] * length if listed else 0

    def begin_step(self) -> None:
        """Count the month's happenings from nothing; levels, scores, people stay as they are."""
        for name in self._shapes:
            if name not in (*STANDING, *LEVELS, *PEOPLE):
                setattr(self, name, self._nothing(name))

    def forget_scores(self, low: int, width: int) -> None:
        """Count scores anew, in bins of ``width`` points from ``low`` on."""
        self.low, self.width = low, width
        for name in STANDING:
            setattr(self, name, self._nothing(name))

    def enter(self, instrument: int, score: int, grade: int) -> None:
        """Count one more person with a score and a grade."""
        self._shift(instrument, score, grade, 1)
        self.scored[instrument] += 1

    def move(self, instrument: int, before: int, was: int, score: int, grade: int) -> None:
        """Count a person at another score and grade."""
        self._shift(instrument, before, was, -1)
        self._shift(instrument, score, grade, 1)

    def _shift(self, instrument: int, score: int, grade: int, by: int) -> None:
        place = min(max(score - self.low, 0) // self.width, self._bins - 1)
        self.scores[instrument * self._bins + place] += by
        self.grades[instrument * N_GRADES + grade] += by
        self.score_sum[instrument] += by * score

    def arrays(self) -> dict[str, Any]:
        """Give every count as an array, levels in the units of the sweep's columns."""
        found = {}
        for name in self._shapes:
            value = np.atleast_1d(np.array(getattr(self, name)))
            found[name] = np.rint(value * LEVEL) if name in LEVELS else value
        return found
