"""What a record reference names: it exists, is protected while something belongs to it, and takes its own with it."""

import io
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from core import references
from core.references import WhenDeleted
from core.refusals import Refused
from digitization import uploads
from digitization.models import StoredFile
from dossiers.filing import discarding, drafts
from dossiers.models import Dossier
from journal import audit_log
from papers.models import Paper
from payments import charges
from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.scans import PDF

NINE = at("2026-11-02 09:00")
GONE = "dossier:00000000-0000-4000-8000-000000000000"


def store(owner, by):
    return uploads.store_file(ContentFile(PDF, "a.pdf"), "a.pdf", owner, by)


def found() -> str:
    out = io.StringIO()
    try:
        call_command("check_references", stdout=out)
    except CommandError:
        assert "e.g." in out.getvalue()
    return out.getvalue()


@pytest.mark.django_db
def test_every_reference_that_a_dossiers_life_leaves_names_a_record(cast, edition, media):
    dossier = received(cast, edition, NINE, limit_days="5")
    store(dossier.reference, cast.officer)
    assert Paper.objects.filter(owner=dossier.reference).exists()
    assert found() == "Every record reference names a record.\n"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "owner", [GONE, "dossier:no-uuid", "answer:99999999999999999999", "elsewhere:1", "no reference"]
)
def test_files_of_nothing_are_found(cast, media, owner):
    store(owner, cast.officer)
    assert f"digitization.StoredFile.owner: {owner.partition(':')[0]}:…" in found()


@pytest.mark.django_db
def test_history_may_speak_of_what_is_gone_but_only_by_a_known_word():
    audit_log.record_entry("x", GONE, by="test")
    assert found() == "Every record reference names a record.\n"
    audit_log.record_entry("x", "elsewhere:1", by="test")
    assert "journal.Entry.subject: elsewhere:… has a prefix that no app registers" in found()


@pytest.mark.django_db
def test_a_draft_takes_its_files_with_it(cast, edition, media):
    draft = drafts.start_draft(edition, cast.person, key="k", at=NINE)
    file = store(draft.reference, cast.citizen)
    discarding.discard_draft(draft, at=NINE)
    assert discarding.delete_discarded(NINE) == 0, "it may be taken back still"
    assert discarding.delete_discarded(NINE + timedelta(days=1)) == 1
    assert not Dossier.objects.filter(pk=draft.pk).exists()
    assert StoredFile.objects.get(pk=file.pk).removed_at is not None
    assert found() == "Every record reference names a record.\n"


@pytest.mark.django_db
def test_a_record_with_a_charge_is_not_released(cast, edition):
    draft = drafts.start_draft(edition, cast.person, key="k", at=NINE)
    charges.raise_charge(
        owner=draft.reference, title="Lệ phí", payer_name="A", agency_code="1", agency_name="B",
        lines=[{"name": "Lệ phí", "amount": 1000}], by="test", at=NINE,
    )  # fmt: skip
    discarding.discard_draft(draft, at=NINE)
    with pytest.raises(Refused) as refusal:
        references.release_record(draft.reference, at=NINE)
    assert refusal.value.code == "protected"
    assert discarding.delete_discarded(NINE + timedelta(days=1)) == 0, "one that is protected holds up no other"
    assert Dossier.objects.filter(pk=draft.pk).exists()


def test_every_column_that_holds_references_has_a_rule():
    rules = {column.model: column.when_deleted for column in references.registered_columns()}
    assert rules == {
        "digitization.StoredFile": WhenDeleted.DISCARD,
        "digitization.BatchPart": WhenDeleted.KEEP,
        "digitization.RegisteredDocument": WhenDeleted.PROTECT,
        "papers.Paper": WhenDeleted.PROTECT,
        "payments.Charge": WhenDeleted.PROTECT,
        "journal.Entry": WhenDeleted.KEEP,
    }


@pytest.mark.parametrize("prefix", ["", "a:b"])
def test_a_prefix_is_one_word(prefix):
    with pytest.raises(ValueError, match="one word"):
        references.register_records(prefix, set)


def test_nobody_answers_for_what_is_no_reference():
    for text in ("", "dossier", "dossier:", ":1", "elsewhere:1"):
        assert references.answers_for(text, object) is None
    assert timezone.is_aware(NINE)
