"""How long until the first month is over, in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

FIRST_MONTH = """
from glasshouse.engine.drivers import driver
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.simulation import Simulation
from glasshouse.law.library import Library

experiment = Library().resolve("as-told", {"people": "2048", "years": "1"})
simulation = Simulation(make_plan(experiment), driver("cpu", 1))
simulation.begin()
simulation.advance()
"""

CACHED = 3
HELPS = 7


def starts() -> dict[str, float]:
    """Give the seconds to the end of the first month without and with a cache, and of the help."""
    with tempfile.TemporaryDirectory(prefix="glasshouse-bench-") as cache:
        run = [sys.executable, "-c", FIRST_MONTH]
        cold = _seconds(run, cache)
        cached = median(_seconds(run, cache) for _ in range(CACHED))
        ask = [sys.executable, "-m", "glasshouse", "--help"]
        helped = median(_seconds(ask, cache) for _ in range(HELPS))
    return {"cold_start_seconds": cold, "cached_start_seconds": cached, "help_seconds": helped}


def _seconds(command: list[str], cache: str) -> float:
    """Time one process that finds its compiled code, or none, in ``cache``."""
    environment = {k: v for k, v in os.environ.items() if k != "NUMBA_CACHE_DIR"}
    source = str(Path(__file__).parents[2])
    environment |= {"XDG_CACHE_HOME": cache, "PYTHONPATH": source}
    began = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)  # noqa: S603
    return time.perf_counter() - began
