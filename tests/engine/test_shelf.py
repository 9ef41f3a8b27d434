"""The shelf of compiled code: one process compiles and the others wait; what is old goes."""

from __future__ import annotations

import os
import textwrap
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from glasshouse.engine import shelf
from glasshouse.engine.sweep.community import step_range
from glasshouse.kernel import is_kernel, names_used

DAY = shelf.SECONDS_A_DAY
NAME = "0123456789abcdef"


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """Give a room of compiled code as the user's directory has it."""
    place = tmp_path / shelf.PROGRAM / shelf.ROOM
    place.mkdir(parents=True)
    return place


def entry(room: Path, name: str, days: float = 0.0) -> list[Path]:
    """Put an entry on the shelf that was used so many days ago: its index and its code."""
    files = [room / f"step.cpu-{name}.py311{end}" for end in (".nbi", ".1.nbc")]
    for file in files:
        file.write_bytes(b"code")
        os.utime(file, (time.time() - days * DAY,) * 2)
    return files


def kernel_of(text: str) -> Any:
    """Give the function `f` that a text defines."""
    room: dict[str, Any] = {"__name__": "somewhere"}
    exec(textwrap.dedent(text), room)  # noqa: S102 - our own text
    return room["f"]


PLAIN = """
    LIMIT = 5
    def f(a):
        'Says something.'
        return g(a) + LIMIT + 100_000
    def g(a):
        'Helps.'
        return (a, "few")[1]
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("'Says something.'", "'Says it in other words.'"),
        ("'Helps.'", "'Helps, too.'"),
        ("Says something.", "few"),
    ],
)
def test_what_describes_a_text_names_no_compiled_code(old: str, new: str) -> None:
    """Another docstring, of the function or of one that it calls, leaves the name as it is."""
    other = kernel_of(PLAIN.replace(old, new))
    assert shelf.text_digest(other) == shelf.text_digest(kernel_of(PLAIN))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("100_000", "100_001"),
        ("LIMIT = 5", "LIMIT = 6"),
        ('"few"', '"many"'),
        ("(a,", "(f,"),
        ("f(a)", "f(a, b=1)"),
        ("g(a) + LIMIT", "g(a) - LIMIT"),
    ],
)
def test_all_that_a_text_does_names_its_compiled_code(old: str, new: str) -> None:
    """A constant, a text among them, a global number, an argument, an instruction: each counts."""
    other = kernel_of(PLAIN.replace(old, new))
    assert shelf.text_digest(other) != shelf.text_digest(kernel_of(PLAIN))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # A docstring that the function also gives: one constant, and it is read.
        ("def f():\n    'one'\n    return 'one'", "def f():\n    'two'\n    return 'two'"),
        # No docstring: the first constant may be a text that is a value.
        ("def f():\n    return 'one'", "def f():\n    return 'two'"),
        ("f = lambda a: (a, 'one')", "f = lambda a: (a, 'two')"),
        ("f = lambda a: [('one', b) for b in a]", "f = lambda a: [('two', b) for b in a]"),
    ],
)
def test_a_text_that_is_a_value_is_no_description(one: str, other: str) -> None:
    """Only what no instruction reads is left out."""
    assert shelf.text_digest(kernel_of(one)) != shelf.text_digest(kernel_of(other))


def test_no_kernel_of_the_sweep_is_named_by_its_docstring() -> None:
    """It is left out of every one that has one; made functions have none."""
    met: set[Any] = {step_range}
    ahead: list[Any] = [step_range]
    while ahead:
        text = ahead.pop()
        assert text.__doc__ == text.__code__.co_consts[0]
        assert shelf._has_idle_text(text.__code__) == (text.__doc__ is not None)
        called = {text.__globals__.get(name) for name in names_used(text.__code__)}
        ahead += [other for other in called - met if is_kernel(other)]
        met |= called


def test_of_many_that_lack_an_entry_one_compiles(room: Path) -> None:
    """The others wait, and then find it on the shelf; none of them is inside beside another."""
    told, inside = [], threading.Lock()

    def compiled(_types: Any) -> str:
        assert inside.acquire(blocking=False)
        done = "loaded"
        if not list(room.glob("*.nbc")):
            time.sleep(0.2)
            entry(room, NAME)
            done = "compiled"
        inside.release()
        return done

    def begun() -> None:
        told.append(shelf._once(room, NAME, compiled, ()))

    threads = [threading.Thread(target=begun) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["compiled", "loaded", "loaded", "loaded"]


def test_a_compiler_that_fails_keeps_nobody_waiting(room: Path) -> None:
    """The next one compiles; so it does where no lock can be had."""

    def broken(_types: Any) -> str:
        raise MemoryError("no room")

    with pytest.raises(MemoryError):
        shelf._once(room, NAME, broken, ())
    assert shelf._once(room, NAME, lambda types: types, "done") == "done"
    assert shelf._once(room / "gone", NAME, lambda types: types, "done") == "done"


def test_what_is_not_used_for_long_is_thrown_away(room: Path) -> None:
    """Old entries and the rooms of old versions go; what is used, and what is not ours, stays."""
    old, used, fresh = entry(room, "old", 40), entry(room, NAME, 20), entry(room, "fresh")
    before = room.with_name("compiled-60926fcc89f64489")
    other = room.with_name("figures")
    for folder in (before, other):
        folder.mkdir()
        (folder / "file").write_bytes(b"")
        os.utime(folder, (time.time() - 40 * DAY,) * 2)
    shelf._once(room, NAME, lambda _: None, ())  # loaded: used today
    assert all(time.time() - file.stat().st_mtime < DAY for file in used)
    shelf._once(room, "new", lambda _: None, ())
    assert not any(file.exists() for file in old)
    assert all(file.exists() for file in (*used, *fresh))
    assert not before.exists()
    assert other.exists()


def test_a_directory_that_the_user_named_is_left_alone(tmp_path: Path) -> None:
    """What lies in it may belong to another program."""
    file = entry(tmp_path, "old", 400)[0]
    shelf.clear_out(tmp_path)
    assert file.exists()
