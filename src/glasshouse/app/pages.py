"""The files of the page, read once at the start: a request names one and never reaches the disk."""

from __future__ import annotations

import importlib.resources
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
}
"""What is served, and as what; a file of another kind is not."""


class StaticFile(NamedTuple):
    """A file of the page."""

    content: bytes
    kind: str


def static_files() -> dict[str, StaticFile]:
    """Give every file of the page by its name below ``static/``."""
    root = importlib.resources.files("glasshouse") / "app" / "static"
    return dict(_below(root, ""))


def _below(folder: Traversable, name: str) -> Iterator[tuple[str, StaticFile]]:
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        here = f"{name}{entry.name}"
        if entry.is_dir():
            yield from _below(entry, f"{here}/")
            continue
        kind = KINDS.get(f".{entry.name.rpartition('.')[2]}")
        if kind is not None:
            yield here, StaticFile(entry.read_bytes(), kind)
