"""The catalogue, and the two people who change it."""

import pytest


@pytest.fixture
def catalogue(db):
    """The carried catalogue, as every test database holds it."""
