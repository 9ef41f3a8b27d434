"""A finished run as one HTML file that opens from the disk and asks nothing of any network."""

from __future__ import annotations

import html
import importlib.util
import json
import re
import struct
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from glasshouse.app.bundle import LIBRARIES, bundled, hash_of, library, static
from glasshouse.app.columns import block, deflated, lettered
from glasshouse.app.messages import Kind, document, people_message
from glasshouse.app.packing import packed
from glasshouse.app.scene import counts_by_step, events_by_step, finish_of, finished_header
from glasshouse.app.shown import communities_shown, shown_of
from glasshouse.archive.database import quoted
from glasshouse.engine import journal
from glasshouse.engine.plan.plan import make_plan
from glasshouse.errors import BadUsage, OtherVersion
from glasshouse.report.words import number, of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from glasshouse.app.messages import Events
    from glasshouse.app.packing import Carry, Packed
    from glasshouse.app.scene import Progress
    from glasshouse.app.shown import Shown
    from glasshouse.archive.reading import Archive
    from glasshouse.law.experiment import Experiment

PLOT_STYLE = ()
"""Hashes of the inline styles that Observable Plot writes."""

LETTERS_A_LINE = 32_768
"""Letters of the packed scene in a line; a tool that reads lines does not choke on one."""

MOST_BYTES = 3_000_000
"""A page carries every act with its day as long as it is expected to stay below this."""

MOST_PEOPLE = 40_960
"""The most people that a page shows: four times as many as without being asked."""

SHELL_BYTES = 370_000
"""A page without a scene."""

BYTES_AN_ENTRY = 2.3
BYTES_AN_ENTRY_PARTING = 3.3
BYTES_AN_ACT = 1.7
"""As measured with ten thousand people and ten years; `docs/decisions/` has the table."""

PACKING = 20
"""Steps of work, as a bar shows it, that packing stands for."""

OPEN = 'module["playable.js"].open(document.getElementById("glasshouse"));'


class Playable(NamedTuple):
    """The page, and what can be said of it."""

    html: bytes
    people: int
    people_in_all: int
    communities: int
    events: int
    carry: Carry
    cap_words: str
    left_out_words: str
    map_words: str
    parts: dict[str, int]
    """Bytes by what takes them: the scene, the libraries, everything else."""


class Expected(NamedTuple):
    """What a page will hold, before anything is replayed."""

    communities: int
    people: int
    carry: Carry
    bytes: int


def expected(
    archive: Archive, communities: int | None = None, carry: Carry | None = None
) -> Expected:
    """Say about how large a page will be, and whether it carries every act if nobody says so.

    A page that would be too large to work with is refused.
    """
    said = archive.provenance
    slots = said.scenario.community_size
    some = communities_shown(said.people, slots) if communities is None else communities
    some = min(some, said.communities)
    people = min(some * slots, said.people)
    if some > 1 and people > MOST_PEOPLE:
        most = of(max(1, MOST_PEOPLE // slots), "community", "communities")
        raise BadUsage(
            f"--communities {some} shows {number(people)} people; a page shows at most "
            f"{number(MOST_PEOPLE)}, here {most}"
        )
    rows = archive.months().aggregate("arm, sum(acts) AS acts, sum(entries) AS entries").rows()
    share = people / said.people
    entries = share * sum(int(row["entries"]) for row in rows)
    done = share * max(int(row["acts"]) for row in rows)
    whole = SHELL_BYTES + BYTES_AN_ENTRY * entries + BYTES_AN_ACT * done
    level: Carry = carry or ("all" if whole <= MOST_BYTES else "parting")
    size = whole if level == "all" else SHELL_BYTES + BYTES_AN_ENTRY_PARTING * entries
    return Expected(some, people, level, round(size))


def playable_of(
    archive: Archive,
    experiment: Experiment,
    *,
    communities: int | None = None,
    carry: Carry | None = None,
    progress: Progress | None = None,
    device: str | None = None,
) -> Playable:
    """Give a finished run as one page; ``carry`` None: every act if the page stays small."""
    before = expected(archive, communities, carry)
    device = device or compiled_or_plain()
    plan = make_plan(experiment)
    shown = shown_of(plan, before.communities, device)
    left_out = "" if before.carry == "all" else LEFT_OUT
    header = finished_header(archive, plan, shown, left_out)
    every, told = len(plan.steps) + PACKING, progress or (lambda _done, _of: None)
    steps = []
    for step, events in events_by_step(archive, plan, shown, device):
        steps.append(events)
        told(step + 1, every)
    refuse_another_life(archive, shown, steps)
    finish = finish_of(archive, experiment)
    stream = b"".join(
        (
            document(Kind.HEADER, header),
            people_message(shown.people),
            *(document(Kind.COUNTS, counts) for counts in counts_by_step(archive)),
            document(Kind.FINISH, finish),
        )
    )
    carried = packed(header, steps, before.carry)
    told(every - PACKING // 2, every)
    scene = lines(boxed(scene_pieces(stream, carried)))
    told(every, every)
    libraries = lines(boxed(deflated(library(name).encode()) for name in LIBRARIES))
    page = page_of(header, finish, scene, libraries)
    return Playable(
        html=page,
        people=header["people"],
        people_in_all=header["people_in_all"],
        communities=shown.communities,
        events=carried.head["events"],
        carry=before.carry,
        cap_words=header["cap_words"],
        left_out_words=left_out,
        map_words=header["map_words"],
        parts={
            "scene": len(scene),
            "libraries": len(libraries),
            "page": len(page) - len(scene) - len(libraries),
        },
    )


def compiled_or_plain() -> str:
    """Give what replays: the compiler where there is one, else plain Python, which is slow."""
    return "cpu" if importlib.util.find_spec("numba") else "python"


def refuse_another_life(archive: Archive, shown: Shown, steps: Sequence[Events]) -> None:
    """Refuse a replay in which other things were written down than the run kept."""
    if not archive.has_outcomes:
        return
    legend = archive.provenance.legend
    for number_of, arm in enumerate(legend.arms):
        rows = archive.outcomes().filter(
            f"arm = {quoted(arm.arm)} AND community < {shown.communities}"
        )
        kept = [int(row[0]) for row in rows.order("person").project("entries").fetchall()]
        found = np.zeros(len(kept), np.int64)
        for events in steps:
            mine = events.row[(events.what == journal.ENTRY) & (events.arm == number_of)]
            found += np.bincount(mine, minlength=len(kept))
        if found.tolist() != kept:
            raise OtherVersion(
                f"{archive.path} cannot be replayed: its people do not live the same lives again. "
                f"It was made by glasshouse {archive.provenance.glasshouse_version}; "
                "`glasshouse verify` says what differs"
            )


LEFT_OUT = (
    "Acts stand here by their month, and only those that somebody saw in some arm or that were not "
    "done in every arm: all others are the same everywhere and left no trace. "
    "`glasshouse life DIR PERSON` tells every act and its day."
)


def scene_pieces(stream: bytes, events: Packed) -> list[bytes]:
    """Give the pieces of a packed scene: its documents, how to read the events, the columns."""
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
    letters = lettered(content)
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
