import pytest

from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier
from tests.factories.dossiers import complete_draft
from tests.factories.moments import at

MORNING = at("2025-11-24 09:00")  # pages act now, so what came before lies in the past


@pytest.fixture
def asked(cast, draft) -> Dossier:
    """Accepted, and then a paper was found lacking."""
    execute_transition(complete_draft(draft, cast), "send", cast.citizen, at=MORNING)
    execute_transition(draft, "accept", cast.counter, lacking_ground="at_return", at=MORNING)
    execute_transition(draft, "take", cast.officer, at=MORNING)
    facts = {"items": [{"name": "Giấy khai sinh"}], "reason": "Thiếu giấy tờ"}
    execute_transition(draft, "ask_supplement", cast.officer, at=MORNING, **facts)
    return draft
