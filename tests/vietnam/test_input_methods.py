"""Codes that an input method changed while they were typed."""

import pytest

from vietnam.input_methods import keys_meant


@pytest.mark.parametrize(
    ("read", "typed"),
    [
        ("KE-Á-03", ["KE-A1-03", "KE-AS-03"]),
        ("ư", ["U7", "UW"]),
        ("Đ2", ["D92", "DD2"]),
        ("TÁB", ["TA1B", "TAB1", "TASB", "TABS"]),
        ("Ấ", ["A61", "A16", "AAS", "ASA"]),
    ],
)
def test_the_keys_behind_a_mark_are_known_by_both_methods(read, typed):
    assert keys_meant(read) == typed


@pytest.mark.parametrize("text", ["KE-A1-03", "", "hồ sơ để trên kệ", "Ê" * 4000, "Ñ", "ß", "\u0301"])
def test_what_no_method_changed_is_left_alone(text):
    assert all(len(way) < 10 for way in keys_meant(text))
