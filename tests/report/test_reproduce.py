"""How a run is had again: what is printed is what has to be typed."""

from __future__ import annotations

import hashlib
import shlex

import click

from glasshouse.report.reproduce import (
    command_of,
    hashes_of,
    own_files,
    python_of,
    reproduce,
    rulebook_hashes,
)
from glasshouse.session import Run, settled


def test_the_command_is_one_that_the_program_takes(small: Run) -> None:
    """It names people, years and seed whatever the defaults, and every other value with --set."""
    from glasshouse.cli import main

    said = reproduce(small.provenance)
    words = shlex.split(said.command)
    assert words[:3] == ["glasshouse", "run", "pellucid"]
    command = main.commands["run"]
    taken = command.make_context("run", words[2:]).params
    assert (taken["people"], taken["years"], taken["seed"]) == (1536, 2, 3)
    assert taken["sets"] == {"community_size": "256"}
    assert isinstance(command, click.Command)


def test_a_run_of_months_is_had_again_by_the_month(small: Run) -> None:
    """Years and months are never both said."""
    scenario = small.provenance.scenario.model_copy(update={"years": 1, "months": 2})
    said = reproduce(small.provenance.model_copy(update={"scenario": scenario}))
    assert "--months 2" in said.command
    assert "months=2" in said.python
    assert "years" not in said.command + said.python


def test_the_command_and_the_python_settle_the_same_experiment(small: Run) -> None:
    """What either resolves to is what the run was."""
    said = reproduce(small.provenance)
    assert 'set={"community_size": "256"}' in said.python
    again = settled("pellucid", people=1536, years=2, seed=3, set={"community_size": "256"})
    assert again.scenario == small.experiment.scenario
    assert said.digest == small.digest


def test_an_awkward_value_survives_both() -> None:
    """A space or a quote in a path or value is quoted for the shell and for Python."""
    sets = {"people": "10", "a.b c": "it's"}
    assert shlex.split(command_of("x", sets))[-1] == "a.b c=it's"
    compile(python_of("my 'scenario", sets), "printed", "exec")


def test_a_rulebook_has_one_hash_before_and_after_the_run(small: Run) -> None:
    """The files of an experiment and the parts of its run give the same hash; a letter moves it."""
    before = rulebook_hashes(hashes_of(small.experiment.files))
    assert before == reproduce(small.provenance).rulebooks
    assert set(before) == {"pellucid-civic-score", "pellucid-enterprise-rating",
                           "pellucid-register"}  # fmt: skip
    changed = {path: content + b"#" for path, content in small.experiment.files.items()}
    after = rulebook_hashes(hashes_of(changed))
    assert not set(before.values()) & set(after.values())


def test_a_file_of_ones_own_is_named(small: Run) -> None:
    """A file that is not as shipped is told, since the scenario's name alone then runs another."""
    assert reproduce(small.provenance).own_files == ()
    other = {"rulebooks/mine/rulebook.yaml": hashlib.sha256(b"x").hexdigest()}
    assert own_files(other) == ("rulebooks/mine/rulebook.yaml",)
