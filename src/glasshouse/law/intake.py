"""Taking files in: every file read is kept byte by byte, every problem is kept, none stops."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from glasshouse.errors import BadInput, Problem, nearest
from glasshouse.law.load import MAX_PROBLEMS, Document, parse, read_bytes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from glasshouse.law.load import KeyPath


class Intake:
    """The problems and the exact content of the files of one question to the library."""

    def __init__(self) -> None:
        """Begin with no problem and no file."""
        self.problems: list[Problem] = []
        self.files: dict[str, bytes] = {}
        self._documents: dict[Path, Document | None] = {}

    @property
    def is_full(self) -> bool:
        """Whether so much is wrong already that looking further helps nobody."""
        return len(self.problems) >= MAX_PROBLEMS

    def add(self, problems: Iterable[Problem]) -> None:
        """Take problems until full: finding the word meant for each of 100,000 takes minutes."""
        for problem in problems:
            if self.is_full:
                return
            self.problems.append(problem)

    def content(self, path: Path, keep_as: str) -> bytes | None:
        """The bytes of a file, kept under its place in the rooms; None if it was refused."""
        try:
            content = read_bytes(path, label(path))
        except BadInput as error:
            self.problems += error.problems
            return None
        if self.files.setdefault(keep_as, content) != content:
            what = f"another {keep_as} is in use already, with other content"
            self.problems.append(Problem(label(path), 0, 0, "", what, "give it an id of its own"))
        return content

    def document(self, path: Path, keep_as: str) -> Document | None:
        """A YAML file, kept, and read once; None if it was refused. Its root must be a mapping."""
        if path not in self._documents:
            self._documents[path] = self._parsed(path, keep_as)
        return self._documents[path]

    def room(self, root: Path, room: str, names: str = "*") -> Iterator[Document]:
        """The files of a room in the order of their names, each kept; refused ones are left out."""
        for path in sorted((root / room).glob(f"{names}.yaml")):
            document = self.document(path, f"{room}/{path.name}")
            if document is not None:
                yield document

    def _parsed(self, path: Path, keep_as: str) -> Document | None:
        content = self.content(path, keep_as)
        if content is None:
            return None
        try:
            document = parse(content, label(path))
        except BadInput as error:
            self.problems += error.problems
            return None
        if not isinstance(document.value, dict):
            self.problems.append(document.problem((), "the file must be a mapping", "key: value"))
            return None
        return document

    def settle(self) -> None:
        """Raise everything that was found, if anything was."""
        if self.problems:
            raise BadInput(self.problems)


def label(path: Path) -> str:
    """A path as a message shows it: from here if it lies below here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return os.fspath(path)


def yaml_files(folder: Path, problems: list[Problem]) -> list[Path]:
    """The .yaml files of a folder in order; a .yml file would be overlooked, so it is refused."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        reason = error.strerror or str(error)
        problems.append(Problem(label(folder), 0, 0, "", f"cannot be read: {reason}"))
        return []
    files = [p for p in entries if p.is_file() and not p.name.startswith(".")]
    problems += [
        Problem(label(p), 0, 0, "", "is not read under this name", "call it .yaml")
        for p in files
        if p.suffix.casefold() in {".yml", ".json"} or p.suffix in {".YAML", ".Yaml"}
    ]
    return [p for p in files if p.suffix == ".yaml"]


def cite_problems(document: Document, sources: Collection[str]) -> Iterator[Problem]:
    """Every citation of a document whose source stands in no file of sources."""
    for path, source in cited(document.value):
        if source not in sources:
            what = f"unknown source `{source[:60]}`"
            yield document.problem(path, what, nearest(source, sources))


def cited(value: object, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """Every source key that a document cites, and where."""
    if isinstance(value, dict):
        for key, inner in value.items():
            here = (*path, key)
            if key == "source" and path and isinstance(inner, str) and _is_citation(path):
                yield here, inner
            else:
                yield from cited(inner, here)
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from cited(inner, (*path, index))


def _is_citation(path: KeyPath) -> bool:
    return path[-1] == "cite" or (len(path) > 1 and path[-2] in LISTS_OF_CITATIONS)


LISTS_OF_CITATIONS = frozenset({"also", "sources", "scholars_cite"})


def unknown(
    document: Document, path: KeyPath, word: str, kind: str, known: Collection[str]
) -> list[Problem]:
    """A problem if the word is not known, with the word that was probably meant."""
    if word in known:
        return []
    is_key = path[-1] == word
    what = f"unknown {kind} `{word[:60]}`"
    return [document.problem(path, what, nearest(word, known), key=is_key)]
