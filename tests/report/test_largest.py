"""The largest shipped scenarios stay below the cap, with all that is said and most figures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from glasshouse.report.html import MOST_BYTES
from glasshouse.session import run


@pytest.mark.parametrize("scenario", ["everything", "six-places", "eight-companies"])
def test_the_largest_scenarios_stay_below_the_cap(scenario: str, tmp_path: Path) -> None:
    """Everything that is said stands in the file; a figure that found no room is named."""
    done = run(scenario, people=2048, years=1, set={"community_size": 1024}, out=tmp_path / "run")
    text = done.report(tmp_path / "report.html").read_text(encoding="utf-8")
    assert len(text.encode()) < MOST_BYTES
    quantities = done.experiment.arms[-1].assumptions.quantities()
    section = re.sub(r"<[^>]+>", " ", text[text.index('id="assumptions"') :])
    assert len(re.findall(r"\S+ \([^()]+\) \[\d+\]", section)) == len(quantities)
    for arm in done.provenance.arms:
        assert all(f"<b>{name}</b>" in text for name in arm.mechanisms)
    assert text.count("<figure") >= 4
    assert text.count("Left out so that the file stays below") <= 2
