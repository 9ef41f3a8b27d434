"""A society may be led by workers: another word, the same digest."""

from __future__ import annotations

import json

import pytest

from .conftest import Typed

TINY = (
    *("run", "pellucid", "--people", "28", "--months", "3", "--device", "python"),
    *("--set", "community_size=16"),
)


def test_a_run_is_led_by_workers_of_this_machine(typed: Typed) -> None:
    """The estimate says where the society stays, and the digest is that of a run without them."""
    alone = json.loads(typed(*TINY, "--json").out)
    ended = typed(*TINY, "--workers", "1")
    assert ended.code == 0, ended.err
    assert "The society stays with the workers and, at checkpoints, in files, 1 community each" in (
        ended.err
    )
    assert f"digest  {alone['digest']}" in ended.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--workers", "1", "--cluster", "tcp://127.0.0.1:1"), "one of both"),
        (("--workers", "1", "--memory", "1GB"), "workers have their own"),
        (("--cluster", "elsewhere"), "tcp://HOST:PORT"),
    ],
)
def test_what_does_not_go_together_is_said(typed: Typed, words: tuple[str, ...], said: str) -> None:
    """Before anything is begun or written."""
    ended = typed(*TINY, *words)
    assert ended.code == 2
    assert said in ended.err
