"""A finished run as a widget of a notebook: the same drawing as the page's, in a cell.

The scene travels to the browser once, packed as in the page of one file; after that nothing is
asked of the kernel. Where no widget can live, as in an exported notebook, a still picture stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from glasshouse.app.bundle import esm, static
from glasshouse.app.messages import Kind, document, people_message, read
from glasshouse.app.packing import packed
from glasshouse.app.playable import LEFT_OUT, boxed, expected, lines, scene_pieces
from glasshouse.app.scene import scene_of
from glasshouse.app.still import still_of
from glasshouse.errors import BadUsage
from glasshouse.report.words import number, of

if TYPE_CHECKING:
    from glasshouse.app.packing import Carry
    from glasshouse.archive.reading import Archive
    from glasshouse.law.experiment import Experiment

MOST_BYTES = 24_000_000
"""The largest scene that a cell takes, in letters; a notebook that is saved may hold it."""

HTML, PLAIN = "text/html", "text/plain"


class View(anywidget.AnyWidget):
    """The drawing of a run in a cell; ``said`` tells who is shown and how large it is."""

    _esm = esm("widget.js", also='export default module["widget.js"];')
    _css = static("style.css")
    scene = traitlets.Unicode().tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)

    def __init__(self, stream: bytes, carry: Carry = "all") -> None:
        """Take a whole scene; one that is too large for a cell is refused with what would fit.

        ``carry`` says which acts travel: all, or those in which lives part, as a page has it.
        """
        header, letters = letters_of(stream, carry)
        refuse_too_large(len(letters), len(header["communities"]))
        super().__init__(scene=letters, said=words_of(header, len(letters)))
        self._stream = stream

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Give the living widget, and beside it what is shown where none can live."""
        given = super()._repr_mimebundle_(**options)
        data, more = given if isinstance(given, tuple) else (given, {})
        return {**(data or {}), PLAIN: self.said, HTML: still_of(self._stream)}, more


def letters_of(stream: bytes, carry: Carry = "all") -> tuple[dict[str, Any], str]:
    """Give the header of a scene, and the scene packed in letters as a page of one file has it."""
    header: dict[str, Any] = {}
    steps, documents = [], []
    for message in read(stream):
        if message.kind is Kind.STEP:
            steps.append(message.said[1])
        elif message.kind is Kind.PEOPLE:
            documents.append(people_message(message.said))
        else:
            if message.kind is Kind.HEADER:
                header = message.said
                header["left_out_words"] = "" if carry == "all" else LEFT_OUT
            documents.append(document(message.kind, message.said))
    pieces = scene_pieces(b"".join(documents), packed(header, steps, carry))
    return header, lines(boxed(pieces))


def view_of(archive: Archive, experiment: Experiment, communities: int | None = None) -> View:
    """Give a run as a widget: whole communities from the first on, up to the page's cap."""
    in_all = -(-archive.provenance.people // archive.provenance.scenario.community_size)
    if communities is not None and not 1 <= communities <= in_all:
        raise BadUsage(f"communities={communities}: the run has 1 to {in_all} of them to show")
    before = expected(archive, communities)
    return View(scene_of(archive, experiment, before.communities), before.carry)


def refuse_too_large(size: int, communities: int) -> None:
    """Refuse a scene that a notebook could not carry, with a number that it could."""
    if size > MOST_BYTES:
        fitting = max(1, communities * MOST_BYTES // size)
        raise BadUsage(
            f"{communities} communities make a drawing of {megabytes(size)}, and a cell takes"
            f" {megabytes(MOST_BYTES)} at most; try view(communities={fitting}), or"
            " `glasshouse playable` for a page of its own"
        )


def words_of(header: dict[str, Any], size: int) -> str:
    """Say who is shown, for how long, and what it weighs."""
    return (
        f"{header['title']}: {number(header['people'])} of {number(header['people_in_all'])}"
        f" synthetic people, {of(len(header['steps']), 'step', 'steps')},"
        f" {of(len(header['arms']), 'arm', 'arms')}; {megabytes(size)} of scene."
    )


def megabytes(size: int) -> str:
    """Give a number of bytes in megabytes."""
    return f"{size / 1e6:.1f} MB"
