"""Line 1 of three: nobody in it is real. No way in for a record of a person, no way to name one."""

from __future__ import annotations

import csv
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

IDENTITY_WORDS = frozenset(
    "name names surname face phone telephone mobile passport device mac imei imsi email mail "
    "address plate fingerprint iris voice image photo picture password account wechat alipay "
    "username nickname birthdate birthplace ssn".split()
)
IDENTITY_PHRASES = ("id_number", "id_card", "national_id", "identity", "bank_card", "license_plate")
COUNT_WORDS = frozenset("persons people population male female men women residents".split())
SMALLEST_CELL = 100

SCORING_NAMES = re.compile(r"(^|_)(score|rate|grade|rank|predict|classify|evaluate|profile)($|_)")
HISTORY_PARAMETERS = frozenset(
    "acts act history behaviour behavior conduct record records features person_data life".split()
)

# A title before a capitalised word, or a surname before a Chinese form of address: a modest net.
HONORIFICS = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Judge|Comrade|President|Chairman|Minister|Mayor"
    r"|Defendant|Plaintiff)\.? [A-Z][a-z]+(?! Court)"
    r"|[\u4e00-\u9fff](?:先生|女士|小姐|同志)"
)


# Beside the words above, `device` in an option or a parameter chooses the hardware that computes,
# which is no secret about anybody. A column of that name would still be a person's.
HARDWARE = frozenset({"cpu", "python", "cuda"})


def chooses_hardware(parameter: click.Parameter) -> bool:
    """Say whether an option picks what computes, out of a list that is closed."""
    choice = parameter.type
    return (
        parameter.name == "device"
        and isinstance(choice, click.Choice)
        and set(choice.choices) <= HARDWARE
    )


def holds_identity(column: str) -> bool:
    """Say whether a column of this name could hold an identity."""
    lower = re.sub(r"[^a-z0-9]+", "_", column.casefold())
    words = set(lower.split("_"))
    return bool(words & IDENTITY_WORDS) or any(phrase in lower for phrase in IDENTITY_PHRASES)


def tables(rooms: Path) -> Iterator[tuple[Path, list[str], list[list[str]]]]:
    """Give every table of the data rooms with its header and rows."""
    for path in sorted(rooms.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            rows = [row for row in csv.reader(lines) if row and not row[0].startswith("#")]
        yield path, rows[0], rows[1:]


@pytest.mark.parametrize(
    "column", ["name", "owner_name", "ID number", "phone", "face_template", "device", "device_mac"]
)
def test_the_net_catches_an_identity(column: str) -> None:
    """A column that could hold an identity is recognised by its name."""
    assert holds_identity(column)


def test_the_net_lets_the_choice_of_hardware_through_and_nothing_like_it() -> None:
    """`--device` may choose among what computes; an open `--device` might take somebody's phone."""
    hardware = click.Option(["--device"], type=click.Choice(["cpu", "cuda"]))
    assert chooses_hardware(hardware)
    assert not chooses_hardware(click.Option(["--device"]))
    assert not chooses_hardware(click.Option(["--phone"], type=click.Choice(["cpu"])))


def test_no_column_of_the_state_can_hold_an_identity() -> None:
    """No declared column is named for an identity, and its meaning promises none."""
    from glasshouse.state.columns import REGISTRY

    assert REGISTRY
    for column in REGISTRY:
        assert not holds_identity(column.name), column.name
        words = set(re.findall(r"[a-z_]+", column.meaning.casefold()))
        assert not words & (IDENTITY_WORDS - {"names", "image", "picture", "address"}), column


def test_every_column_of_the_state_is_a_number() -> None:
    """A column holds integers of at most eight bytes: no text, no object, no image."""
    from glasshouse.state.columns import REGISTRY

    for column in REGISTRY:
        assert re.fullmatch(r"[iu][1248]", column.dtype), column


def test_no_table_has_a_column_of_identities(rooms: Path) -> None:
    """The header of a table in a data room names margins, not persons."""
    for path, header, _ in tables(rooms):
        for column in header:
            assert not holds_identity(column), f"{path.name}: {column}"


def test_no_cell_of_a_table_counts_fewer_than_a_hundred_persons(rooms: Path) -> None:
    """A published cell is zero or holds at least a hundred persons."""
    for path, header, rows in tables(rooms):
        counting = [
            place
            for place, column in enumerate(header)
            if set(re.split(r"[^a-z]+", column.casefold())) & COUNT_WORDS
            and not re.search(r"percent|share|rate|mean|per_", column)
        ]
        for row in rows:
            for place in counting:
                count = float(row[place].replace(",", "") or 0)
                assert count == 0 or count >= SMALLEST_CELL, f"{path.name}: {row}"


def test_no_page_addresses_a_person(rooms: Path, kept_files: list[Path], root: Path) -> None:
    """No data-room file and no page puts a form of address before a name."""
    pages = [path for path in kept_files if path.suffix == ".md" and "tests" not in path.parts]
    files = [path for path in rooms.rglob("*") if path.is_file()] if rooms.exists() else []
    for path in [*pages, *files]:
        found = HONORIFICS.search(path.read_text(encoding="utf-8"))
        assert found is None, f"{path.relative_to(root)}: {found}"


def public_callables() -> Iterator[tuple[str, Any]]:
    """Give every public name of the package that can be called, methods included."""
    import glasshouse

    for name in glasshouse.__all__:
        value = getattr(glasshouse, name)
        if inspect.isclass(value):
            for inner, method in inspect.getmembers(value, inspect.isfunction):
                if not inner.startswith("_"):
                    yield f"{name}.{inner}", method
        elif callable(value):
            yield name, value


def test_no_public_function_maps_given_acts_to_a_score() -> None:
    """Nothing public is named for scoring, and nothing public takes acts or a history."""
    for name, value in public_callables():
        assert not SCORING_NAMES.search(name.rpartition(".")[2].casefold()), name
        parameters = set(inspect.signature(value).parameters)
        assert not parameters & HISTORY_PARAMETERS, name
        for parameter in inspect.signature(value).parameters.values():
            closed = set(re.findall(r"'(\w+)'", str(parameter.annotation).replace('"', "'")))
            hardware = parameter.name == "device" and closed and closed <= HARDWARE
            assert hardware or not holds_identity(parameter.name), name


def verbs(command: click.Command, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """Give every verb of the command line with its full name."""
    yield path.strip(), command
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from verbs(inner, f"{path} {name}")


def test_no_verb_takes_a_person_in() -> None:
    """No option or argument of a verb reads persons, and a person is asked for by number only."""
    from glasshouse.cli import main

    for verb, command in verbs(main):
        assert not SCORING_NAMES.search(verb.rpartition(" ")[2].casefold().replace("-", "_")), verb
        for parameter in command.params:
            assert parameter.name is not None
            words = set(parameter.name.split("_"))
            # `name` is the name of a scenario or a rulebook, never of a person.
            known = parameter.name == "name" or chooses_hardware(parameter)
            assert known or not holds_identity(parameter.name), verb
            assert not words & (HISTORY_PARAMETERS - {"act", "life"}), (verb, parameter.name)
            assert not words & {"import", "upload", "population", "microdata"}, (verb, parameter)
            if "person" in words:
                kinds = (click.types.IntParamType, click.IntRange)
                assert isinstance(parameter.type, kinds), verb
