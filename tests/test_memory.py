"""A test that runs away fails; it takes neither its worker nor the machine along."""

import resource

import pytest


def test_more_memory_than_any_test_needs_is_refused():
    most, _hard = resource.getrlimit(resource.RLIMIT_DATA)
    assert 2**30 < most < 2**34
    with pytest.raises(MemoryError):
        bytearray(most)  # asked for and never written to: it costs nothing where it is granted
