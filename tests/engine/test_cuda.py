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
    experiments = [lab.everything(people=people, community_size=64) for people in (100, 60)]
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


def refusal(**settings: str) -> str:
    """Ask for the device in a process of its own and give what is said."""
    script = f"""
import sys
{settings.get("before", "")}
from glasshouse.engine.drivers import driver
from glasshouse.errors import BadUsage
try:
    driver("cuda")
except BadUsage as error:
    print(error)
"""
    environment = {name: value for name, value in os.environ.items() if name[:6] != "NUMBA_"}
    told = subprocess.run(
        [sys.executable, "-c", script],
        env=environment | {"CUDA_VISIBLE_DEVICES": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    return told.stdout


def test_a_machine_without_a_card_is_told_so() -> None:
    """What is missing, and what gives the same results."""
    said = refusal()
    assert "no graphics card that CUDA can use was found" in said
    assert "--device cpu" in said


def test_an_installation_without_the_extra_is_told_so() -> None:
    """What Numba itself still has of CUDA does not count."""
    said = refusal(
        before="""
import importlib.util as util
found = util.find_spec
util.find_spec = lambda name, *more: None if name == "numba_cuda" else found(name, *more)
"""
    )
    assert "pip install 'glasshouse[cuda]'" in said
    assert "--device cpu" in said
