"""How many blocks of random numbers a person-month takes: counted in the sweep's plain text."""

from __future__ import annotations

from collections import Counter
from types import FunctionType
from typing import Any

from glasshouse.bench.society import WARM_UP, begun, laid_out, scenario_of, warm
from glasshouse.chance import PURPOSES, draw
from glasshouse.engine.drivers import PythonDriver, driver, run_plainly
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.simulation import Simulation
from glasshouse.engine.sweep.beginning import begin_range
from glasshouse.engine.sweep.community import step_range
from glasshouse.kernel import Target, bind

PEOPLE = 2_048
PURPOSE = 3
"""Which argument of a draw says what it is for."""


class Counting(PythonDriver):
    """The oracle, noting what each draw is for."""

    def __init__(self) -> None:
        """Build the text once more, with a draw that is counted."""
        self.drawn: Counter[int] = Counter()
        target = Target("counted", primitives={}, constant=int, compiled=self._counted)
        self._begin, self._step = bind(begin_range, target), bind(step_range, target)

    def _counted(self, function: FunctionType) -> Any:
        if function.__dict__["text"] is not draw:
            return function

        def counted(*address: int) -> Any:
            self.drawn[address[PURPOSE]] += 1
            return function(*address)

        return counted

    def begin(self, seed: int, communities: int, *arrays: Any) -> None:
        """Lay out all communities and set the first state."""
        run_plainly(self._begin, seed, communities, arrays)

    def step(self, seed: int, communities: int, *arrays: Any) -> None:
        """Lead all communities through a step."""
        run_plainly(self._step, seed, communities, arrays)


class FromThere(Counting):
    """A counting driver for a society that was laid out elsewhere."""

    def begin(self, seed: int, communities: int, *arrays: Any) -> None:
        """Lay out with compiled text: its draws are not asked for."""
        driver("cpu").begin(seed, communities, *arrays)


def blocks_a_month(people: int = PEOPLE) -> dict[str, float]:
    """Give the blocks that a person takes in a month after the warm-up, by what they are for."""
    experiment = scenario_of(people)
    before = warm(laid_out(experiment))
    counting = FromThere()
    counted = Simulation(make_plan(experiment), counting)
    counted.restore(WARM_UP, before.snapshot())
    counted.advance()
    return by_purpose(counting.drawn, people)


def blocks_laid_out(people: int) -> dict[str, float]:
    """Give the blocks that laying a person out takes, by what they are for."""
    counting = Counting()
    begun(scenario_of(people), counting)
    return by_purpose(counting.drawn, people)


def by_purpose(drawn: Counter[int], people: int) -> dict[str, float]:
    """Give draws a person by the name of their purpose, the most frequent first."""
    names = {number: name.lower() for name, number in PURPOSES.items()}
    return {names[purpose]: number / people for purpose, number in drawn.most_common()}
