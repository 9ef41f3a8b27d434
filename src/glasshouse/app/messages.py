"""The messages that a scene is made of: what a page is told of a run, as bytes.

A scene is a stream of messages: a byte for the kind, four for the length, the payload. Numbers are
little-endian; columns stand one after another without gaps. ``static/scene.js`` reads the same.
"""

from __future__ import annotations

import json
import math
import struct
from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

FORMAT = 1
"""The version of the format; a page refuses another one."""

_HEAD = struct.Struct("<BI")
_STEP = struct.Struct("<HI")

MOST_BYTES = 2**32 - 1
"""The longest payload that a message can say."""


class Kind(IntEnum):
    """What a message holds."""

    HEADER = 1
    PEOPLE = 2
    STEP = 3
    COUNTS = 4
    FINISH = 5
    STATE = 6
    FAILURE = 7
    PACKED = 8


class People(NamedTuple):
    """The rows that are shown, in the order of their address; columns of equal length."""

    age_years: NDArray[np.uint8]
    """At the start; NO_AGE for a body."""
    flags: NDArray[np.uint8]
    """1 female, 2 urban; 4 times 0 person, 1 enterprise, 2 court, 3 government."""
    household_size: NDArray[np.uint8]
    community: NDArray[np.uint16]
    """Index into the header's communities."""
    number: NDArray[np.uint16]
    """The place in the community."""


class Events(NamedTuple):
    """What happened in a step, by row, then arm, then as written; columns of equal length."""

    row: NDArray[np.uint32]
    """Index among the rows that are shown."""
    arm: NDArray[np.uint8]
    day: NDArray[np.uint8]
    """Counted from the first day of the step."""
    what: NDArray[np.uint8]
    """A code of the engine's journal; the header has the words."""
    first: NDArray[np.uint16]
    second: NDArray[np.int32]


NO_AGE = 255
PEOPLE_TYPES = ("u1", "u1", "u1", "<u2", "<u2")
EVENT_TYPES = ("<u4", "u1", "u1", "u1", "<u2", "<i4")


class Message(NamedTuple):
    """One message, read again."""

    kind: Kind
    said: Any
    """A document, People, (step, Events), or bytes of what is packed."""


def message(kind: Kind, payload: bytes) -> bytes:
    """Give a message of some kind."""
    if len(payload) > MOST_BYTES:
        raise ValueError(f"a message holds at most {MOST_BYTES} bytes, and this one {len(payload)}")
    return _HEAD.pack(kind, len(payload)) + payload


def document(kind: Kind, said: Mapping[str, Any]) -> bytes:
    """Give a message that holds a JSON document; what is not known, or has no end, is null."""
    text = json.dumps(
        _told(said), ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=False
    )
    return message(kind, text.encode())


def people_message(people: People) -> bytes:
    """Give the message of the people shown."""
    return message(Kind.PEOPLE, _columns(people, PEOPLE_TYPES))


def step_message(step: int, events: Events) -> bytes:
    """Give the message of one step's events."""
    head = _STEP.pack(step, len(events.row))
    return message(Kind.STEP, head + _columns(events, EVENT_TYPES))


def read(stream: bytes) -> Iterator[Message]:
    """Give the messages of a stream; a stream that ends inside one is refused."""
    at = 0
    while at < len(stream):
        if at + _HEAD.size > len(stream):
            raise ValueError("the stream ends inside a message")
        kind, length = _HEAD.unpack_from(stream, at)
        at += _HEAD.size
        payload = stream[at : at + length]
        if len(payload) < length:
            raise ValueError("the stream ends inside a message")
        at += length
        yield Message(Kind(kind), _read_payload(Kind(kind), payload))


def _read_payload(kind: Kind, payload: bytes) -> Any:
    if kind is Kind.PEOPLE:
        rows = len(payload) // sum(np.dtype(kind).itemsize for kind in PEOPLE_TYPES)
        return People(*_taken(payload, rows, PEOPLE_TYPES))
    if kind is Kind.STEP:
        step, rows = _STEP.unpack_from(payload)
        return step, Events(*_taken(payload[_STEP.size :], rows, EVENT_TYPES))
    if kind is Kind.PACKED:
        return payload
    return json.loads(payload)


def _columns(columns: tuple[NDArray[Any], ...], types: tuple[str, ...]) -> bytes:
    pieces = []
    for column, kind in zip(columns, types, strict=True):
        info = np.iinfo(kind)
        if len(column) and not (info.min <= column.min() and column.max() <= info.max):
            raise ValueError(f"{column.min()} to {column.max()} does not fit {kind}")
        pieces.append(np.ascontiguousarray(column, kind).tobytes())
    return b"".join(pieces)


def _taken(payload: bytes, rows: int, types: tuple[str, ...]) -> Iterator[NDArray[Any]]:
    at = 0
    for kind in types:
        column = np.frombuffer(payload, kind, rows, at)
        at += column.nbytes
        yield column
    if at != len(payload):
        raise ValueError(f"{len(payload) - at} bytes more than {rows} rows have")


def _told(value: Any) -> Any:
    """Give what JSON has; neither nan nor infinity is a number there."""
    if isinstance(value, dict):
        return {str(key): _told(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_told(one) for one in value]
    if isinstance(value, np.generic):
        return _told(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
