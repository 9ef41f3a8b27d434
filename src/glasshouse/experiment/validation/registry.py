"""Every runner by the name that a row's `run:` gives."""

from __future__ import annotations

from glasshouse.experiment.validation import (
    appeal_window,
    arms_apart,
    attention_allocation,
    base_rate,
    cannot_pay,
    credit_gap,
    crossing,
    delayed_impact,
    dog_licence,
    evasion_price,
    goodhart,
    image_scoring,
    letters,
    list_stock,
    many_items,
    performative,
    points_ledger,
    published_figures,
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
        arms_apart.RUNNER,
        attention_allocation.RUNNER,
        base_rate.RUNNER,
        cannot_pay.RUNNER,
        credit_gap.RUNNER,
        crossing.RUNNER,
        delayed_impact.RUNNER,
        dog_licence.RUNNER,
        evasion_price.RUNNER,
        goodhart.RUNNER,
        image_scoring.RUNNER,
        letters.RUNNER,
        list_stock.RUNNER,
        many_items.RUNNER,
        performative.RUNNER,
        points_ledger.RUNNER,
        published_figures.RUNNER,
        runaway_attention.RUNNER,
        runaway_urn.RUNNER,
        strategic_response.RUNNER,
        watch_list.RUNNER,
    )
}  # fmt: skip
