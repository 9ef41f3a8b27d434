"""Attention after records, through the engine: other worlds hold, another formula does not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from glasshouse.engine.institutions import Bureau
from glasshouse.experiment.validation import again
from glasshouse.experiment.validation.comparison import Outcome, Tolerance, judged
from glasshouse.experiment.validation.runaway_attention import Parameters, run
from glasshouse.experiment.validation.runner import Workshop

TWO = Tolerance(rule="standard-errors", at_most=2.0)


def outcomes(workshop: Workshop, **said: Any) -> list[Outcome]:
    """Run the row in a small world."""
    small = {"people": 4096, "community_size": 256, "per_year": 60.0, "detection": 0.05}
    given = Parameters(**{**small, **said})
    return list(judged(list(run(given, (1, 2), workshop)), TWO))


@pytest.mark.parametrize(
    "said",
    [{"rural_rate": 0.7, "follows": (1.0, 0.3)}, {"per_year": 10.0, "people": 3000}],
    ids=["towns have more", "alike"],
)
def test_the_engine_s_attention_follows_its_law(workshop: Workshop, said: dict[str, Any]) -> None:
    """Whatever the rates and however far attention follows, all comparisons hold."""
    found = outcomes(workshop, **said)
    assert len(found) == 1 + 5 * len(said.get("follows", (1.0,)))
    assert all(one.holds for one in found), [one for one in found if not one.holds]


def test_attention_that_lags_is_found_out(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If half of what should follow records did not, the attention is off its formula."""
    right = Bureau._attention

    def lagging(self: Bureau, recorded: Any, provinces: Any) -> Any:
        given = right(self, recorded, provinces)
        return ((given.astype(int) + 256) // 2).astype(np.uint16)

    monkeypatch.setattr(Bureau, "_attention", lagging)
    monkeypatch.setattr(again, "LOOKS", 1)
    found = outcomes(workshop, people=2048)
    assert next(one.what for one in found if not one.holds).startswith("attention off its share")


@pytest.mark.parametrize(
    ("said", "words"),
    [({"people": 1000}, "4 communities"), ({"detection": 0.5}, "would see more than all")],
)
def test_worlds_in_which_the_law_does_not_hold_are_refused(
    workshop: Workshop, said: dict[str, Any], words: str
) -> None:
    """Too few communities, or attention that would see more than there is, is said."""
    with pytest.raises(ValidationError, match=words):
        outcomes(workshop, **said)
