"""Short loops: they become vector code, and places are spread as their plain text says."""

from __future__ import annotations

import re
from functools import cache
from types import FunctionType
from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasshouse import kernel as primitive
from glasshouse.bench.machine import machine
from glasshouse.chance import CANDIDATE_ACT, draw
from glasshouse.engine.cpu import OPTIONS, PRIMITIVES, switch
from glasshouse.kernel import SPREAD, Target, bind, entry, is_kernel, lanes, row, spread


@entry
def spread_out(begins: Any, count: int, owners: Any, serials: Any, total: int) -> None:
    """Spread owners over their places."""
    spread(row(begins, 0), count, row(owners, 0), row(serials, 0), total)


@entry
def draw_words(seed: int, slots: Any, words: Any, count: int) -> None:
    """Draw one word for each place of a column."""
    read, written = row(slots, 0), row(words, 0)
    for place in lanes(count):
        written[place], _, _, _ = draw(seed, read[place], 0, CANDIDATE_ACT, 0)


def built(function: FunctionType) -> Any:
    """Compile as the sweep is compiled, but keep nothing on disk."""
    inner = {"is_entry"} - set(function.__dict__)
    made = numba.njit(forceinline=bool(inner), **OPTIONS)(function)
    switch(made, noalias=True)
    return made


@cache
def compiled(function: Any) -> Any:
    """Give an entry for the processor."""
    assert is_kernel(function)
    return bind(function, Target("bare", PRIMITIVES, np.uint64, built))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=40), st.integers(0, 40))
def test_places_are_spread_in_both_forms_alike(counts: list[int], lacking: int) -> None:
    """Owners of none, of a few and of many, and where the room does not hold them all."""
    begins = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)[None]
    total = max(int(begins[0, -1]) - lacking, 0)
    found = []
    for form in (spread_out, compiled(spread_out)):
        owners = np.zeros((1, int(begins[0, -1]) + SPREAD), np.uint16)
        serials = owners.copy()
        form(begins, len(counts), owners, serials, total)
        found.append((owners[0, :total].tolist(), serials[0, :total].tolist()))
    assert found[0] == found[1]
    owner = np.repeat(np.arange(len(counts)), counts)[:total]
    assert found[0][0] == owner.tolist()
    assert found[0][1] == (np.arange(total) - begins[0, owner]).tolist()


def test_a_loop_over_a_column_draws_in_vectors() -> None:
    """The generator's multiplications are of several lanes where the processor has them."""
    if not machine()["avx2"]:
        pytest.skip("no vector instructions that would do")
    form = compiled(draw_words)
    words = np.zeros((1, 64), np.uint32)
    form(7, np.arange(64, dtype=np.uint16)[None], words, 64)
    plain = [draw(7, slot, 0, CANDIDATE_ACT, 0)[0] for slot in range(64)]
    assert words[0].tolist() == plain
    text = next(iter(form.overloads.values())).library.get_asm_str()
    assert re.search(r"vpmuludq\s.*%[yz]mm", text)


def test_a_target_may_write_what_it_likes_behind_the_places() -> None:
    """The plain form writes nothing there; the room for it is what the frame gives."""
    owners, serials = np.full(SPREAD, 9, np.uint16), np.full(SPREAD, 9, np.uint16)
    primitive.spread(np.array([0, 2]), 1, owners, serials, 2)
    assert owners.tolist() == [0, 0] + [9] * (SPREAD - 2)
    assert serials.tolist() == [0, 1] + [9] * (SPREAD - 2)
