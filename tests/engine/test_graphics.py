"""The text as a graphics card gets it: compiled for one here, without one."""

from __future__ import annotations

import os
import pickle
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.conftest import Lab

MOST_ARGUMENTS = 4096
"""Bytes of arguments that a kernel may have, on any card."""

TOOLS = """
from numba import cuda
print(cuda.compile_ptx(lambda: None, (), device=True, cc=(9, 0))[0][:0])
"""

SCRIPT = """
import pickle, sys
from types import SimpleNamespace
from numba import cuda
import numba.cuda.dispatcher

# Inner functions are compiled for the card at hand; here that is one of compute capability 9.0.
numba.cuda.dispatcher.get_current_device = lambda: SimpleNamespace(compute_capability=(9, 0))

from glasshouse.engine.cuda import bound, on_card
from glasshouse.engine.drivers import AtHome, turn_of
from glasshouse.engine.graphics import opened
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.simulation import Simulation
from glasshouse.engine.sweep.beginning import begin_range
from glasshouse.engine.sweep.community import step_range

class Given(AtHome):
    name, workers, can_note, arrays = "given", 1, False, {}

    def begin(self, seed, communities, *arrays):
        self.arrays[begin_range] = (seed, turn_of(0), communities, *arrays, 0)

    def step(self, seed, communities, *arrays):
        self.arrays[step_range] = (seed, turn_of(0), communities, *arrays, 0)

driver = Given()
simulation = Simulation(make_plan(pickle.load(open(sys.argv[1], "rb"))), driver)
simulation.begin()
simulation.advance()
entries = bound(on_card())
for entry, arguments in driver.arrays.items():
    kernel, words = opened(entries[entry], arguments)
    print(cuda.compile(kernel, (words,), device=False, abi="numba", cc=(9, 0), output="ptx")[0])
"""


def run(script: str, *given: object) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own, in which no other test has switched anything."""
    environment = {name: value for name, value in os.environ.items() if name[:6] != "NUMBA_"}
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, given)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_text_compiles_for_a_card(lab: Lab, tmp_path: Path) -> None:
    """Both entries, for an H200; their arguments find room, and lanes add without a lock."""
    if run(TOOLS).returncode != 0:
        pytest.skip("CUDA's compiler is not installed: the card's form of the text is not compiled")
    given = tmp_path / "experiment"
    given.write_bytes(pickle.dumps(lab.everything(people=100, community_size=64)))
    told = run(SCRIPT, given)
    assert told.returncode == 0, told.stderr
    entries = re.findall(r"\.visible \.entry .*?\((.*?)\)\s", told.stdout, re.DOTALL)
    assert len(entries) == 2
    for arguments in entries:
        assert 8 * arguments.count(".param .u64") < MOST_ARGUMENTS
        assert arguments.count(".param") == arguments.count(".param .u64")
    assert {"atom.add.u64", "atom.add.u32"} <= set(re.findall(r"atom\.\S*", told.stdout))
    assert "bar.sync" in told.stdout
