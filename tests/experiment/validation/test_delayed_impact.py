"""The lending row: the house's tables, other parameters, and files that are refused."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from glasshouse.errors import BadInput
from glasshouse.experiment.validation.row import FILE, read_rows
from glasshouse.experiment.validation.table import run_rows

HOME = Path(__file__).resolve().parents[3] / "validation" / "delayed-impact"


def changed(folder: Path, **parameters: Any) -> Path:
    """Copy the house's row with other parameters."""
    shutil.copytree(HOME, folder / HOME.name)
    file = folder / HOME.name / FILE
    said = yaml.safe_load(file.read_text(encoding="utf-8"))
    said["parameters"] |= parameters
    said["cite"] = None
    said["ours"] = "a test"
    file.write_text(yaml.safe_dump(said, sort_keys=False), encoding="utf-8")
    return folder


def test_the_house_s_tables_have_the_paper_s_signs() -> None:
    """On the invented tables thresholds and program agree, and parity harms group A."""
    (result,) = run_rows(read_rows(HOME))
    assert not result.failure
    assert result.holds
    assert len(result.outcomes) == 3 * 3 * 2 + 3


@pytest.mark.parametrize(
    "parameters",
    [
        {"ratios": [-2.5, -7.0, -40.0], "published": []},
        {"cut": "outcome", "lowest": 200.0, "published": []},
        {"repaid_points": 20.0, "defaulted_points": -300.0, "published": []},
        {"scale": [[300.0, 300.0], [600.0, 700.0], [850.0, 850.0]], "published": []},
    ],
)
def test_other_parameters_need_no_other_code(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """Ratios, points, ends and scales may be anything: thresholds and program agree."""
    (result,) = run_rows(read_rows(changed(tmp_path, **parameters)))
    assert result.holds, [one for one in result.outcomes if not one.holds]


def test_a_published_number_that_is_another_does_not_hold(tmp_path: Path) -> None:
    """What the tables do not give is told with its distance, and nothing else fails."""
    said = {"ratio": -4.0, "policy": "parity", "group": "A", "points": -17.09}
    (result,) = run_rows(read_rows(changed(tmp_path, published=[said])))
    assert [one.what for one in result.outcomes if not one.holds] == [
        "published: mean points of A, parity, utility ratio -4"
    ]
    assert not result.is_missed


def test_files_of_persons_are_refused_before_anything_runs(tmp_path: Path) -> None:
    """Both files' problems stand together, at their places; a missing file is one of them."""
    room = changed(tmp_path)
    table = room / HOME.name / "invented-cumulative.csv"
    table.write_text("score,A,B,phone\n600,1,0,5\n", encoding="utf-8")
    (room / HOME.name / "invented-repayment.csv").unlink()
    with pytest.raises(BadInput) as caught:
        read_rows(room)
    said = str(caught.value)
    assert "invented-cumulative.csv:1:11: phone: a column that could point at a person" in said
    assert "invented-repayment.csv: does not exist" in said


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"lowest": 900.0}, "`lowest` is not below `highest`"),
        ({"scale": [[1.0, 2.0], [1.0, 3.0]]}, "`scale` does not rise"),
        (
            {"published": [{"ratio": -4.0, "policy": "parity", "group": "C", "points": 1.0}]},
            "(A, B)",
        ),
        ({"published": [{"ratio": -4.0, "policy": "parity", "group": "A"}]}, "points: or sign:"),
        ({"ratios": [4.0]}, "ratios[0]: 4.0 is out of range"),
        ({"repayment": {"table": "invented-cumulative.csv", "unit": "share"}}, "is no share"),
    ],
)
def test_wrong_parameters_are_told(tmp_path: Path, parameters: dict[str, Any], said: str) -> None:
    """What cannot be is refused in words."""
    with pytest.raises(BadInput) as caught:
        read_rows(changed(tmp_path, **parameters))
    assert said in str(caught.value)
