"""The codes on cover and separator sheets."""

import pytest

from digitization import slots
from digitization.slots import Slot

FOLDER = Slot("dossier:0b3f9c1e-6f1e-4a57-9a0c-0d6f1a2b3c4d")


@pytest.mark.parametrize("slot", [FOLDER, Slot(FOLDER.owner, "17")])
def test_what_is_printed_is_what_is_read(slot):
    assert slots.read_slot_token(slots.slot_token(slot)) == slot
    assert slots.read_slot_token(f" {slots.slot_token(slot)}\r\n") == slot


def test_a_code_that_was_not_printed_here_names_nothing():
    said = slots.slot_token(FOLDER)
    for text in (
        "",
        "https://example.vn",
        "H05.013-261123-0001",
        slots.SEPARATOR,
        said[:-1],
        said.replace("4d|", "4e|"),
    ):
        assert slots.read_slot_token(text) is None, text


def test_sheets_printed_before_a_change_of_key_are_still_read(settings):
    printed = slots.slot_token(FOLDER)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-of-some-length-0123456789"
    assert slots.read_slot_token(printed) == FOLDER
    settings.SECRET_KEY_FALLBACKS = []
    assert slots.read_slot_token(printed) is None


def test_a_reference_that_the_code_could_not_carry_is_refused():
    with pytest.raises(ValueError, match="not a slot"):
        slots.slot_token(Slot("dossier:1|2"))
    with pytest.raises(ValueError, match="not a slot"):
        slots.slot_token(Slot(""))
