"""The data of a path in the fewest letters: steps relative to one another, what is straight in one.

Places are whole tenths of a unit, so steps add up to the same places exactly.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(r"[A-Za-z]|-?[0-9.]+(?:e-?[0-9]+)?")
_PAIRS = {"M": 1, "L": 1, "Q": 2, "C": 3}


def shorter(data: str) -> str:
    """Give the same path shorter; one that holds other commands than M, L, Q, C, Z as it is."""
    segments = _segments(data)
    if segments is None:
        return data
    pieces: list[str] = []
    at = start = (0, 0)
    for command, places in _straightened(segments):
        if command == "Z":
            pieces.append("z")
            at = start
            continue
        end = places[-1]
        if command == "M":
            pieces.append(f"M{_number(end[0])}{_joined(end[1])}")
            start = end
        elif command == "L":
            pieces.append(_line(end[0] - at[0], end[1] - at[1]))
        else:
            steps = [n for x, y in places for n in (x - at[0], y - at[1])]
            pieces.append(command.lower() + _number(steps[0]) + "".join(map(_joined, steps[1:])))
        at = end
    return "".join(pieces)


def _segments(data: str) -> list[tuple[str, list[tuple[int, int]]]] | None:
    """The commands of a path and their places in tenths; None where one is not known here."""
    found: list[tuple[str, list[tuple[int, int]]]] = []
    tokens = _TOKEN.findall(data)
    place = 0
    while place < len(tokens):
        command = tokens[place].upper()
        if command == "Z":
            found.append(("Z", []))
            place += 1
            continue
        pairs = _PAIRS.get(tokens[place], 0)
        numbers = tokens[place + 1 : place + 1 + 2 * pairs]
        if not pairs or len(numbers) < 2 * pairs or any(n.isalpha() for n in numbers):
            return None
        tenths = [round(10 * float(number)) for number in numbers]
        found.append((command, list(zip(tenths[::2], tenths[1::2], strict=True))))
        place += 1 + 2 * pairs
    return found


def _straightened(
    segments: list[tuple[str, list[tuple[int, int]]]],
) -> list[tuple[str, list[tuple[int, int]]]]:
    """Leave out lines of no length, and make one of level or upright lines that go on."""
    kept: list[tuple[str, list[tuple[int, int]]]] = []
    for command, places in segments:
        if command == "L" and kept and kept[-1][1]:
            end, before = places[-1], kept[-1][1][-1]
            if end == before and kept[-1][0] == "L":
                continue
            if kept[-1][0] == "L" and len(kept) > 1 and kept[-2][1]:
                first = kept[-2][1][-1]
                if _goes_on(first, before, end):
                    kept[-1] = ("L", places)
                    continue
        kept.append((command, places))
    return kept


def _goes_on(first: tuple[int, int], middle: tuple[int, int], end: tuple[int, int]) -> bool:
    """Whether three places stand in order on a level or an upright line."""
    for axis in (0, 1):
        other = 1 - axis
        if first[other] == middle[other] == end[other]:
            return (middle[axis] - first[axis]) * (end[axis] - middle[axis]) >= 0
    return False


def _line(x: int, y: int) -> str:
    if y == 0:
        return f"h{_number(x)}"
    if x == 0:
        return f"v{_number(y)}"
    return f"l{_number(x)}{_joined(y)}"


def _joined(tenths: int) -> str:
    """A number behind another: a minus sign parts them as well as a space."""
    text = _number(tenths)
    return text if text.startswith("-") else f" {text}"


def _number(tenths: int) -> str:
    sign, size = ("-" if tenths < 0 else ""), abs(tenths)
    whole, tenth = divmod(size, 10)
    if not tenth:
        return f"{sign}{whole}"
    return f"{sign}{whole or ''}.{tenth}"
