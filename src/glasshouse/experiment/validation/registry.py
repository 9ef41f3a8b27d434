"""Every runner by the name that a row's `run:` gives."""

from __future__ import annotations

from glasshouse.experiment.validation import (
    appeal_window,
    attention_allocation,
    base_rate,
    cannot_pay,
    delayed_impact,
    goodhart,
    image_scoring,
    list_stock,
    performative,
    points_ledger,
    runaway_attention,
    runaway_urn,
    strategic_response,
    watch_list,
)
from glasshouse.experiment.validation.runner import Runner

RUNNERS: dict[str, Runner] = {
    runner.name: runner
    for runner in (
        appeal_window.RUNNER,
        attention_allocation.RUNNER,
        base_rate.RUNNER,
        cannot_pay.RUNNER,
        delayed_impact.RUNNER,
        goodhart.RUNNER,
        image_scoring.RUNNER,
        list_stock.RUNNER,
        performative.RUNNER,
        points_ledger.RUNNER,
        runaway_attention.RUNNER,
        runaway_urn.RUNNER,
        strategic_response.RUNNER,
        watch_list.RUNNER,
    )
}  # fmt: skip
