"""A scene made by hand, of any size, and what its events say of everybody in every month.

It stands for no model: chance decides who is scored, listed and refused, so that the drawing is
tested on all that may happen and nothing waits for a run.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.app.messages import (
    Events,
    Kind,
    People,
    document,
    people_message,
    read,
    step_message,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from playwright.sync_api import Page, Route

STATIC = Path(__file__).parents[2] / "src/glasshouse/app/static"
COMMUNITY = 2048
UNSCORED = -(2**31)
RIGHTLY, WRONGLY, REFUSED, OUT = 1, 2, 4, 16
ACT, ENTRY, LISTED, LEFT, REFUSED_AT, SCORE, JOINED, OPTED = 1, 2, 4, 8, 9, 12, 33, 34
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data: blob:"
)
ADDRESS = "http://127.0.0.1:9"
KINDS = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Drawing</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><link rel="stylesheet" href="style.css">
<script src="vendor/d3.min.js"></script><script src="vendor/plot.umd.min.js"></script></head>
<body class="gh-page"><main id="root"></main><script type="module" src="start.js"></script></body>
</html>"""
START = """import { mount } from "./view.js";
import { Scene } from "./scene.js";
const bytes = new Uint8Array(await (await fetch("scene.bin")).arrayBuffer());
const asked = Object.fromEntries(new URLSearchParams(location.search));
const options = Object.fromEntries(Object.entries(asked).map(([k, v]) => [k, Number(v)]));
const from = performance.now();
window.scene = Scene.of(bytes);
window.view = mount(document.getElementById("root"), window.scene, options);
window.took = performance.now() - from;
window.isReady = true;
"""


def header(people: int, months: int, arms: int) -> dict[str, Any]:
    """Give the header: the first arm scores nobody, the others have two instruments."""
    instruments = [
        {
            "rulebook": name, "title": title, "applies_to": "person", "where": None,
            "start": start, "floor": None, "cap": None, "low": start - 90, "high": start + 40,
            "grades": ["C", "B", "A"],
        }
        for name, title, start in (("one", "The one score", 1000), ("other", "Another", 50))
    ]  # fmt: skip
    days = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return {
        "format": 1,
        "version": "0",
        "scenario": "by-hand",
        "title": "A scene made by hand",
        "question": "Does the page draw what it is told?",
        "first_day": "2018-01-01",
        "steps": [
            {"label": f"{2018 + k // 12}-{k % 12 + 1:02}", "days": days[k % 12]}
            for k in range(months)
        ],
        "arms": [
            {
                "arm": f"arm-{arm}" if arm else "nothing",
                "words": f"Arm number {arm}." if arm else "Nobody is scored.",
                "instruments": instruments if arm else [],
                "lists": ["one/black", "one/red"] if arm else [],
            }
            for arm in range(arms)
        ],
        "acts": [
            {"id": "red", "title": "Crosses on red", "lawful": False, "praised": False},
            {"id": "petition", "title": "Signs a petition", "lawful": True, "praised": False},
            {"id": "blood", "title": "Gives blood", "lawful": True, "praised": True},
        ],
        "counters": ["train", "bank_loan"],
        "labels": ["rightly", "not_theirs", "could_not", "lawful"],
        "reasons": ["stays", "overturned", "performed", "expired", "grade_recovered"],
        "whats": {"1": "act"},
        "people": people,
        "people_in_all": people,
        "communities": [
            {"community": place, "province": "P", "title": "Province", "urban_share": place % 2,
             "people": min(COMMUNITY, people - place * COMMUNITY)}
            for place in range(-(-people // COMMUNITY))
        ],
        "community_size": COMMUNITY,
        "cap_words": "",
        "map_words": "There is no map of provinces: the society has one province.",
        "map": [],
        "provinces": [],
        "in_force": [{"arm": "arm-1", "words": "Two scores."}],
        "evidence": ["Nobody here is real."],
    }  # fmt: skip


def people_by_hand(number: int, chance: np.random.Generator) -> People:
    """Give people in households of one to five; the last of a community is a body."""
    sizes = np.zeros(number, np.uint8)
    at = 0
    while at < number:
        end = min(at + int(chance.integers(1, 6)), number, (at // COMMUNITY + 1) * COMMUNITY)
        sizes[at:end] = end - at
        at = end
    rows = np.arange(number)
    kinds = np.where(rows % COMMUNITY == COMMUNITY - 1, 4, 0)
    return People(
        age_years=chance.integers(0, 95, number).astype(np.uint8),
        flags=(chance.integers(0, 2, number) + kinds).astype(np.uint8),
        household_size=sizes,
        community=(rows // COMMUNITY).astype(np.uint16),
        number=(rows % COMMUNITY).astype(np.uint16),
    )


def events_of_a_month(
    people: int, arms: int, open_lists: list[dict[tuple[int, int], int]], chance: Any
) -> tuple[Events, list[dict[str, int]]]:
    """Give a month in which all sorts of things happen, and its counts."""
    found: list[tuple[int, int, int, int, int, int]] = []
    counts = []
    done = np.flatnonzero(chance.random(people) < 0.3)
    acts = chance.integers(0, 3, len(done))
    for arm in range(arms):
        refusals = 0
        for row, act in zip(done.tolist(), acts.tolist(), strict=True):
            found.append((row, arm, 3, ACT, act, int(arm > 0)))
            if not arm or row % 3:
                continue
            found.append((row, arm, 5, ENTRY, act, 0))
            book = int(chance.integers(0, 2))
            points = int(chance.integers(860, 1080)) if book == 0 else int(chance.integers(0, 99))
            found.append((row, arm, 5, SCORE, book, points))
            draw = chance.random()
            key = (row, int(chance.integers(0, 2)))
            if key in open_lists[arm]:
                found.append((row, arm, 9, LEFT, key[1], int(chance.integers(1, 5))))
                del open_lists[arm][key]
            elif draw < 0.3:
                open_lists[arm][key] = int(chance.integers(0, 4))
                found.append((row, arm, 9, LISTED, key[1], open_lists[arm][key]))
            elif draw < 0.4:
                found.append((row, arm, 12, REFUSED_AT, int(chance.integers(0, 2)), 2))
                refusals += 2
            elif draw < 0.42:
                found.append((row, arm, 13, OPTED, 0, 0))
            elif draw < 0.43:
                found.append((row, arm, 13, JOINED, 0, 0))
        labels = list(open_lists[arm].values())
        counts.append({
            "persons": people, "listings_open": len(labels),
            "listings_open_rightly": labels.count(0), "listings_open_not_theirs": labels.count(1),
            "listings_open_could_not": labels.count(2), "listings_open_lawful": labels.count(3),
            "refusals": refusals,
        })  # fmt: skip
    found.sort(key=lambda event: event[:2])
    columns = np.array(found, np.int64).reshape(-1, 6).T
    types = (np.uint32, np.uint8, np.uint8, np.uint8, np.uint16, np.int32)
    return Events(*(c.astype(t) for c, t in zip(columns, types, strict=True))), counts


TILES = [
    {"province": "A", "title": "Aland", "x": 0, "y": 0, "communities": 9, "told": True},
    {"province": "B", "title": "Beyond the river", "x": 1, "y": 0, "communities": 8, "told": True},
    {"province": "C", "title": "Coast", "x": 1, "y": 1, "communities": 2, "told": False},
]


def scene_by_hand(
    people: int = 3000, months: int = 8, arms: int = 2, seed: int = 1, *,
    with_map: bool = False, said: dict[str, Any] | None = None,
) -> bytes:  # fmt: skip
    """Give a whole stream; ``said`` stands in the header instead of what else would."""
    chance = np.random.default_rng(seed)
    head = header(people, months, arms) | ({"map": TILES, "map_words": ""} if with_map else {})
    head |= said or {}
    pieces = [document(Kind.HEADER, head)]
    pieces.append(people_message(people_by_hand(people, chance)))
    open_lists: list[dict[tuple[int, int], int]] = [{} for _ in range(arms)]
    for step in range(months):
        events, counts = events_of_a_month(people, arms, open_lists, chance)
        pieces.append(step_message(step, events))
        told: dict[str, Any] = {"step": step, "arms": counts}
        if with_map:
            told["provinces"] = [{}, *({"A": 90 * step, "B": 7} for _ in range(1, arms))]
        pieces.append(document(Kind.COUNTS, told))
    pieces.append(document(Kind.FINISH, FINISH))
    return b"".join(pieces)


FINISH: dict[str, Any] = {
    "digest": "ab" * 32,
    "metrics": [
        {"arm": "arm-1", "metric": "listed_share", "part": "", "group": "", "value": 1 / 3,
         "low": 0.25, "high": 0.4000001, "error": 0.01, "groups": 5, "unit": "share of persons",
         "status": "measured", "why": ""},
        {"arm": "arm-1", "metric": "days_to_freedom", "part": "median", "group": "", "value": None,
         "low": None, "high": None, "error": None, "groups": 5, "unit": "days",
         "status": "measured", "why": "fewer than half were off"},
    ],
    "printed": [
        {"value": "0.333", "interval": "0.250 to 0.400", "note": ""},
        {"value": "unknown", "interval": "", "note": "fewer than half were off"},
    ],
    "sentences": [{"title": "Arm arm-1", "sentences": ["Some were listed.", "Some were not."]}],
    "reproduce": {"command": "glasshouse run by-hand --seed 1", "python": "import glasshouse as gh",
                  "rulebooks": {"one": "cd" * 32}, "version": "0"},
    "cite": ["Nobody (2026)"],
}  # fmt: skip


def states_of(stream: bytes, book: str) -> list[list[tuple[NDArray[Any], NDArray[Any]]]]:
    """Derive score and flags of everybody, by month and arm, from the events alone."""
    messages = list(read(stream))
    head = messages[0].said
    people: People = messages[1].said
    number, arms = len(people.number), head["arms"]
    kinds = (people.flags >> 2) & 3
    scores = []
    for arm in arms:
        has = [one for one in arm["instruments"] if one["rulebook"] == book]
        scores.append(np.where(kinds == 0, has[0]["start"] if has else UNSCORED, UNSCORED))
    place = [[i["rulebook"] for i in arm["instruments"]].index(book) if arm["instruments"] else -1
             for arm in arms]  # fmt: skip
    lists: list[dict[tuple[int, int], bool]] = [{} for _ in arms]
    out: list[set[int]] = [set() for _ in arms]
    months: list[list[tuple[NDArray[Any], NDArray[Any]]]] = []
    for step, events in (m.said for m in messages if m.kind is Kind.STEP):
        assert step == len(months)
        flags = np.zeros((len(arms), number), np.uint8)
        for row, arm, _, what, first, second in zip(*(c.tolist() for c in events), strict=True):
            if what == SCORE and first == place[arm]:
                scores[arm][row] = second
            elif what == LISTED:
                lists[arm][row, first] = head["labels"][second] == "rightly"
            elif what == LEFT:
                del lists[arm][row, first]
            elif what == REFUSED_AT:
                flags[arm, row] |= REFUSED
            elif what == OPTED:
                out[arm].add(row)
            elif what == JOINED:
                out[arm].discard(row)
        for arm in range(len(arms)):
            for (row, _), is_right in lists[arm].items():
                flags[arm, row] |= RIGHTLY if is_right else WRONGLY
            flags[arm, sorted(out[arm])] |= OUT
        months.append([(scores[arm].copy(), flags[arm]) for arm in range(len(arms))])
    return months


def open_drawing(page: Page, stream: bytes, query: str = "", *, is_mounted: bool = True) -> None:
    """Open the drawing of a stream under the strictest policy, all of it out of this process."""
    pages = {"/index.html": PAGE, "/start.js": START if is_mounted else "window.isReady = true;"}

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ADDRESS).partition("?")[0]
        body: str | bytes = stream
        if path != "/scene.bin":
            body = pages.get(path) or (STATIC / path.lstrip("/")).read_bytes()
        kind = KINDS.get(Path(path).suffix, "application/octet-stream")
        head = {"Content-Type": kind, "Content-Security-Policy": POLICY}
        route.fulfill(body=body, headers=head)

    page.route(f"{ADDRESS}/**", answer)
    page.goto(f"{ADDRESS}/index.html?{query}")
    for _ in range(1200):
        if page.evaluate("Boolean(window.isReady)"):
            return
        page.wait_for_timeout(25)
    raise AssertionError("the page did not get ready")


def plainly(value: Any) -> Any:
    """Give a value as JSON brings it back."""
    return json.loads(json.dumps(value))
