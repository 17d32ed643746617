"""National registers as a server of the test's own."""

import pytest

from simulators.registries.__main__ import Register
from simulators.registries.book import Book
from tests.factories.servers import serving


@pytest.fixture
def register(settings, db):
    book = Book("khoa")
    with serving(Register, book=book) as url:
        settings.POPULATION_URL = settings.ENTERPRISE_URL = settings.LAND_URL = url
        settings.POPULATION_KEY = settings.ENTERPRISE_KEY = settings.LAND_KEY = "khoa"
        yield book
