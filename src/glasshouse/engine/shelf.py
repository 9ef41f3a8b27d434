"""Where compiled code is kept: under a name that its own text gives.

Numba keeps compiled code by the file that a function stands in, and does not see that another file
which it calls has changed. Here the name is a hash of all that is compiled into an entry, of the
forms that the target gives it and of the versions. So nothing stale is ever loaded, a change of
anything else compiles nothing anew (what a docstring says neither), and installations with the
same text share what one of them compiled. Of several processes that lack an entry one compiles it
and the others wait; what nobody has used for long is thrown away.
"""

from __future__ import annotations

import dis
import fcntl
import hashlib
import importlib.metadata
import os
import platform
import shutil
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

from glasshouse.kernel import names_used

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMS = ("cpu.py", "held.py", "rows.py")
"""The files beside this one that say how the text is compiled."""

PROGRAM, ROOM = "glasshouse", "compiled"
"""Below the user's directory of caches; earlier versions had rooms named `compiled-...`."""

UNUSED_DAYS = 30
"""Compiled code that nobody has loaded for so long is thrown away."""

READING = frozenset(dis.hasconst)
"""Instructions that read a constant."""

SECONDS_A_DAY = 86_400.0


def cache_directory() -> Path:
    """Give the per-user directory of compiled code."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    wanted = Path(home) / PROGRAM / ROOM
    try:
        wanted.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=wanted).close()
    except OSError:
        return Path(tempfile.mkdtemp(prefix="glasshouse-compiled-"))
    return wanted


def text_digest(function: Any) -> str:
    """Give a hash of all that is compiled into a kernel, of its form and of the versions."""
    digest = hashlib.sha256()
    for form in FORMS:
        digest.update((Path(__file__).parent / form).read_bytes())
    for package in ("numba", "llvmlite", "numpy"):
        digest.update(importlib.metadata.version(package).encode() + b"\0")
    digest.update(f"{platform.machine()} {platform.python_version()}".encode())
    for part in _parts(function, set()):
        digest.update(part.encode() + b"\0")
    return digest.hexdigest()[:16]


def _parts(value: Any, seen: set[Any]) -> Iterator[str]:
    """Give everything about a value that compiled code depends on."""
    if isinstance(value, FunctionType):
        yield f"{value.__module__}.{value.__qualname__}"
        if value in seen:
            return
        seen.add(value)
        yield from _code_parts(value.__code__)
        yield repr(value.__defaults__)
        for name in sorted(names_used(value.__code__) & value.__globals__.keys()):
            yield name
            yield from _parts(value.__globals__[name], seen)
    elif isinstance(value, type):
        yield f"{value.__module__}.{value.__qualname__} {getattr(value, '_fields', ())}"
    elif isinstance(value, (tuple, list)):
        for part in value:
            yield from _parts(part, seen)
    else:
        # A number says all; of anything else the target's own file tells, which is hashed too.
        yield f"{type(value).__qualname__} {value if hasattr(value, '__index__') else ''}"


def _code_parts(code: CodeType) -> Iterator[str]:
    """Give what a function's text does, wherever it stands and however it is described."""
    yield f"{code.co_code.hex()} {code.co_names} {code.co_varnames} {code.co_argcount}"
    for constant in code.co_consts[_has_idle_text(code) :]:
        if isinstance(constant, CodeType):
            yield from _code_parts(constant)
        else:
            yield repr(constant)


def _has_idle_text(code: CodeType) -> bool:
    """Say whether the first constant is a text that no instruction reads: a docstring.

    An instruction is a byte with a byte of argument. A text that is also a value is read, and a
    constant whose place has more bytes may be taken for it: then it counts as read.
    """
    first, text = code.co_consts[:1], code.co_code
    if not first or not isinstance(first[0], str):
        return False
    read = {at for what, at in zip(text[::2], text[1::2], strict=True) if what in READING}
    return 0 not in read


def is_kept(function: Any) -> bool:
    """Say whether the compiled form of an entry lies ready; asking loads no compiler."""
    place = Path(os.environ.get("NUMBA_CACHE_DIR") or cache_directory())
    return bool(_of(place, f"_cpu-{text_digest(function)}"))


def _of(place: Path, ending: str) -> list[Path]:
    """Give the files of machine code whose name ends so; they are written last and whole."""
    return list(place.glob(f"*{ending}.*.nbc"))


def keep(dispatcher: Any) -> None:
    """Let a compiled entry be kept on disk, and taken from there; a later Numba may keep less."""
    try:
        from numba.core import caching
    except ImportError:
        return
    place, name = os.environ["NUMBA_CACHE_DIR"], text_digest(dispatcher.py_func.__dict__["text"])

    class Shelf(caching._CacheLocator):  # noqa: SLF001
        """A directory in which the name of a file says everything."""

        _py_file = __file__
        """What a warning of Numba's names."""

        def get_cache_path(self) -> str:
            return place

        def get_source_stamp(self) -> str:
            return name

        def get_disambiguator(self) -> str:
            return name

        @classmethod
        def from_function(cls, _function: Any, _file: str) -> Shelf:
            return cls()

    class Form(caching.CompileResultCacheImpl):
        """What Numba writes of a compiled function."""

        _locator_classes: Any = [Shelf]  # noqa: RUF012 - as Numba has it

    class Kept(caching.FunctionCache):
        """Compiled functions on that shelf."""

        _impl_class = Form

    dispatcher._cache = Kept(dispatcher.py_func)  # noqa: SLF001 - Numba's own place for it
    compiled, ending = dispatcher.compile, f"{dispatcher.py_func.__qualname__}-{name}"
    dispatcher.compile = lambda types: _once(Path(place), ending, compiled, types)


def _once(place: Path, ending: str, compiled: Any, types: Any) -> Any:
    """Load an entry or compile it; others that lack it too wait for the one that compiles."""
    there = _of(place, ending)
    if there:
        for file in there:
            _note_use(file)
        return compiled(types)
    with _alone(place / f"{ending}.lock"):
        made = compiled(types)
    clear_out(place)
    return made


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Hold a lock while something is compiled; where there are no locks everybody compiles."""
    try:
        handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError:
        yield
        return
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _note_use(file: Path) -> None:
    """Give a file and its index today's date, so that they are kept; once a day is enough."""
    with suppress(OSError):
        if time.time() - file.stat().st_mtime > SECONDS_A_DAY:
            for each in file.parent.glob(f"{file.name.partition('.py')[0]}.*"):
                os.utime(each)


def clear_out(place: Path) -> None:
    """Throw away what nobody has used for long, in our own room and in those of old versions."""
    if place.name != ROOM or place.parent.name != PROGRAM:
        return  # a directory that the user has named may hold what is not ours
    latest = time.time() - UNUSED_DAYS * SECONDS_A_DAY
    with suppress(OSError):
        for old in [*place.iterdir(), *place.parent.glob(f"{ROOM}-*")]:
            if old.stat().st_mtime < latest:
                shutil.rmtree(old, ignore_errors=True) if old.is_dir() else old.unlink()
