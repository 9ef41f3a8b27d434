"""The shelf of compiled code: one process compiles and the others wait; what is old goes."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from glasshouse.engine import shelf

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
