"""Strict YAML: text becomes plain values and the place of each, or a list of problems.

The reader works on PyYAML's stream of events, the step before its node trees: there anchors,
aliases and tags are still visible and can be refused before anything is expanded, and
nothing recurses. Plain scalars follow the YAML 1.2 core schema, so ``NO`` and ``on`` stay text;
beyond it, ``1_000`` is an integer (grouped by three) and ``2014-06-14`` a date. Keys are
always text.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import yaml

from glasshouse.errors import BadInput, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KeyPath = tuple[str | int, ...]
"""Where a value stands in its document: keys and list positions from the root."""

MAX_BYTES = 1_048_576
MAX_DEPTH = 20
MAX_PROBLEMS = 200

# libyaml where the wheel has it (ten times faster), PyYAML's own parser otherwise.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_INT = re.compile(r"[-+]?(?:[0-9]+|[0-9]{1,3}(?:_[0-9]{3})+)")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_ODD_FLOAT = re.compile(r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_MAX_DIGITS = 18
"""Integers of more digits are refused: no quantity needs them and they are slow to convert."""

_NAMING_KEYS = ("id", "act", "arm", "rulebook", "list")


@dataclass(frozen=True)
class Document:
    """A loaded file: plain values (lists as tuples) and the place of every value and key."""

    file: str
    value: Any
    places: Mapping[KeyPath, tuple[int, int]] = field(repr=False, default_factory=dict)
    key_places: Mapping[KeyPath, tuple[int, int]] = field(repr=False, default_factory=dict)

    def place(self, path: KeyPath, *, key: bool = False) -> tuple[int, int]:
        """Line and column of a value, or of the nearest thing around it that has a place."""
        if key and path in self.key_places:
            return self.key_places[path]
        for end in range(len(path), -1, -1):
            if path[:end] in self.places:
                return self.places[path[:end]]
        return (0, 0)

    def where(self, path: KeyPath) -> str:
        """The path in words: dotted, with the id of a list item where it has one."""
        words, value = "", self.value
        for step in path:
            value = _inside(value, step)
            word = f"[{step}]" if isinstance(step, int) else f".{_short(step)}"
            if isinstance(step, int) and isinstance(value, dict):
                names = [value[k] for k in _NAMING_KEYS if isinstance(value.get(k), str)]
                word = f".{_short(names[0])}" if names else word
            words += word
        return words.removeprefix(".")

    def problem(self, path: KeyPath, what: str, right: str = "", *, key: bool = False) -> Problem:
        """A problem at this path of this file."""
        line, column = self.place(path, key=key)
        return Problem(self.file, line, column, self.where(path), what, right)


def read_document(path: Path, label: str | None = None) -> Document:
    """Read one file, or raise BadInput; a file over 1 MiB is refused before it is parsed."""
    return parse(read_bytes(path, label), label or str(path))


def read_bytes(path: Path, label: str | None = None) -> bytes:
    """The bytes of a regular file of at most 1 MiB."""
    name = label or str(path)
    try:
        if not path.is_file():
            what = "is not a file" if path.exists() else "does not exist"
            raise BadInput([Problem(name, 0, 0, "", what)])
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BadInput([Problem(name, 0, 0, "", f"cannot be read: {reason}")]) from None
    if len(content) > MAX_BYTES:
        raise BadInput([Problem(name, 0, 0, "", "is over 1 MiB", "split it into several files")])
    return content


@lru_cache(maxsize=96)
def parse(content: bytes, file: str) -> Document:
    """Parse the bytes of one file strictly, or raise BadInput with all that is wrong.

    The same bytes give the same document, which nobody changes.
    """
    if len(content) > MAX_BYTES:
        raise BadInput([Problem(file, 0, 0, "", "is over 1 MiB", "split it into several files")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - (content.rfind(b"\n", 0, error.start) + 1) + 1
        problem = Problem(file, line, column, "", "is not UTF-8", "save the file as UTF-8")
        raise BadInput([problem]) from None
    builder = _Builder(file)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except _Stop:
        pass
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        what = f"is not YAML: {error.problem or error.context or 'syntax error'}"
        builder.problems.append(Problem(file, *at, "", what))
    except yaml.YAMLError as error:
        position = getattr(error, "position", 0) or 0
        line = text.count("\n", 0, position) + 1
        reason = getattr(error, "reason", None) or "unreadable"
        builder.problems.append(Problem(file, line, 1, "", f"is not YAML: {reason}"))
    if builder.problems:
        raise BadInput(builder.problems)
    if builder.root is _NOTHING:
        raise BadInput([Problem(file, 0, 0, "", "is empty")])
    return Document(file, builder.root, builder.places, builder.key_places)


class _Stop(Exception):
    """Reading further would be pointless or dangerous."""


_NOTHING = object()


@dataclass
class _Frame:
    """A list or mapping being filled."""

    items: list[Any] | dict[str, Any]
    path: KeyPath
    key: str | None = None


class _Builder:
    """Turns events into values; iterative, so depth is a number and not a stack."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Any = _NOTHING
        self.problems: list[Problem] = []
        self.places: dict[KeyPath, tuple[int, int]] = {}
        self.key_places: dict[KeyPath, tuple[int, int]] = {}
        self._frames: list[_Frame] = []

    def take(self, event: Any) -> None:
        """Take one event of the parser."""
        if isinstance(event, yaml.AliasEvent):
            self._stop(event, "aliases (`*name`) are not allowed", "write the value out")
        if isinstance(event, yaml.NodeEvent):
            self._refuse_magic(event)
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._open(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()
        elif isinstance(event, yaml.DocumentStartEvent):
            if event.version or event.tags:
                self._stop(event, "YAML directives are not allowed", "remove the `%` line")
            if self.root is not _NOTHING:
                self._stop(event, "a second document (`---`) is not allowed", "one file, one")

    def _refuse_magic(self, event: Any) -> None:
        if event.anchor is not None:
            self._stop(event, "anchors (`&name`) are not allowed", "write the value out")
        if getattr(event, "tag", None) is not None:
            self._stop(event, "tags (`!name`) are not allowed", "quote it if it is text")

    def _stop(self, event: Any, what: str, right: str = "") -> None:
        self._problem(event, what, right)
        raise _Stop

    def _problem(self, event: Any, what: str, right: str = "") -> None:
        where = Document("", None).where(self._here())
        self.problems.append(Problem(self.file, *self._mark(event), where, what, right))
        if len(self.problems) >= MAX_PROBLEMS:
            raise _Stop

    def _here(self) -> KeyPath:
        if not self._frames:
            return ()
        frame = self._frames[-1]
        if isinstance(frame.items, list):
            return (*frame.path, len(frame.items))
        return frame.path if frame.key is None else (*frame.path, frame.key)

    def _awaits_key(self) -> bool:
        frame = self._frames[-1] if self._frames else None
        return frame is not None and isinstance(frame.items, dict) and frame.key is None

    def _scalar(self, event: Any) -> None:
        if self._awaits_key():
            self._key(event)
        else:
            self._put(event, self._resolve(event) if event.implicit[0] else event.value)

    def _key(self, event: Any) -> None:
        key, frame = event.value, self._frames[-1]
        if key == "<<" and event.implicit[0]:
            self._stop(event, "merge keys (`<<`) are not allowed", "write the keys out")
        if not key:
            self._stop(event, "a key is empty")
        if key in frame.items:
            first = self.key_places[(*frame.path, key)][0]
            self._problem(event, f"duplicate key `{_short(key)}`", f"first in line {first}")
        frame.key = key
        self.key_places[(*frame.path, key)] = self._mark(event)

    def _open(self, event: Any) -> None:
        if self._awaits_key():
            self._stop(event, "a key must be a word, not a list or a mapping")
        if len(self._frames) >= MAX_DEPTH:
            self._stop(event, f"is nested deeper than {MAX_DEPTH} levels")
        path = self._here()
        self.places[path] = self._mark(event)
        items: list[Any] | dict[str, Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._frames.append(_Frame(items, path))

    def _close(self) -> None:
        items = self._frames.pop().items
        self._store(tuple(items) if isinstance(items, list) else items)

    def _put(self, event: Any, value: Any) -> None:
        self.places[self._here()] = self._mark(event)
        self._store(value)

    def _store(self, value: Any) -> None:
        if not self._frames:
            self.root = value
            return
        frame = self._frames[-1]
        if isinstance(frame.items, list):
            frame.items.append(value)
        elif frame.key is not None:
            frame.items[frame.key] = value
            frame.key = None

    def _resolve(self, event: Any) -> Any:
        """The value of a plain scalar under the YAML 1.2 core schema, dates and `1_000` added."""
        text: str = event.value
        if text in _WORDS:
            return _WORDS[text]
        if _DATE.fullmatch(text):
            try:
                return dt.date.fromisoformat(text)
            except ValueError:
                self._problem(event, f"{text} is not a day of the calendar", "YYYY-MM-DD")
                return dt.date.min
        return self._resolve_number(event, text)

    def _resolve_number(self, event: Any, text: str) -> int | float | str:
        if _INT.fullmatch(text) or _BASED.fullmatch(text):
            if len(text) > _MAX_DIGITS:
                self._problem(event, f"the integer {_short(text)} is too long", "quote it if text")
                return 0
            return int(text, 0) if text[:2] in {"0o", "0x"} else int(text.replace("_", ""))
        if _FLOAT.fullmatch(text):
            return float(text)
        if _ODD_FLOAT.fullmatch(text):
            return float(text.replace(".", "", 1))
        return text

    @staticmethod
    def _mark(event: Any) -> tuple[int, int]:
        return (event.start_mark.line + 1, event.start_mark.column + 1)


def _inside(value: Any, step: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, tuple) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


def _short(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
