"""Signs of a scenario's arms: what is read, what is refused, and a row with other numbers."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from glasshouse.errors import BadInput
from glasshouse.experiment.validation.arms_apart import (
    Claim,
    Parameters,
    correlation,
    held,
    ratio,
    refused,
)
from glasshouse.experiment.validation.row import FILE, read_rows
from glasshouse.experiment.validation.runner import Workshop
from glasshouse.experiment.validation.table import run_row

ROOM = Path(__file__).resolve().parents[3] / "validation"
HOME = ROOM / "bundled-scores"


def changed(folder: Path, name: str, **parameters: Any) -> Path:
    """Copy a row of the house with other parameters."""
    shutil.copytree(ROOM / name, folder / name)
    file = folder / name / FILE
    said = yaml.safe_load(file.read_text(encoding="utf-8"))
    said["parameters"] |= parameters
    said |= {"cite": None, "ours": "a test", "seeds": [9]}
    file.write_text(yaml.safe_dump(said, sort_keys=False), encoding="utf-8")
    return folder


whole = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 60)), min_size=3, max_size=20)


@settings(deadline=None)
@given(whole)
def test_sums_give_the_textbook_s_correlation(pairs: list[tuple[int, int]]) -> None:
    """From six sums the same correlation as from the pairs; the mean of holders by hand."""
    x, y = np.array(pairs, float).T
    sums = np.array([len(x), x.sum(), y.sum(), (x**2).sum(), (y**2).sum(), (x * y).sum()])
    if x.std() > 0 and y.std() > 0:
        assert correlation(sums) == pytest.approx(np.corrcoef(x, y)[0, 1], abs=1e-9)
    if x.sum() > 0:
        assert held(sums) == pytest.approx(np.average(y, weights=x))
    assert ratio(sums[1::-1]) == pytest.approx(x.mean())


def test_a_claim_says_all_it_reads_and_no_more() -> None:
    """A reading without its column, or with one it does not read, is refused in words."""
    good: dict[str, Any] = {
        "what": "w",
        "reading": "mean",
        "column": "acts_lawful",
        "more": "a",
        "less": "b",
    }
    assert Claim(**good).arms == ("a", "b")
    wrongs: tuple[dict[str, Any], ...] = (
        {"column": None}, {"trait": "honesty"}, {"reading": "correlation"}, {"less": "a"},
        {"reading": "graded_apart"}, {"column": "name"},
    )  # fmt: skip
    for wrong in wrongs:
        with pytest.raises(ValidationError):
            Claim(**{**good, **wrong})
    assert Claim(what="w", reading="graded_apart", base="c", more="a", less="b").base == "c"


def test_an_arm_that_is_not_there_is_named_before_anything_runs(tmp_path: Path) -> None:
    """An unknown arm, and a scenario that cannot be read, are refused at their file."""
    claim = {"what": "w", "reading": "mean", "column": "entries", "more": "tide", "less": "nothing"}
    with pytest.raises(BadInput, match=r"no arm `tide`.*did you mean `tied`"):
        read_rows(changed(tmp_path / "a", "bundled-scores", claims=[claim]))
    with pytest.raises(BadInput, match="no scenario"):
        read_rows(changed(tmp_path / "b", "bundled-scores", scenario="elsewhere.yaml"))
    with pytest.raises(BadInput, match="aware"):
        read_rows(changed(tmp_path / "c", "bundled-scores", set={"response.awar": 0.5}))


def test_the_house_s_scenarios_have_the_arms_that_are_claimed() -> None:
    """Every row of signs can be resolved as it stands."""
    rows = [row for row in read_rows(ROOM) if row.runner.name == "arms_apart"]
    assert len(rows) >= 4
    for row in rows:
        (given,) = row.sets
        assert isinstance(given, Parameters)
        assert refused(given, row.folder) == []


def test_a_smaller_society_has_the_sign_too(tmp_path: Path, workshop: Workshop) -> None:
    """With other people and fewer of them, what is recorded is said less; nothing is read twice."""
    said = yaml.safe_load((HOME / FILE).read_text(encoding="utf-8"))["parameters"]["claims"]
    room = changed(tmp_path, "bundled-scores", people=4096, years=2, claims=said[:2])
    (row,) = read_rows(room)
    result = run_row(row, workshop.at(row.folder))
    assert not result.failure
    assert all(one.holds for one in result.outcomes)
    turned = [{**said[0], "more": said[0]["less"], "less": said[0]["more"]}]
    room = changed(tmp_path / "turned", "bundled-scores", people=4096, years=2, claims=turned)
    (row,) = read_rows(room)
    result = run_row(row, workshop.at(row.folder))
    assert not result.holds
    assert not result.is_missed
