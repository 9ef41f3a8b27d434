"""What it costs to keep a society in files: a streamed month over one in memory."""

from __future__ import annotations

import tempfile
from pathlib import Path

from glasshouse.bench.pairs import Ratio, interleaved
from glasshouse.bench.society import WARM_UP, Months, laid_out, scenario_of, warm
from glasshouse.engine.estimate import MOST_IN_A_SHARD
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.streamed import Given, Streamed

PEOPLE = 262_144
PAIRS = 5


def streamed_ratio() -> tuple[Ratio, float]:
    """Give the cost of a streamed month over that of one in memory, and the bytes a person."""
    experiment = scenario_of(PEOPLE)
    with tempfile.TemporaryDirectory(prefix="glasshouse-bench-") as folder:
        given = Given(
            make_plan(experiment), "cpu", 1, Path(folder), "bench", MOST_IN_A_SHARD,
            heed=lambda _done, _all: None, told=lambda _what: None,
        )  # fmt: skip
        streamed = Streamed(given)
        streamed.begin()
        for _ in range(WARM_UP):
            streamed.advance()

        def month() -> float:
            streamed.advance()
            return float(PEOPLE)

        ratio = interleaved(month, Months([warm(laid_out(experiment))], 1), PAIRS)
        held = sum(file.stat().st_size for file in Path(folder).iterdir())
    return ratio, held / PEOPLE
