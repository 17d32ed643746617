"""A trial run of a mapping: what would be given of a dossier, what an answer would mean. Nothing is sent or kept."""

import json
from typing import Any

from django.utils.translation import gettext as _

from core.refusals import Refused
from dossiers.models import Dossier
from exchange.connectors.specialised.mapping import heard_from, pushed_item, read_rules

# Whoever keeps a mapping sees where each value goes, not whose it is.
_HIDDEN = ("owner_name", "owner_number", "phone", "email", "address", "content")


def try_mapping(mapping: str, dossier: Dossier | None, answer: str) -> dict[str, Any]:
    """`item` without personal data, and `heard` (None without an answer). Raises Refused."""
    rules = read_rules(mapping)
    item = pushed_item(dossier, rules) if dossier is not None else {}
    for theirs, ours in rules.dossier.items():
        if item.get(theirs) and ours in _HIDDEN:
            item[theirs] = f"<{ours}>"
    heard = None
    if answer:
        try:
            said = json.loads(answer)
        except ValueError:
            said = None
        if not isinstance(said, dict):
            raise Refused("bad_answer", _("Câu trả lời mẫu không phải một đối tượng JSON."))
        heard = heard_from(said, rules)
    return {"item": item, "heard": heard}
