"""Every runner by the name that a row's `run:` gives."""

from __future__ import annotations

from glasshouse.experiment.validation import strategic_response
from glasshouse.experiment.validation.runner import Runner

RUNNERS: dict[str, Runner] = {
    runner.name: runner
    for runner in (
        strategic_response.RUNNER,
    )
}  # fmt: skip
