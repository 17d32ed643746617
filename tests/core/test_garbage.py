"""Work during which nothing is collected."""

import gc
import weakref

import pytest

from core.garbage import paused_collection


class Knot:
    """Refers to itself, so only the collector ends it."""

    def __init__(self) -> None:
        self.end = self


@pytest.fixture(autouse=True)
def _eager():
    """The collector looks at every new object."""
    usual = gc.get_threshold()
    gc.set_threshold(1)
    yield
    gc.set_threshold(*usual)


def test_nothing_is_collected_inside_and_all_of_it_afterwards():
    with paused_collection():
        knot = weakref.ref(Knot())
        kept = [[] for _n in range(1_000)]
        assert knot() is not None
    assert gc.isenabled()
    gc.collect()
    assert knot() is None
    assert kept


def test_who_has_no_collector_gets_none():
    gc.disable()
    try:
        with paused_collection():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
