"""Whatever stands in a rulebook or a scenario: a result or problems, never a traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.law.conftest import FILES

from glasshouse.errors import BadInput
from glasshouse.law.library import Library

if TYPE_CHECKING:
    from tests.law.conftest import Rooms

PIECES = """
null|~|true|NO|-1|0|1.5|1e308|.nan|.inf|2014-01-01|2014-02-30|0000-00-00|9999-12|99999999999999999999
|[]|{}|[[]]|{a: {}}|[1, 2]|''|text|"\\u0000"|&a 1|*a|!!int 1|<<|? x|- |: |, |#|'|"|{|}|[|]|%|@|`
|\t|\n|\n\n  |rule|points|list|scale|grounds|range|slope|term|until|cite|provisions|é|中|\x00|\ud7ff
|{until: grade_recovers}|{days: 1}|[late_bill]|[late_bill, late_bill]|{trait: honesty}|none
""".strip("\n").split("|")

SPOILT = (
    "rulebooks/civic/rules.yaml",
    "rulebooks/civic/rulebook.yaml",
    "scenarios/try.yaml",
    "assumptions/acts.yaml",
    "societies/tiny/society.yaml",
    "societies/tiny/provinces.csv",
)


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[str, str]:
    """A file of the rooms with some spans of its text replaced by odd pieces."""
    file = draw(st.sampled_from(SPOILT))
    text = FILES[file]
    for _ in range(draw(st.integers(1, 4))):
        begin = draw(st.integers(0, len(text)))
        end = min(len(text), begin + draw(st.integers(0, 12)))
        piece = draw(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)))
        text = text[:begin] + piece + text[end:]
    return file, text


@st.composite
def swapped(draw: st.DrawFn) -> tuple[str, str]:
    """A file of the rooms with one value in flow style replaced by a well-formed other."""
    file = draw(st.sampled_from(SPOILT[:5]))
    words = FILES[file].split(": ")
    index = draw(st.integers(1, len(words) - 1))
    rest = words[index].lstrip("[{'0123456789_abcdefghijklmnopqrstuvwxyz.-")
    words[index] = draw(st.sampled_from(PIECES[:28])) + rest
    return file, ": ".join(words)


def outcome(rooms: Rooms, file: str, content: bytes) -> None:
    """Write the file, resolve and check everything, and put the file back."""
    path = rooms.root / file
    path.write_bytes(content)
    told = ["it is right"]
    try:
        library = Library(rooms.root)
        library.check(path)
        library.resolve("try")
    except BadInput as error:
        told = [str(problem) for problem in error.problems]
    finally:
        path.write_text(FILES[file], encoding="utf-8")
    assert all(told)
    assert told


FUZZ = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@FUZZ
@given(st.one_of(spoilt(), swapped()))
def test_spoilt_documents_end_in_problems(rooms: Rooms, case: tuple[str, str]) -> None:
    """Valid text with a few mutations never ends in anything but BadInput."""
    outcome(rooms, case[0], case[1].encode("utf-8", "surrogatepass"))


@FUZZ
@given(st.sampled_from(SPOILT), st.one_of(st.text(max_size=200), st.just("a: " * 50)))
def test_random_text_ends_in_problems(rooms: Rooms, file: str, text: str) -> None:
    """Random text never ends in anything but BadInput."""
    outcome(rooms, file, text.encode("utf-8", "surrogatepass"))


_SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=6))
_KEYS = st.sampled_from("provisions id rule from cite acts points grounds term rulebook".split())


@FUZZ
@given(
    st.sampled_from(SPOILT[:5]),
    st.dictionaries(
        _KEYS,
        st.recursive(
            _SCALARS,
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
            max_leaves=12,
        ),
        max_size=5,
    ),
)
def test_any_shape_ends_in_problems(rooms: Rooms, file: str, value: dict[str, object]) -> None:
    """Well-formed text of any other shape never ends in anything but BadInput."""
    outcome(rooms, file, repr(value).replace("None", "null").encode("utf-8", "surrogatepass"))
