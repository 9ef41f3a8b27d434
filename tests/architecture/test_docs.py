"""What exists is documented, or the build fails."""

from __future__ import annotations

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import cast

import click
import pytest

WORDS = (
    "person household community county province act type propensity channel detection entry "
    "department retention provision instrument rulebook points score grade list grounds listing "
    "notice term contest performance repair expiry measure metric counter burden caution gaming "
    "silence habit exit arm baseline twin replicate scenario study run archive provenance "
    "assumption evidence reading"
).split()
ODD = (
    "Purpose and patterns",
    "Entities, state variables and scales",
    "Process overview and scheduling",
    "Design concepts",
    "Initialization",
    "Input data",
    "Submodels",
)
ODD_CONCEPTS = (
    "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction",
    "Sensing", "Interaction", "Stochasticity", "Collectives", "Observation",
)  # fmt: skip


@pytest.fixture(scope="module")
def writer(root: Path) -> ModuleType:
    """Give the tool that writes the generated pages."""
    spec = spec_from_file_location("write_docs", root / "tools" / "write_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def page(root: Path, name: str) -> str:
    """Give the text of a page."""
    return (root / "docs" / name).read_text(encoding="utf-8")


def verb_names(writer: ModuleType) -> list[str]:
    """Give the full name of every verb."""
    from glasshouse.cli import main

    return [name for name, _, _ in writer.verbs(cast("click.Command", main), "glasshouse", None)]


def test_every_column_stands_on_its_page(root: Path, writer: ModuleType) -> None:
    """docs/columns.md says of every column what the registry says (`make docs` writes it)."""
    assert page(root, "columns.md") == writer.columns_page()


def test_every_case_stands_on_its_page(root: Path, writer: ModuleType) -> None:
    """docs/cases.md says of every worked case what the room says (`make docs` writes it)."""
    assert page(root, "cases.md") == writer.cases_page()


def test_every_table_stands_on_its_page(root: Path, writer: ModuleType) -> None:
    """docs/tables.md says of every table what the archive explains (`make docs` writes it)."""
    assert page(root, "tables.md") == writer.tables_page()


def test_every_mechanism_stands_on_its_page(root: Path, writer: ModuleType) -> None:
    """docs/mechanisms.md says what the room of mechanisms says (`make docs` writes it)."""
    assert page(root, "mechanisms.md") == writer.mechanisms_page()


def test_every_safeguard_stands_on_its_page(root: Path, writer: ModuleType) -> None:
    """docs/safeguards.md says what the room of safeguards says (`make docs` writes it)."""
    assert page(root, "safeguards.md") == writer.safeguards_page()


def test_every_metric_stands_on_its_page(root: Path, writer: ModuleType) -> None:
    """docs/metrics.md says of every metric what the registry says (`make docs` writes it)."""
    assert page(root, "metrics.md") == writer.metrics_page()


def test_every_verb_stands_on_its_page(root: Path, writer: ModuleType) -> None:
    """docs/cli.md says of every verb and option what the program says (`make docs` writes it)."""
    assert page(root, "cli.md") == writer.cli_page()


def test_every_option_says_what_it_means(writer: ModuleType) -> None:
    """No verb and no option is without a sentence."""
    from glasshouse.cli import main

    for name, command, _ in writer.verbs(main, "glasshouse", None):
        assert command.help, name
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{name}: {parameter.name}"


def test_the_readme_names_every_verb(root: Path, writer: ModuleType) -> None:
    """A reader of the README has seen every verb once."""
    readme = (root / "README.md").read_text(encoding="utf-8")
    for name in verb_names(writer):
        assert name in readme, name


def test_the_first_screen_says_the_three_lines(root: Path) -> None:
    """Within its first forty lines the README says what it never does, how to try and to test."""
    lines = (root / "README.md").read_text(encoding="utf-8").splitlines()[:40]
    screen = "\n".join(lines)
    for words in ("Nobody in it is real", "It watches nothing", "It tunes no control"):
        assert words in screen
    assert "make demo" in screen
    assert "make test" in screen


def test_the_glossary_has_the_words_of_the_house(root: Path) -> None:
    """Every word of the house is explained."""
    explained = " ".join(re.findall(r"\*\*(.+?)\*\*", page(root, "glossary.md"))).casefold()
    for word in WORDS:
        assert re.search(rf"\b{word}\b", explained), word


def test_the_odd_page_follows_the_protocol(root: Path) -> None:
    """The seven elements stand in the order of the protocol, with the eleven concepts."""
    text = page(root, "odd.md")
    places = [text.index(f"\n## {number}. {title}") for number, title in enumerate(ODD, start=1)]
    assert places == sorted(places)
    for concept in ODD_CONCEPTS:
        assert f"**{concept}.**" in text, concept


def test_every_page_is_reached_from_the_index(root: Path) -> None:
    """No page of docs/ is an orphan, and no link of a page leads nowhere."""
    index = page(root, "index.md")
    for path in sorted((root / "docs").rglob("*.md")):
        name = path.relative_to(root / "docs").as_posix()
        assert name == "index.md" or f"({name})" in index, name
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{name}: {target}"


def test_every_rulebook_stands_on_its_page(root: Path, rooms: Path, writer: ModuleType) -> None:
    """docs/rulebooks.md says of every rulebook what its files say (`make docs` writes it)."""
    text = page(root, "rulebooks.md")
    assert text == writer.rulebooks_page()
    for folder in sorted((rooms / "rulebooks").iterdir()):
        assert f"`{folder.name}`" in text, folder.name


def said(text: str) -> list[list[str]]:
    """Give the commands that a page tells its reader to type."""
    fenced = re.findall(r"```shell\n(.*?)```", text, re.DOTALL)
    lines = [line for block in fenced for line in block.splitlines()]
    lines += re.findall(r"`(glasshouse [^`]+)`", text)
    return [line.split() for line in lines if line.startswith("glasshouse ")]


def test_what_a_reader_is_told_to_type_exists(root: Path) -> None:
    """Every command on a page is one that the program understands, options and all."""
    from glasshouse.cli import main

    pages = [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").rglob("*.md"))]
    found = [(path.name, words) for path in pages for words in said(path.read_text("utf-8"))]
    assert len(found) > 20
    for name, line in found:
        command: click.Command = main
        left = line[1:]
        while isinstance(command, click.Group) and left and not left[0].startswith("-"):
            inner = command.get_command(click.Context(command), left.pop(0))
            assert inner is not None, f"{name}: {line}"
            command = inner
        if command is not main and any(word.startswith("-") for word in left):
            command.make_context(command.name, left)
