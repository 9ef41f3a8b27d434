"""What is packaged is right: it loads, resolves, cites what it has and has what it cites."""

from __future__ import annotations

import jsonschema
import pytest
import yaml

from glasshouse.law import audit, rooms
from glasshouse.law.library import Library
from glasshouse.law.schema import DOCUMENTS, schema
from glasshouse.metrics.registry import cited_sources


def test_everything_packaged_loads_without_a_problem() -> None:
    """Every file of every room is right, and every scenario resolves."""
    library = Library()
    assert library.names("rulebooks")
    assert library.names("scenarios")
    assert library.names("societies")
    for path in sorted(library.root.rglob("*.yaml")):
        if path.parent.name not in {"controls", "designs", "tour"}:  # checked by what runs them
            assert library.check(path) == []
    for scenario in library.names("scenarios"):
        assert library.resolve(scenario).arms


def test_every_packaged_source_is_cited() -> None:
    """No source is listed for show: a document cites it, or the formula of a metric does."""
    assert audit.unused_sources(Library(), cited_sources()) == ()


def test_every_packaged_rulebook_says_how_it_is_established() -> None:
    """The five evidence statuses account for every provision."""
    library = Library()
    for name in library.names("rulebooks"):
        rulebook = library.rulebook(name)
        assert sum(audit.by_evidence(rulebook.provisions).values()) == len(rulebook.provisions)


@pytest.mark.parametrize("kind", sorted(DOCUMENTS))
def test_each_kind_of_document_has_a_schema(kind: str) -> None:
    """Editors get a valid JSON Schema of every kind."""
    jsonschema.Draft202012Validator.check_schema(schema(kind))


def test_the_schema_accepts_what_the_loader_accepts() -> None:
    """A packaged file of assumptions satisfies its schema."""
    path = Library().root / "assumptions" / "detection.yaml"
    value = yaml.safe_load(path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema("detection")).validate(value)


@pytest.mark.parametrize("name", ["decision_delay_days", "deletion_days"])
def test_a_delay_that_is_the_same_for_all_is_called_so(name: str) -> None:
    """What the engine adds as a fixed number of days is not described as a mean."""
    meaning = Library().assumptions().process[name].meaning
    assert "the same for all" in meaning
    assert "Mean" not in meaning


def test_a_scenario_of_a_study_has_a_name_of_its_own() -> None:
    """It is run by its name like any other, so no two scenarios may share one."""
    library = Library()
    beside = rooms.scenarios_of_studies(library.root)
    files = [p for p in library.root.glob("studies/*/*.yaml") if p.name != "study.yaml"]
    assert len(files) == len(beside) > 0
    assert not set(beside) & set(library.names("scenarios"))
    for name in beside:
        assert library.scenario(name).scenario == name
