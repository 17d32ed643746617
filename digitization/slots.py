"""Where a scan belongs, as the code on its cover or separator sheet says it.

A token names an owner and one of its slots, both opaque here, and is signed: a code that anybody could print must not
put a scan among another's papers. A separator sheet carries a token of nobody: what follows is a paper of its own.
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

_MARK, _BAR = "OSSP1", "|"  # the version of what the code holds; sheets lie in archives for years
_SALT = "digitization.slots"
SEPARATOR = f"{_MARK}{_BAR}"


@dataclass(frozen=True)
class Slot:
    owner: str  # reference such as "dossier:<uuid>"
    key: str = ""  # one paper of it; empty: the owner as a whole


def slot_token(slot: Slot) -> str:
    """What the QR code of a sheet holds. ValueError for a reference that the code could not carry."""
    if _BAR in slot.owner + slot.key or not slot.owner:
        raise ValueError(f"not a slot: {slot}")
    said = _BAR.join((_MARK, slot.owner, slot.key))
    return f"{said}{_BAR}{_signature(said, settings.SECRET_KEY)}"


def read_slot_token(text: str) -> Slot | None:
    """The slot that a code names; None for any other code, a separator's, or one that was not printed here."""
    said, _bar, signature = text.strip().rpartition(_BAR)
    parts = said.split(_BAR)
    if len(parts) != 3 or parts[0] != _MARK or not parts[1]:
        return None
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if not any(constant_time_compare(signature, _signature(said, str(key))) for key in keys):
        return None
    return Slot(parts[1], parts[2])


def _signature(said: str, secret: str) -> str:
    return salted_hmac(_SALT, said, secret=secret, algorithm="sha256").hexdigest()[:20]
