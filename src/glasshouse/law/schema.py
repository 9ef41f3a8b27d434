"""JSON Schemas of every kind of document, for editors that complete and check while one types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, RootModel

from glasshouse.law.case import CasesFile
from glasshouse.law.citation import Source
from glasshouse.law.mechanism import MechanismsFile
from glasshouse.law.read_assumptions import FILES
from glasshouse.law.rulebook import ProvisionFile, RulebookHeader
from glasshouse.law.safeguard import Safeguard
from glasshouse.law.scenario import Scenario
from glasshouse.law.second_coding import FindingsFile
from glasshouse.law.society import SocietyHeader

if TYPE_CHECKING:
    from collections.abc import Mapping


class SourcesFile(RootModel[dict[str, Source]]):
    """A file of sources: key -> source."""


DOCUMENTS: Mapping[str, type[BaseModel]] = {
    **FILES,
    "findings": FindingsFile,
    "cases": CasesFile,
    "mechanisms": MechanismsFile,
    "provisions": ProvisionFile,
    "rulebook": RulebookHeader,
    "safeguard": Safeguard,
    "scenario": Scenario,
    "society": SocietyHeader,
    "sources": SourcesFile,
}


def schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of one kind of document; the kinds are the keys of ``DOCUMENTS``."""
    described = DOCUMENTS[kind].model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **described}
