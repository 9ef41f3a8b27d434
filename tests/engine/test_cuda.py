"""The graphics card's form of the text, in Numba's simulator: threads as lanes, blocks in turn."""

from __future__ import annotations

import os
import subprocess
import sys

SCRIPT = """
import hashlib, sys
from glasshouse.engine.drivers import driver
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.simulation import Simulation
from glasshouse.law.library import Library

sets = {"people": "300", "community_size": "128", "years": "1"}
plan = make_plan(Library().resolve("pellucid", sets))
for name in ("python", "cuda"):
    simulation = Simulation(plan, driver(name))
    simulation.begin()
    for _ in range(4):
        simulation.advance()
    digest = hashlib.sha256()
    for array in (*simulation.world.rows, *simulation.snapshot().values()):
        digest.update(array.tobytes())
    for record in simulation.history:
        for count in record.counts:
            digest.update(count.tobytes())
    print(digest.hexdigest())
"""


def test_the_simulated_card_gives_the_same_bits() -> None:
    """Rows, state, outcomes, pools, institutions and counts are those of plain Python."""
    told = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={**os.environ, "NUMBA_ENABLE_CUDASIM": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    python, cuda = told.stdout.split()
    assert python == cuda
