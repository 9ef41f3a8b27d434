"""The strict YAML reader: plain values with places, or all problems."""

from __future__ import annotations

import datetime as dt
import math
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasshouse.errors import BadInput
from glasshouse.law.load import MAX_BYTES, parse, read_document

if TYPE_CHECKING:
    from pathlib import Path


def refusal(text: str | bytes) -> str:
    """The message with which a text is refused."""
    with pytest.raises(BadInput) as caught:
        parse(text if isinstance(text, bytes) else text.encode(), "f.yaml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("1_000", 1000),
        ("1_00", "1_00"),
        ("0o17", 15),
        ("0x1f", 31),
        ("017", 17),
        ("-20", -20),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("1:30", "1:30"),
        ("'12'", "12"),
        ("2014-06-14", dt.date(2014, 6, 14)),
        ("2014-06", "2014-06"),
        (".inf", math.inf),
    ],
)
def test_plain_scalars_follow_yaml_1_2(text: str, value: object) -> None:
    """Only true and false are booleans, NO is text, days are dates, months are text."""
    loaded = parse(f"a: {text}".encode(), "f").value["a"]
    assert loaded == value
    assert type(loaded) is type(value)


def test_every_value_and_key_has_its_place() -> None:
    """A path leads to the line and column of its value, or of its key."""
    document = parse(b"a:\n  - b: 1\n    c: two\n", "f")
    assert document.value == {"a": ({"b": 1, "c": "two"},)}
    assert document.place(("a", 0, "c")) == (3, 8)
    assert document.place(("a", 0, "c"), key=True) == (3, 5)
    assert document.place(("a", 0, "missing")) == (2, 5)


def test_keys_are_always_text() -> None:
    """A key that looks like a number or a boolean stays what was typed."""
    assert parse(b"{NO: 1, 2020: 2, true: 3}", "f").value == {"NO": 1, "2020": 2, "true": 3}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", "f.yaml:3:1: duplicate key `a` (first in line 1)"),
        ("a: &x 1\n", "f.yaml:1:4: a: anchors (`&name`) are not allowed (write the value out)"),
        ("a: *x\n", "aliases (`*name`) are not allowed"),
        ("<<: {a: 1}\n", "merge keys (`<<`) are not allowed"),
        ("a: !!python/object:os.system x\n", "tags (`!name`) are not allowed"),
        ("%YAML 1.1\n---\na: 1\n", "YAML directives are not allowed"),
        ("a: 1\n---\nb: 1\n", "a second document"),
        ("? [a]\n: 1\n", "a key must be a word"),
        ("a: [1\n", "f.yaml:2:1: is not YAML"),
        ("a: 2014-02-30\n", "2014-02-30 is not a day of the calendar"),
        ("a: " + "9" * 5000, "is too long"),
        ("[" * 30, "is nested deeper than 20 levels"),
        ("", "is empty"),
        ("# nothing\n", "is empty"),
        ("a: \x07\n", "is not YAML"),
    ],
)
def test_what_is_refused_is_named_with_its_place(text: str, message: str) -> None:
    """Duplicate keys, anchors, tags, broken syntax: a message with the place each."""
    assert message in refusal(text)


def test_all_duplicates_of_a_file_are_told_at_once() -> None:
    """Reading goes on after a problem that leaves the rest readable."""
    assert refusal("a: 1\na: 2\nb: {c: 1, c: 2}\n").count("duplicate key") == 2


def test_other_encodings_are_refused_with_the_line() -> None:
    """Text must be UTF-8."""
    assert "f.yaml:2:4: is not UTF-8" in refusal(b"a: 1\nb: \xff\n")


def test_bombs_are_refused_quickly(tmp_path: Path) -> None:
    """Nested aliases, deep nesting and many megabytes end at once and not in memory."""
    bomb = "a: &a [x,x,x,x]\n" + "".join(
        f"{c}: &{c} [*{p},*{p},*{p},*{p}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    )
    large = tmp_path / "large.yaml"
    large.write_bytes(b"a: 1\n" * (20 * MAX_BYTES // 5))
    begin = time.perf_counter()
    assert "anchors" in refusal(bomb)
    assert "nested" in refusal("{a: " * 200_000)
    assert "nested" in refusal("- " * 200_000)
    with pytest.raises(BadInput, match="is over 1 MiB"):
        read_document(large)
    assert time.perf_counter() - begin < 5.0


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """A folder and a missing file are told apart; neither is a traceback."""
    with pytest.raises(BadInput, match="is not a file"):
        read_document(tmp_path)
    with pytest.raises(BadInput, match="does not exist"):
        read_document(tmp_path / "missing.yaml")


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda t: t.encode("utf-8"))))
def test_no_bytes_end_in_a_traceback(content: bytes) -> None:
    """Whatever the bytes: values, or BadInput with at least one problem."""
    told = ["it is right"]
    try:
        parse(content, "f")
    except BadInput as error:
        told = [str(problem) for problem in error.problems]
    assert all(told)
    assert told
