"""The contexts of a run: what each person bore, and what the counts by origin say, are one sum."""

from __future__ import annotations

import numpy as np
import pytest

from glasshouse.metrics.unrelated_context import unrelated_context_share
from glasshouse.report.observing import Observing
from glasshouse.session import Run


def test_rows_and_origins_agree(small: Run) -> None:
    """Unrelated burden by person is that by context of the act and of the counter; so is what
    grades cost; and the share of the one is the metric's lower bound.
    """
    seen = Observing(small.archive).arm("scored")
    names = seen.names
    assert names.related is not None
    acts = {act.context for act in names.acts}
    assert acts <= {context for context, _ in names.related}
    origins = names.axes["origin"]
    by_origin = seen.total("burden_by_origin").sum(axis=0)
    apart = np.array(
        [
            [one in acts and (one, other) not in names.related for other in names.contexts]
            for one in origins
        ]
    )
    without = by_origin[origins.index("no_ground")].sum()
    assert by_origin.sum() == seen.summed("burden_yuan").sum() > 0
    assert by_origin[apart].sum() + without == seen.row("burden_unrelated_yuan").sum()
    assert by_origin[origins.index("score")].sum() == seen.row("burden_score_yuan").sum()
    found = unrelated_context_share.of(seen)
    assert isinstance(found, dict)
    expected = (by_origin[apart].sum() + without) / by_origin.sum()
    assert found["at least"].value == pytest.approx(expected)
    assert found["at least"].value <= found["point"].value <= found["at most"].value
