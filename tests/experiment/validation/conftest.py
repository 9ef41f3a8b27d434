"""What the tests of the validation share: one workshop, so that the engine is bound once."""

from __future__ import annotations

import pytest

from glasshouse.experiment.validation.runner import Workshop


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """The workshop, compiled."""
    return Workshop(tmp_path_factory.mktemp("worlds"))
