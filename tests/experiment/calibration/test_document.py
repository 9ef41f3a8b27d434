"""What a calibration may fit, and to what: all that is wrong with one is said at once, in place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from glasshouse.errors import BadInput
from glasshouse.experiment.calibration.calibrate import calibration_names, calibration_of

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """\
calibration: try
title: t
question: q
scenario: court-list-history
arm: court-list
people: 1000
cut: 2017-03-01
free:
  - {path: process.pursued}
  - {path: acts.judgment_debt.per_year, range: [0.004, 0.006]}
targets:
  - {figure: "court list: names so far", counts: entries, since: 2014-07-23}
"""


def refused(folder: Path, old: str, new: str) -> str:
    """Give what is said of the calibration with one thing replaced."""
    assert old in TEXT
    path = folder / "try.yaml"
    path.write_text(TEXT.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInput) as error:
        calibration_of(path)
    return str(error.value)


def test_what_is_in_the_house_settles() -> None:
    """Every shipped calibration has free assumptions, and figures on both sides of its cut."""
    assert calibration_names()
    for name in calibration_names():
        settled = calibration_of(name)
        assert settled.fitted
        assert len(settled.fitted) < len(settled.targets)


def test_a_figure_since_a_date_is_what_was_added(tmp_path: Path) -> None:
    """Of 203,000 names in July 2014 and 6.73 million in 2017, 6,527,000 were added."""
    path = tmp_path / "try.yaml"
    path.write_text(TEXT, encoding="utf-8")
    settled = calibration_of(path)
    assert [(str(one.on), one.value) for one in settled.fitted] == [("2017-02-14", 6_527_000.0)]
    assert settled.free[0].path == "process.pursued"
    assert settled.free[1].low == 0.004
    assert settled.outside == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("process.pursued", "process.pursed", r"try.yaml:9:\d+.*did you mean `process.pursued`"),
        ("process.pursued", "detection.camera.covers_urban", "coverage is no free parameter"),
        ("process.pursued", "rules.court-list-as-documented.able-but-refuses", "a rule is no"),
        ("process.pursued", "safeguards.notice", "is not drawn"),
        ("process.pursued", "acts.*.per_year", "not one assumption in all arms"),
        ("process.pursued", "arms.court-list.process.pursued", "not one assumption in all arms"),
        ("process.pursued", "people", "setting of the run"),
        ("process.pursued", "acts.judgment_debt.per_year", "free twice"),
        ("[0.004, 0.006]", "[0.006, 0.004]", "upside down"),
        ("[0.004, 0.006]", "[0.004, 0.004]", "is one value"),
        ("[0.004, 0.006]", "[0.0001, 0.006]", "declared range .*between 0.003 and 0.008"),
        ("[0.004, 0.006]", "[.nan, 0.006]", "try.yaml:10"),
        ("counts: entries", "counts: persons", "calling them persons is refused"),
        ("counts: entries", "counts: refusals", "are entries"),
        ("names so far", "names so fa", "did you mean `court list: names so far`"),
        ("court list: names so far", "barred from leading posts", "does not count this"),
        ("counts: entries", "counts: entries, value: 12", "unknown"),
        ("since: 2014-07-23", "since: 2014-07-24", "no number of 2014-07-24"),
        ("cut: 2017-03-01", "cut: 2010-01-01", "dated up to the cut"),
        ("cut: 2017-03-01", "cut: 2030-01-01", "nothing could be predicted"),
        ("arm: court-list", "arm: nothing", "no arm `nothing` with rules"),
        ("people: 1000", "people: 0", "at least 1"),
        ("scenario: court-list-history", "scenario: court-list-histroy", "court-list-history"),
    ],
)  # fmt: skip
def test_what_may_not_be_fitted_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    """Law, coverage, unpublished targets and refusals called people are refused in their place."""
    found = refused(tmp_path, old, new)
    assert re.search(said, found), found


def test_all_problems_are_said_at_once(tmp_path: Path) -> None:
    """A wrong path, a reversed range and a wrong unit come in one message."""
    path = tmp_path / "try.yaml"
    text = TEXT.replace("process.pursued", "process.pursed").replace("0.006]", "0.001]")
    path.write_text(text.replace("counts: entries", "counts: persons"), encoding="utf-8")
    with pytest.raises(BadInput) as error:
        calibration_of(path)
    assert len(error.value.problems) == 3
    assert all(problem.line > 0 for problem in error.value.problems)
