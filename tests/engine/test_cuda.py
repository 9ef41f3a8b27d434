"""The graphics card's form of the text, in Numba's simulator: threads as lanes, blocks in turn."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.conftest import Lab

SCRIPT = """
import hashlib, pickle, sys
from glasshouse.engine.drivers import driver
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.simulation import Simulation

for experiment in pickle.load(open(sys.argv[1], "rb")):
    for name in ("python", "cuda"):
        simulation = Simulation(make_plan(experiment), driver(name))
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


def test_the_simulated_card_gives_the_same_bits(lab: Lab, tmp_path: Path) -> None:
    """Rows, state, outcomes, pools, institutions and counts are those of plain Python.

    Under every kind of rule: with two communities, a block each, and with one, whose two arms have
    a block each.
    """
    sizes = ({"people": 100}, {"people": 60})
    experiments = [lab.everything(**size, community_size=64) for size in sizes]
    given = tmp_path / "experiments"
    given.write_bytes(pickle.dumps(experiments))
    told = subprocess.run(
        [sys.executable, "-c", SCRIPT, given],
        env={**os.environ, "NUMBA_ENABLE_CUDASIM": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    two, simulated_two, one, simulated_one = told.stdout.split()
    assert two == simulated_two
    assert one == simulated_one
    assert one != two
