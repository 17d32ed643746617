"""A small province with connected systems that call the API over HTTP."""

import pytest

from tests.factories.systems import Caller, connected_system


@pytest.fixture
def anybody(db) -> Caller:
    return Caller({"Accept-Language": "vi"})


@pytest.fixture
def counter_system(cast) -> Caller:
    return connected_system("counter software", post=cast.counter.post)


@pytest.fixture
def filing_system(cast) -> Caller:
    """A system that files for people and has no staff post."""
    return connected_system("national portal", scopes=("dossiers:file",))
