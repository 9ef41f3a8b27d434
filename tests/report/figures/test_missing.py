"""A run that cannot have a figure has a sentence in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from glasshouse.report.figure import Figure, Material, Missing
from glasshouse.report.figures import FIGURES, figures_of
from glasshouse.report.figures.provinces import CODES
from glasshouse.report.tiles import CHINA
from glasshouse.session import Run, run


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Give a month of a few people in which nothing was kept but counts."""
    out: Path = tmp_path_factory.mktemp("report") / "bare"
    sets = {"community_size": 64}
    return run(
        "pellucid", people=64, years=1, seed=3, set=sets, out=out, collect="counts", device="python"
    )


def test_counts_alone_make_figures_of_counts_and_sentences_for_the_rest(bare: Run) -> None:
    """What needs the outcome of every person says so in a sentence; nothing fails."""
    found = figures_of(bare.archive)
    assert len(found) == len(FIGURES)
    missing = [one for one in found if isinstance(one, Missing)]
    assert {"by-age", "score-distributions", "effects-per-person"} <= {one.key for one in missing}
    assert all(one.why.endswith(".") and one.title for one in missing)
    assert any(isinstance(one, Figure) for one in found)


def test_without_a_baseline_nothing_is_said_to_have_changed(
    small: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Figures against the baseline are sentences where there is none."""
    monkeypatch.setattr(Material, "has_twin", property(lambda _: False))
    missing = {one.key for one in figures_of(small.archive) if isinstance(one, Missing)}
    assert {"recorded-and-unrecorded", "gone-silent", "effects-per-person"} <= missing


def test_few_communities_make_no_map(small: Run) -> None:
    """Three provinces with two communities each are not drawn, and the sentence says why."""
    found = {one.key: one for one in figures_of(small.archive)}["by-province"]
    assert isinstance(found, Missing)
    assert "There is no map of provinces" in found.why


def test_every_province_of_the_map_has_its_letters() -> None:
    """No tile stands without a name, and no two have the same."""
    assert CODES.keys() == CHINA.keys()
    assert len(set(CODES.values())) == len(CODES)
