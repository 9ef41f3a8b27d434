"""One text for every device: binding, primitives in two forms, integers down to the machine."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import FunctionType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import glasshouse
from glasshouse import kernel as primitive
from glasshouse.engine.drivers import driver
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.simulation import Simulation
from glasshouse.kernel import (
    Target,
    Unsigned,
    add,
    bind,
    entry,
    first_lane,
    i64,
    is_kernel,
    kernel,
    lanes,
    pack,
    passage,
    row,
    scan,
    u64,
)
from glasshouse.law.library import Library

WIDE = Unsigned(0xFFFFFFFFFFFFFFFF)
FACTOR = 3


@kernel
def doubled(number: int) -> int:
    """Give twice the number."""
    return 2 * number


@passage
def summed(numbers: Any, count: int) -> int:
    """Give the sum of doubled numbers, times a constant."""
    total = 0
    for place in lanes(count):
        total += doubled(numbers[place]) * FACTOR
    return total


@entry
def scan_and_pack(counts: Any, keep: Any, kept: Any, count: int) -> int:
    """Call the primitives that differ between devices."""
    scan(counts, count)
    pack(keep, count, kept, count)
    for _ in first_lane():
        add(counts, count, 1)
    return i64(u64(summed(counts, count)) & WIDE)


@entry
def rows_of(line: Any, table: Any, cube: Any, index: int) -> int:
    """Read rows of tables of two and of three axes, and a number of one of one axis."""
    inner = row(cube, index)
    total: int = row(table, index)[1] + row(inner, 0)[2] + row(inner, 1)[0] + row(line, index)
    return total


def plain_target(**primitives: Callable[..., Any]) -> Target:
    """Give a target that runs plain Python with some primitives of its own."""
    return Target(
        name="plain",
        primitives={getattr(primitive, name): new for name, new in primitives.items()},
        constant=int,
        compiled=lambda function: function,
    )


def test_binding_replaces_primitives_all_the_way_down() -> None:
    """A kernel that a kernel calls sees the target's primitives; the text itself is untouched."""
    backwards = plain_target(lanes=lambda count: range(count - 1, 0, -1))
    assert bind(summed, backwards)([100, 1, 2], 3) == 3 * 2 * (1 + 2)
    assert summed([100, 1, 2], 3) == 3 * 2 * 103


def test_binding_keeps_what_a_kernel_is() -> None:
    """Name, module and marks stay; constants become the target's."""
    built: list[FunctionType] = []

    def compiled(function: FunctionType) -> FunctionType:
        built.append(function)
        return function

    target = Target("loud", {}, lambda word: ("unsigned", int(word)), compiled)
    again = bind(scan_and_pack, target)
    assert is_kernel(again)
    assert again.__dict__["is_entry"]
    assert again.__module__ == scan_and_pack.__module__
    assert again.__globals__["WIDE"] == ("unsigned", int(WIDE))
    assert [f.__name__ for f in built] == ["doubled", "summed", "scan_and_pack"]


def test_only_kernels_are_bound() -> None:
    """A function that is not marked is refused by name."""
    with pytest.raises(TypeError, match="is not a kernel"):
        bind(plain_target, plain_target())


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 3), max_size=50), st.integers(0, 5))
def test_primitives_agree_in_both_forms(counts: list[int], spare: int) -> None:
    """`scan` and `pack` mean their plain text, and the processor gives the same."""
    count, longer = len(counts), len(counts) + spare
    sums, keep = np.zeros(longer + 1, np.int32), np.zeros(longer + 1, np.uint8)
    sums[:count], keep[:count] = counts, counts
    kept = np.full(longer + 1, -1, np.int32)
    arrays = [array.copy() for array in (sums, keep, kept)]
    told = scan_and_pack(sums.data, keep.data, kept.data, count)
    assert compiled_scan()(*arrays, count) == told
    plains: list[NDArray[Any]] = [sums, keep, kept]
    for plain, found in zip(plains, arrays, strict=True):
        assert plain.tolist() == found.tolist()
    assert sums[:count].tolist() == [0, *itertools.accumulate(counts)][:count]
    assert kept[: kept[count]].tolist() == np.flatnonzero(counts).tolist() or not count


_BOUND: dict[str, Any] = {}


def compiled_scan() -> Any:
    """Compile once."""
    if not _BOUND:
        from glasshouse.engine.cpu import CPU

        _BOUND["scan"] = bind(scan_and_pack, CPU)
    return _BOUND["scan"]


def test_rows_are_the_same_in_both_forms() -> None:
    """A row of a table, of a row of a table, and a single number."""
    from glasshouse.engine.cpu import CPU

    table = np.arange(12, dtype=np.uint16).reshape(3, 4)
    cube = np.arange(24, dtype=np.int16).reshape(3, 2, 4)
    line = np.arange(5, dtype=np.int32) * 100
    expected = table[2, 1] + cube[2, 0, 2] + cube[2, 1, 0] + line[2]
    assert rows_of(line, table, cube, 2) == expected
    assert bind(rows_of, CPU)(line, table, cube, 2) == expected


MACHINE = """
import re
from glasshouse.engine.drivers import driver
from glasshouse.engine.plan.plan import make_plan
from glasshouse.engine.simulation import Simulation
from glasshouse.law.library import Library

sets = {"people": "200", "community_size": "100", "years": "1"}
using = driver("cpu", 1)
run = Simulation(make_plan(Library().resolve("pellucid", sets)), using)
run.begin()
run.advance()
for name in ("_begin", "_step"):
    (text,) = getattr(using, name).inspect_llvm().values()
    for found in re.finditer(r"^define [^\\n]*?@(\\S+?)\\(.*?^}", text, re.M | re.S):
        if "cpython" in found.group(1) or "cfunc" in found.group(1):
            continue
        print("BODY", name, found.group(1)[:60], found.group(0).count("\\n"))
        for line in found.group(0).splitlines():
            if re.search(r"\\b(half|float|double|fp128|x86_fp80)\\b", line):
                print("FLOAT", line.strip()[:200])
"""


@pytest.mark.slow
def test_the_compiled_sweep_holds_no_floating_point_number(tmp_path: Path) -> None:
    """Not one instruction of the sweep works on floats.

    A signed number that meets an unsigned one would become a float without a word, and the bits
    would depend on the machine. Optimization is off: what it removes would be found too.
    """
    settings = {"NUMBA_CACHE_DIR": str(tmp_path), "NUMBA_OPT": "0"}
    done = subprocess.run(
        [sys.executable, "-c", MACHINE],
        env={**os.environ, **settings, "PYTHONPATH": str(Path(glasshouse.__file__).parents[1])},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    long_ones = [line for line in lines if line.startswith("BODY") and int(line.split()[-1]) > 1000]
    assert {line.split()[1] for line in long_ones} == {"_begin", "_step"}, lines
    assert [line for line in lines if line.startswith("FLOAT")] == []


LIMIT = 3


@kernel
def limited(number: int) -> int:
    """Cut a number."""
    return min(number, LIMIT)


@entry
def cut_sum(numbers: Any, count: int) -> int:
    """Add up numbers, each cut."""
    total = 0
    for index in lanes(count):
        total += limited(numbers[index])
    return total


def told_apart(**globals_of_limited: Any) -> str:
    """Give the name of the compiled form where what an inner kernel names is something else."""
    from glasshouse.engine.shelf import text_digest

    again = FunctionType(limited.__code__, limited.__globals__ | globals_of_limited)
    again.__dict__["is_kernel"] = True
    outer = FunctionType(cut_sum.__code__, cut_sum.__globals__ | {"limited": again})
    return text_digest(outer)


def test_compiled_code_is_kept_by_its_text() -> None:
    """Whatever is compiled into an entry, however deep, gives it another name; remarks do not."""
    from glasshouse.engine.shelf import text_digest

    def loud(number: int) -> int:
        """Cut a number."""
        return max(number, LIMIT)

    def quiet(number: int) -> int:
        """Cut a number."""
        # Another place in the file, and a remark.
        return min(number, LIMIT)

    assert told_apart() == told_apart()
    assert told_apart(LIMIT=4) != told_apart()
    bodies = [FunctionType(body.__code__, limited.__globals__, "limited") for body in (loud, quiet)]
    for body in bodies:
        body.__qualname__ = "limited"
    outer = [
        text_digest(FunctionType(cut_sum.__code__, cut_sum.__globals__ | {"limited": body}))
        for body in (limited, *bodies)
    ]
    assert outer[0] == outer[2] != outer[1]


def test_the_sweep_s_name_holds_all_that_it_reads() -> None:
    """The entries of a run name nothing but numbers, tuples, kernels and what the target gives."""
    from glasshouse.engine import shelf
    from glasshouse.engine.sweep.beginning import begin_range
    from glasshouse.engine.sweep.community import step_range

    for function in (begin_range, step_range):
        found = set(shelf._parts(function, set()))
        assert f"{function.__module__}.{function.__qualname__}" in found
        # A part with neither a name nor a number would not tell two texts apart.
        assert not {
            part for part in found if part.startswith(("dict ", "set ", "list ", "ndarray "))
        }
    assert shelf.text_digest(begin_range) != shelf.text_digest(step_range)


def test_the_form_and_the_versions_stand_in_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another way to compile, or another compiler, shares nothing with this one."""
    from glasshouse.engine import shelf

    before = shelf.text_digest(cut_sum)
    for name in ("shelf.py", *shelf.FORMS):
        shutil.copy(Path(shelf.__file__).with_name(name), tmp_path / name)
    monkeypatch.setattr(shelf, "__file__", str(tmp_path / "shelf.py"))
    assert shelf.text_digest(cut_sum) == before
    for name in shelf.FORMS:
        form = tmp_path / name
        text = form.read_text(encoding="utf-8")
        form.write_text(text + "\n# a remark\n", encoding="utf-8")
        assert shelf.text_digest(cut_sum) != before
        form.write_text(text, encoding="utf-8")
    monkeypatch.undo()
    monkeypatch.setattr("importlib.metadata.version", lambda _name: "0")
    assert shelf.text_digest(cut_sum) != before


def test_compiled_code_is_found_again(tmp_path: Path) -> None:
    """A second process takes what the first has compiled, from wherever it is installed."""
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import numpy as np\n"
        "from tests.test_kernel import cut_sum\n"
        "from glasshouse.engine.cpu import CPU\n"
        "from glasshouse.kernel import bind\n"
        "bound = bind(cut_sum, CPU)\n"
        "print(bound(np.arange(6), 6), sum(bound.stats.cache_hits.values()))\n"
    )
    here = Path(glasshouse.__file__).parents[2]
    there = tmp_path / "elsewhere"
    shutil.copytree(here / "src", there / "src", ignore=shutil.ignore_patterns("data"))
    (there / "tests").mkdir()
    shutil.copy(__file__, there / "tests")
    told = [
        subprocess.run(
            [sys.executable, "-c", script, str(root)],
            env={
                **{k: v for k, v in os.environ.items() if k != "NUMBA_CACHE_DIR"},
                "XDG_CACHE_HOME": str(tmp_path / "cache"),
                "PYTHONPATH": os.pathsep.join([str(root / "src"), str(root)]),
            },
            capture_output=True, text=True, check=True,
        ).stdout
        for root in (here, there)
    ]  # fmt: skip
    assert told == ["12 0\n", "12 1\n"]
    kept = sorted(path.name for path in (tmp_path / "cache/glasshouse/compiled").iterdir())
    name = "cut_sum_cpu-" + kept[0].removeprefix("cut_sum_cpu-").removesuffix(".lock")
    assert kept[0] == f"{name}.lock"  # taken by the first alone: the code under this name was there
    assert [f"{name}." in file for file in kept[1:]] == [True, True]


def test_an_unwritable_home_still_compiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiled code then lives in a temporary directory."""
    from glasshouse.engine import shelf

    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    found = shelf.cache_directory()
    assert found.is_dir()
    assert tmp_path not in found.parents
    found.rmdir()


def test_a_switch_that_numba_lacks_is_left_alone() -> None:
    """A later Numba without a switch, or without the hook, gives slower code and no error."""
    from glasshouse.engine.cpu import switch

    switch(object(), noalias=True)
    flags = type("Flags", (), {"options": {"noalias": None}})
    compiler = SimpleNamespace(_customize_flags=lambda given: given)
    dispatcher = SimpleNamespace(
        _compiler=compiler, get_call_template=lambda args, kws: (args, kws)
    )
    switch(dispatcher, noalias=True, no_such_switch=True)
    given = compiler._customize_flags(flags())
    assert given.noalias is True
    assert not hasattr(given, "no_such_switch")


def arrays_in(bundle: Any) -> list[np.ndarray]:
    """Give every array in nested named tuples."""
    if isinstance(bundle, np.ndarray):
        return [bundle]
    return [a for part in bundle for a in arrays_in(part)] if isinstance(bundle, tuple) else []


def test_no_two_arrays_of_a_run_overlap() -> None:
    """What the compiler is promised holds: all columns, frames and counts are apart in memory."""
    plan = make_plan(Library().resolve("pellucid", {"people": "200", "community_size": "100"}))
    run = Simulation(plan, driver("python"))
    there = run.there
    parts = (there.world, there._frames, there._sums, there._journals)
    arrays = [array for part in parts for array in arrays_in(part)]
    arrays += arrays_in(there._tables(plan.steps[0], run._next))
    spans = sorted(np.lib.array_utils.byte_bounds(array) for array in arrays if array.size)
    assert len(spans) > 150
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))


def test_the_machine_test_would_see_a_float() -> None:
    """The pattern that looks for floats finds the merge of signed and unsigned."""
    pattern = r"\b(half|float|double|fp128|x86_fp80)\b"
    assert re.search(pattern, "%.9 = uitofp i64 %.8 to double")
    assert not re.search(pattern, "%.9 = add i64 %.8, %.7")
