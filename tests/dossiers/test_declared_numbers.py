"""A number that the declaration says goes into the fee, and is asked for once."""

import pytest
from django.test import Client

from dossiers.fees import amounts
from dossiers.filing import completeness, declaration, drafts
from dossiers.models import Dossier
from exchange.validation import Unacceptable, validated_filing
from procedures.models import Edition
from tests.factories.dossiers import complete_draft
from tests.factories.moments import at

pytestmark = pytest.mark.django_db
MORNING = at("2026-11-23 09:00")


def answers(copies: int) -> dict:
    person = {"name": "Nguyễn Thị Ánh", "birth_date": "1990-03-02"}
    return {
        "event": "birth",
        "subject": person,
        "registered_at": "Xã Trí Quả",
        "copies": copies,
        "true_statement": True,
    }


def filed(cast, code: str, values: dict, key: str = "counted") -> Dossier:
    edition = Edition.objects.get(procedure__code=code, status="published")
    draft = drafts.start_draft(edition, cast.person, key=key, at=MORNING)
    complete_draft(draft, cast)
    form = declaration.form_in_force(draft)
    drafts.save_declaration(draft, form, values, on=MORNING.date())
    return Dossier.objects.get(pk=draft.pk)


@pytest.mark.parametrize(("code", "copies", "amount"), [("2.000635", 3, 24_000), ("1.001193", 2, 16_000)])
def test_copies_of_the_declaration_are_charged_and_not_asked_for_again(cast, code, copies, amount):
    draft = filed(cast, code, {**answers(copies), "copies_wanted": True})
    assert "fee" not in completeness.draft_sections(draft)
    assert "fee" not in {gap.section for gap in completeness.missing_parts(draft)}
    assert amounts.computed_fee(draft, at=MORNING).total == amount


def test_the_check_page_names_the_amount_of_the_declared_copies(cast):
    draft = filed(cast, "2.000635", answers(3))
    client = Client()
    client.force_login(cast.person.account, backend="accounts.backends.AccountBackend")
    assert "24.000" in client.get(f"/my/dossiers/{draft.uid}/file/check/").content.decode()


def test_no_copies_wanted_cost_nothing(cast):
    draft = filed(cast, "1.001193", {"copies_wanted": False})
    assert amounts.computed_fee(draft, at=MORNING).total == 0


def test_a_number_said_at_the_counter_stands_whatever_the_form_says_later(cast):
    draft = filed(cast, "2.000635", answers(3))
    draft.fee_facts = {"quantities": {"copy": 1}}
    assert amounts.computed_fee(draft, at=MORNING).total == 8_000


def test_a_draft_that_was_told_a_number_before_the_form_counted_goes_by_the_form(cast):
    draft = filed(cast, "2.000635", answers(3))
    draft.fee_facts = {"quantities": {"copy": 1}, "value": None, "exemptions": {}}
    draft.save()
    assert not [gap for gap in completeness.missing_parts(draft) if gap.section == "fee"]


@pytest.mark.parametrize(("quantities", "refused"), [({}, False), ({"copy": 3}, False), ({"copy": 1}, True)])
def test_another_system_says_the_number_once(cast, quantities, refused):
    edition = Edition.objects.get(procedure__code="2.000635", status="published")
    facts = {"case": "", "content": "", "answers": answers(3), "fee_facts": {"quantities": quantities}}
    if refused:
        with pytest.raises(Unacceptable) as refusal:
            validated_filing(edition, "online", facts, at=MORNING)
        assert [field for field, _sentence in refusal.value.mistakes] == ["fee_facts.quantities.copy"]
    else:
        assert validated_filing(edition, "online", facts, at=MORNING).fee_facts["quantities"] == {}
