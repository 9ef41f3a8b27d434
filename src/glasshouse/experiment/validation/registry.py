"""Every runner by the name that a row's `run:` gives."""

from __future__ import annotations

from glasshouse.experiment.validation import (
    attention_allocation,
    delayed_impact,
    runaway_urn,
    strategic_response,
)
from glasshouse.experiment.validation.runner import Runner

RUNNERS: dict[str, Runner] = {
    runner.name: runner
    for runner in (
        attention_allocation.RUNNER,
        delayed_impact.RUNNER,
        runaway_urn.RUNNER,
        strategic_response.RUNNER,
    )
}  # fmt: skip
