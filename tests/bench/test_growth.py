"""The page on growth is what its tool makes of the pieces, and the sums in it are right."""

from __future__ import annotations

import json
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from glasshouse.bench.growth import COMMUNITY, WIRE, along, need_of, one_each, straight

ROOT = Path(__file__).parents[2]

PIECES: dict[str, Any] = {
    "left_by_communities": {
        "10": {"bytes": 190.0, "adding": 1.0},
        "1000": {"bytes": 19000.0, "adding": 4.0},
    },
    "left_bytes_a_community": 9.0,
    "tables_bytes": 100.0,
    "attention_bytes_a_community": 4.0,
    "leader_a_task": 0.0,
    "scheduler_a_task": 2.0,
    "worker_a_task": 1.0,
    "seconds_a_streamed_person_month": 1.0 / COMMUNITY,
    "deciding_by_communities": {"1": 1.0, "100": 5.0},
    "bytes_a_person": 20.0,
}


def test_the_page_is_what_the_pieces_say() -> None:
    """docs/growth.md holds no number that the pieces do not give (`tools/write_growth.py`)."""
    spec = spec_from_file_location("write_growth", ROOT / "tools" / "write_growth.py")
    assert spec is not None
    assert spec.loader is not None
    tool = module_from_spec(spec)
    spec.loader.exec_module(tool)
    pieces = json.loads((ROOT / "benchmarks" / "growth.json").read_text(encoding="utf-8"))
    assert tool.page(pieces) == (ROOT / "docs" / "growth.md").read_text(encoding="utf-8")


def test_a_need_adds_its_pieces_up() -> None:
    """Shards, seconds and bytes of a society of a hundred communities on five cores, by hand."""
    need = need_of(PIECES, 100 * COMMUNITY, 5, 10)
    assert need.shards == 10
    assert need.costs.computing == pytest.approx(10 + 1)
    assert need.costs.scheduling + need.costs.ending == 2.0
    assert need.costs.sending == pytest.approx(190 / WIRE)
    assert need.up == pytest.approx(10 * 190)
    assert need.down == pytest.approx(5 * 100 + 100 * 4)
    assert need.held == pytest.approx(20 * 100 * COMMUNITY / 5)
    assert need.step.busy["workers"] == pytest.approx(2 * 11)
    assert need.step.busy["scheduler"] == pytest.approx(10 * 2)


def test_sums_on_the_workers_send_less() -> None:
    """Five workers that add up their two results send five."""
    assert need_of(PIECES, 100 * COMMUNITY, 5, 10, sums=2).up == pytest.approx(5 * 190)


def test_cores_that_share_a_shard_take_less_time_each() -> None:
    """Two cores lead a shard in half of the time, and there are half as many workers."""
    need = need_of(PIECES, 100 * COMMUNITY, 10, 20, threads=2)
    assert need.costs.computing == pytest.approx(20 / 2 + 1)
    assert need.step.busy["workers"] == pytest.approx(11)


def test_between_measurements_a_line_is_drawn() -> None:
    """Ten times the communities between two that differ a hundredfold: half way by logarithm."""
    assert along(PIECES["left_by_communities"], 100, "adding") == pytest.approx(2.0)
    assert along(PIECES["left_by_communities"], 10, "adding") == pytest.approx(1.0)
    assert along(PIECES["left_by_communities"], 100_000, "adding") == pytest.approx(16.0)
    assert straight(PIECES["deciding_by_communities"], 200) == 10.0
    assert straight(PIECES["deciding_by_communities"], 50) == 5.0


def test_a_shard_for_each_worker_leaves_none_over() -> None:
    """As many shards as workers, never one more."""
    assert one_each(100 * COMMUNITY, 7) == 15
    assert need_of(PIECES, 100 * COMMUNITY, 7, 15).shards == 7
