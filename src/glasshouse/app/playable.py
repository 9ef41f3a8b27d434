"""A finished run as one HTML file that opens from the disk and asks nothing of any network."""

from __future__ import annotations

import base64
import html
import json
import re
import struct
from typing import TYPE_CHECKING, NamedTuple

from glasshouse.app.bundle import LIBRARIES, bundled, hash_of, library, static
from glasshouse.app.columns import block, deflated
from glasshouse.app.messages import Kind, document, people_message
from glasshouse.app.packing import packed
from glasshouse.app.scene import counts_by_step, events_by_step, finish_of, finished_header
from glasshouse.app.shown import shown_of
from glasshouse.engine.plan.plan import make_plan
from glasshouse.report.words import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from glasshouse.app.packing import Acts
    from glasshouse.app.scene import Progress
    from glasshouse.archive.reading import Archive
    from glasshouse.law.experiment import Experiment

PLOT_STYLE = ()
"""Hashes of the inline styles that Observable Plot writes."""

LETTERS_A_LINE = 32_768
"""Letters of the packed scene in a line; a tool that reads lines does not choke on one."""

OPEN = 'module["playable.js"].open(document.getElementById("glasshouse"));'


class Playable(NamedTuple):
    """The page, and what can be said of it."""

    html: bytes
    people: int
    people_in_all: int
    communities: int
    events: int
    acts: Acts
    cap_words: str
    left_out_words: str
    map_words: str
    parts: dict[str, int]
    """Bytes by what takes them: the scene, the libraries, everything else."""


def playable_of(
    archive: Archive,
    experiment: Experiment,
    *,
    communities: int | None = None,
    acts: Acts | None = None,
    progress: Progress | None = None,
    device: str = "cpu",
) -> Playable:
    """Give a finished run as one page; ``acts`` None: every act if the page stays small."""
    plan = make_plan(experiment)
    shown = shown_of(plan, communities, device)
    level = acts or "all"
    left_out = "" if level == "all" else LEFT_OUT
    header = finished_header(archive, plan, shown, left_out)
    steps = []
    for step, events in events_by_step(archive, plan, shown, device):
        steps.append(events)
        if progress is not None:
            progress(step + 1, len(plan.steps))
    finish = finish_of(archive, experiment)
    stream = b"".join(
        (
            document(Kind.HEADER, header),
            people_message(shown.people),
            *(document(Kind.COUNTS, counts) for counts in counts_by_step(archive)),
            document(Kind.FINISH, finish),
        )
    )
    scene = lines(boxed(scene_pieces(stream, header, steps, level)))
    libraries = lines(boxed(deflated(library(name).encode()) for name in LIBRARIES))
    page = page_of(header, finish, scene, libraries)
    return Playable(
        html=page,
        people=header["people"],
        people_in_all=header["people_in_all"],
        communities=shown.communities,
        events=sum(len(events.row) for events in steps),
        acts=level,
        cap_words=header["cap_words"],
        left_out_words=left_out,
        map_words=header["map_words"],
        parts={
            "scene": len(scene),
            "libraries": len(libraries),
            "page": len(page) - len(scene) - len(libraries),
        },
    )


LEFT_OUT = (
    "Acts stand here by their month, and only those that somebody saw in some arm or that were not "
    "done in every arm: all others are the same everywhere and left no trace. "
    "`glasshouse life DIR PERSON` tells every act and its day."
)


def scene_pieces(
    stream: bytes, header: Mapping[str, Any], steps: Iterable[Any], acts: Acts
) -> list[bytes]:
    """Give the pieces of a packed scene: its documents, how to read the events, the columns."""
    events = packed(header, steps, acts)
    blocks = {name: block(content) for name, content in events.columns.items()}
    said = [
        {"name": name, "length": one.length, "usual": one.usual} for name, one in blocks.items()
    ]
    head = json.dumps({**events.head, "columns": said}, separators=(",", ":")).encode()
    columns = [piece for one in blocks.values() for piece in one.pieces]
    return [deflated(stream), deflated(head), *columns]


def boxed(pieces: Iterable[bytes]) -> bytes:
    """Give pieces as one: the length of each in four bytes, then the piece."""
    return b"".join(struct.pack("<I", len(piece)) + piece for piece in pieces)


def lines(content: bytes) -> str:
    """Give bytes as letters in lines."""
    letters = base64.b64encode(content).decode()
    starts = range(0, len(letters), LETTERS_A_LINE)
    return "\n".join(letters[at : at + LETTERS_A_LINE] for at in starts)


def policy(script: str, style: str) -> str:
    """Give the policy of the page: nothing but its own texts, known by their hashes."""
    scripts = " ".join(map(hash_of, (script, *map(library, LIBRARIES))))
    styles = " ".join((hash_of(style), *PLOT_STYLE))
    return (
        f"default-src 'none'; script-src {scripts}; style-src {styles}; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def page_of(
    header: Mapping[str, Any], finish: Mapping[str, Any], scene: str, libraries: str
) -> bytes:
    """Give the page: the shell with everything that it needs inside."""
    script = f"\n{bundled('playable.js', also=OPEN)}"
    style = f"\n{static('style.css')}"
    summary = "\n".join(
        f"<h2>{html.escape(part['title'])}</h2>\n"
        + "\n".join(f"<p>{html.escape(sentence)}</p>" for sentence in part["sentences"])
        for part in finish["sentences"]
    )
    given = {
        "policy": policy(script, style),
        "version": html.escape(header["version"]),
        "title": html.escape(f"{header['title']}: a run of glasshouse to play with"),
        "description": html.escape(
            f"{number(header['people_in_all'])} people who do not exist, scored and not."
        ),
        "question": html.escape(header["question"]),
        "summary": summary,
        "command": html.escape(finish["reproduce"]["command"]),
        "digest": finish["digest"],
        "style": style,
        "libraries": libraries,
        "scene": scene,
        "script": script,
    }
    for name in ("script", "style"):
        if "</" + name in given[name].lower() or "<!--" in given[name]:
            raise ValueError(f"the page's {name} would end early")
    shell = static("playable.html")
    return re.sub(r"\{([a-z]+)\}", lambda found: given[found.group(1)], shell).encode()
