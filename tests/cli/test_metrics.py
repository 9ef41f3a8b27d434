"""The verb `metrics`, as a terminal sees it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from tests.cli.conftest import Typed

from glasshouse.report.measured import MetricRow
from glasshouse.report.observing import observed
from glasshouse.session import open_run, run


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the directory of a small finished run whose outcome rows stand in several parts."""
    out: Path = tmp_path_factory.mktemp("metrics") / "run one"
    sets = {"community_size": 128}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("glasshouse.archive.outcomes.ROWS_A_PART", 500)
        run("pellucid", people=512, years=1, seed=2, set=sets, out=out, device="python")
    return out


def test_rows_of_several_parts_stand_in_the_order_of_persons(place: Path) -> None:
    """Every arm has every person once, in one order, however many parts there are."""
    assert len(list((place / "outcomes").iterdir())) > 1
    for one in observed(open_run(place).archive):
        assert (np.diff(one.row("person")) > 0).all()
        assert one.size > 500


def test_metrics_come_as_tables_by_family(typed: Typed, place: Path) -> None:
    """Value, interval, unit and status; what the intervals leave out; what was on; a next step."""
    ended = typed("metrics", str(place))
    assert ended.code == 0, ended.err
    for words in ("Accuracy, arm scored", "Due process, arm scored", "wrongful_listing_share",
                  "95 % interval", "measured", "leaves out how far another seed would",
                  "There is no score of harm", "provisions in force"):  # fmt: skip
        assert words in " ".join(ended.out.split()), words
    assert "glasshouse metrics --explain" in ended.err
    assert f"'{place}'" in ended.err


def test_a_table_over_two_thresholds_takes_a_line_for_each_of_the_first(
    typed: Typed, place: Path
) -> None:
    """Its values stand side by side, and the machine's forms have every one with its interval."""
    ended = typed("metrics", str(place), "--metric", "prohibited_treatment_share")
    lines = [line for line in ended.out.splitlines() if " > " in line]
    assert [line.split(" or ")[0].strip() for line in lines] == [
        "UCI > 0.1", "UCI > 0.25", "UCI > 0.5", "UCI > 0.75",
    ]  # fmt: skip
    assert all("PR > 1, 3, 10, 30" in line for line in lines)
    assert "one value a threshold" in " ".join(ended.out.split())
    whole = typed("metrics", str(place), "--metric", "prohibited_treatment_share", "--csv")
    assert whole.out.count("UCI > ") == 16


def test_metrics_of_a_family_by_a_split(typed: Typed, place: Path) -> None:
    """Only what was asked for, group by group."""
    ended = typed(
        "metrics", str(place), "--family", "accuracy", "--by", "sex,age", "--metric", "A1,A0"
    )
    assert ended.code == 0, ended.err
    assert "wrongful_listing_share (sex female)" in ended.out
    assert "listed_share (age 30-44)" in ended.out
    assert "false_positive_rate" not in ended.out
    assert "Due process" not in ended.out


def test_metrics_as_json_are_one_document_without_nan(typed: Typed, place: Path) -> None:
    """Rows, definitions with their sources, evidence; what is not known is null."""
    ended = typed("metrics", str(place), "--json", "--by", "means")
    assert ended.code == 0, ended.err
    document = json.loads(ended.out, parse_constant=pytest.fail)
    assert {"path", "digest", "intervals", "evidence", "metrics", "rows"} <= document.keys()
    assert {row["metric"] for row in document["rows"]} <= {m["name"] for m in document["metrics"]}
    assert any(row["value"] is None and row["why"] for row in document["rows"])
    assert document["evidence"]["scored"]["provisions"]


def test_metrics_as_csv_have_a_header_and_a_line_a_row(typed: Typed, place: Path) -> None:
    """Commas inside a cell are quoted, and what is not known is empty."""
    ended = typed("metrics", str(place), "--csv")
    lines = list(csv.reader(io.StringIO(ended.out)))
    assert tuple(lines[0]) == MetricRow._fields
    assert len(lines) > 30
    assert all(len(line) == len(MetricRow._fields) for line in lines)
    assert "nan" not in {cell for line in lines for cell in line}


def test_one_metric_is_explained_without_a_run(typed: Typed) -> None:
    """Definition, source, unit and status, by number or name."""
    by_number, by_name = (
        typed("metrics", "--explain", "b5"),
        typed("metrics", "--explain", "days_to_remedy"),
    )
    assert by_number.code == 0
    assert by_number.out == by_name.out
    for words in ("Kaplan and Meier", "Nonparametric Estimation", "measured", "Definition"):
        assert words in " ".join(by_number.out.split())
    document = json.loads(typed("metrics", "--explain", "B5", "--json").out)
    assert document["sources"]["incomplete-observations-1958"]["date"] == "1958"


def test_metrics_are_listed_without_a_run(typed: Typed) -> None:
    """A line a metric; a family alone on request."""
    ended = typed("metrics", "--list", "--family", "due process")
    assert "contest_gap" in ended.out
    assert "refused_share" not in ended.out
    listed = json.loads(typed("metrics", "--list", "--json").out)
    assert len(listed) > 40
    assert all(one["definition"] for one in listed)


@pytest.mark.parametrize(
    ("words", "message", "code"),
    [
        (("--explain", "wrongful_listing"), "did you mean `wrongful_listing_share`", 3),
        (("--by", "agee"), "no split `agee` (did you mean `age`?)", 3),
        (("--metric", "B55"), "no metric `B55` (did you mean `B5`?)", 3),
        (("--arm", "scord"), "no arm `scord` (did you mean `scored`?)", 3),
        (("--family", "due proces"), "did you mean `due process`", 3),
        (("--metric", ""), "a word is missing", 2),
        (("--by", "age,,sex"), "a word is missing", 2),
        (("--csv", "--json"), "--csv and --json are both given", 2),
    ],
)
def test_an_unknown_word_is_answered_with_the_nearest(
    typed: Typed, place: Path, words: tuple[str, ...], message: str, code: int
) -> None:
    """Never a traceback, and never a guess in silence."""
    ended = typed("metrics", str(place), *words)
    assert ended.code == code
    assert message in " ".join((ended.err + ended.out).split())


def test_no_directory_and_a_foreign_one_are_refused(typed: Typed, tmp_path: Path) -> None:
    """A missing DIR is wrong usage; a folder that is no run is bad input."""
    assert typed("metrics").code == 2
    foreign = typed("metrics", str(tmp_path))
    assert foreign.code == 3
    assert "is not a run directory" in foreign.err
