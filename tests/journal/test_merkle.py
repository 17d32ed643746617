"""Trees as in RFC 6962, against its own recursive definition."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.merkle import leaf_hash, node_hash, path_of, root_by_path, root_of


def by_the_rfc(leaves):
    """RFC 6962, 2.1: split at the largest power of two below the number of leaves."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(by_the_rfc(leaves[:split]), by_the_rfc(leaves[split:]))


def leaves(count):
    return [leaf_hash(str(number).encode()) for number in range(count)]


@pytest.mark.parametrize("count", range(34))
def test_the_root_is_that_of_the_rfc(count):
    assert root_of(leaves(count)) == by_the_rfc(leaves(count))


@given(st.integers(1, 70), st.data())
def test_every_path_leads_to_the_root_and_to_no_other(count, data):
    index = data.draw(st.integers(0, count - 1))
    every = leaves(count)
    path = path_of(every, index)
    assert root_by_path(every[index], index, count, path) == root_of(every)
    assert root_by_path(leaf_hash(b"another"), index, count, path) != root_of(every)
    other = data.draw(st.integers(0, count - 1))
    if other != index:
        assert root_by_path(every[index], other, count, path) != root_of(every)
    assert root_by_path(every[index], index, count, [*path, every[0]]) is None
    if path:
        assert root_by_path(every[index], index, count, path[:-1]) is None


@pytest.mark.parametrize(("index", "count"), [(-1, 3), (3, 3), (0, 0)])
def test_a_place_that_is_none(index, count):
    assert root_by_path(leaves(1)[0], index, count, []) is None
    with pytest.raises(IndexError):
        path_of(leaves(count), index)
