"""Where compiled code is kept: under a name that its own text gives.

Numba keeps compiled code by the file that a function stands in, and does not see that another file
which it calls has changed. Here the name is a hash of the text of everything that is compiled into
an entry, of the forms that the target gives it and of the versions. So nothing stale is ever
loaded, a change of anything else compiles nothing anew, and installations with the same text share
what one of them compiled.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import platform
import tempfile
from pathlib import Path
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

from glasshouse.kernel import names_used

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMS = "cpu.py"
"""The file beside this one that says how the text is compiled."""


def cache_directory() -> Path:
    """Give the per-user directory of compiled code."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    wanted = Path(home) / "glasshouse" / "compiled"
    try:
        wanted.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=wanted).close()
    except OSError:
        return Path(tempfile.mkdtemp(prefix="glasshouse-compiled-"))
    return wanted


def text_digest(function: Any) -> str:
    """Give a hash of all that is compiled into a kernel, of its form and of the versions."""
    digest = hashlib.sha256((Path(__file__).parent / FORMS).read_bytes())
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
    """Give what a function's text says, wherever it stands."""
    yield f"{code.co_code.hex()} {code.co_names} {code.co_varnames} {code.co_argcount}"
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _code_parts(constant)
        else:
            yield repr(constant)


def is_kept(function: Any) -> bool:
    """Say whether the compiled form of an entry lies ready; asking loads no compiler."""
    place = Path(os.environ.get("NUMBA_CACHE_DIR") or cache_directory())
    return any(place.glob(f"*_cpu-{text_digest(function)}.*.nbi"))


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
