"""A small province with connected systems that call the API over HTTP."""

import pytest

from tests.dossiers.conftest import cast, edition  # noqa: F401
from tests.factories.systems import Caller, connected_system


@pytest.fixture
def anybody(db) -> Caller:
    return Caller({"Accept-Language": "vi"})


@pytest.fixture
def counter_system(cast) -> Caller:  # noqa: F811
    return connected_system("counter software", post=cast.counter.post)


@pytest.fixture
def filing_system(cast) -> Caller:  # noqa: F811
    """A system that files for people and has no staff post."""
    return connected_system("national portal", scopes=("dossiers:file",))
