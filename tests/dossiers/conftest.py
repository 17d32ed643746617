"""A small province for the tests of dossiers: real tables, real catalogue, a few people and posts."""

import pytest

from agencies.models import Agency, Territory
from procedures.models import Edition
from tests.factories.cast import Cast, build_cast


@pytest.fixture
def cast(db) -> Cast:
    """The People's Committee of Kinh Bắc ward, its centre, and who works there."""
    ward = Territory.objects.get(name="Phường Kinh Bắc", valid_to=None)
    return build_cast(
        Agency.objects.get(kind=Agency.Kind.COMMUNE_PC, territory=ward, valid_to=None),
        Agency.objects.get(kind=Agency.Kind.COMMUNE_CENTRE, territory=ward, valid_to=None),
    )


@pytest.fixture
def edition(cast) -> Edition:
    """Building permit issued again: settled by the commune within five working days."""
    return Edition.objects.get(procedure__code="1.013228", status="published")
