"""Every runner by the name that a row's `run:` gives.

A module of this package that has a ``RUNNER`` is one; a new one needs no entry anywhere.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from pathlib import Path

from glasshouse.experiment.validation.runner import Runner

NO_RUNNERS = frozenset({"registry", "row", "table"})
"""Modules that are above this one."""


def _found() -> dict[str, Runner]:
    """Give the runners of the package by their names, in order."""
    package = __name__.rpartition(".")[0]
    names = [module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])]
    modules = [import_module(f"{package}.{name}") for name in names if name not in NO_RUNNERS]
    runners = [module.RUNNER for module in modules if hasattr(module, "RUNNER")]
    return {runner.name: runner for runner in sorted(runners, key=lambda one: one.name)}


RUNNERS = _found()
