"""run.json says where a run comes from, and a schema says what run.json is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsonschema

from glasshouse.archive.digest import digest_of
from glasshouse.archive.provenance import Provenance, provenance_schema
from glasshouse.archive.store import hash_of
from glasshouse.law.library import Library

if TYPE_CHECKING:
    from glasshouse.archive.reading import Archive


def test_run_json_keeps_to_its_schema(kept_run: Archive) -> None:
    """The published JSON Schema accepts what is written, and refuses what is not."""
    said = json.loads((kept_run.path / "run.json").read_text(encoding="utf-8"))
    jsonschema.validate(said, provenance_schema())
    said["unknown"] = 1
    assert list(jsonschema.Draft202012Validator(provenance_schema()).iter_errors(said))


def test_run_json_reads_back_as_it_was(kept_run: Archive) -> None:
    """Writing and reading lose nothing."""
    text = (kept_run.path / "run.json").read_text(encoding="utf-8")
    assert Provenance.model_validate_json(text) == kept_run.provenance


def test_every_part_has_its_hash(kept_run: Archive) -> None:
    """All files but run.json stand in it with their length and SHA-256."""
    files = {
        path.relative_to(kept_run.path).as_posix(): hash_of(path)
        for path in kept_run.path.rglob("*")
        if path.is_file() and path.name != "run.json"
    }
    assert files == kept_run.provenance.parts


def test_the_copies_of_the_data_give_the_same_experiment(kept_run: Archive) -> None:
    """The directory needs no other files: scenario, sets and data resolve alike."""
    said = kept_run.provenance
    first = Library().resolve("pellucid", said.sets)
    again = kept_run.experiment()
    assert (again.scenario, again.society, again.arms) == (
        first.scenario,
        first.society,
        first.arms,
    )
    assert again.files == first.files


def test_run_json_holds_the_values_of_the_run(kept_run: Archive) -> None:
    """Settings as finally set, every assumption of the first arm, what differs in the others."""
    said = kept_run.provenance
    assert (said.scenario.people, said.scenario.community_size) == (150, 64)
    assert said.sets["people"] == "150"
    assert said.values["response.aware"] != 0.9
    assert said.arms[1].values == {"response.aware": 0.9}
    assert said.values.keys() == kept_run.experiment().arms[0].assumptions.quantities().keys()


def test_run_json_says_what_law_was_switched_on(kept_run: Archive) -> None:
    """Arms with their rulebooks and families, and provisions by evidence status."""
    nothing, scored = kept_run.provenance.arms
    assert (nothing.is_baseline, scored.is_baseline) == (True, False)
    assert {use.family for use in scored.rulebooks} == {"fictional"}
    assert sum(nothing.evidence.values()) == 0
    assert scored.evidence["fiction"] > 0
    assert kept_run.provenance.cites


def test_the_machine_stays_out_of_the_digest(kept_run: Archive) -> None:
    """The digest can be had from the hashes of columns and counts alone."""
    said = kept_run.provenance
    assert said.digest == digest_of(said.digest_by_column)
    assert said.machine.peak_memory_bytes > 0
    assert said.machine.numba
