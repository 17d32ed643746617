"""A draft meets a new edition of its procedure: told what is lost, moved, sent; received dossiers stay on theirs."""

import copy

import pytest
from django.urls import reverse

from digitization import uploads
from dossiers.filing import completeness, draft_papers, drafts, edition_change
from dossiers.lifecycle import Refused, execute_transition
from dossiers.models import Dossier, DossierDocument, State
from procedures.editions import publishing
from procedures.models import Edition
from tests.factories.dossiers import complete_draft, received
from tests.factories.moments import at
from tests.factories.people import signed_in
from tests.factories.scans import pdf_upload

pytestmark = pytest.mark.django_db
MORNING, LATER = at("2025-11-24 09:00"), at("2025-11-24 10:00")
CODE = "2.002516"


@pytest.fixture
def edition(cast) -> Edition:
    return Edition.objects.get(procedure__code=CODE, status="published")


@pytest.fixture
def draft(cast, edition) -> Dossier:
    made = drafts.start_draft(edition, cast.person, key="page", at=MORNING)
    complete_draft(made, cast)
    return Dossier.objects.get(pk=made.pk)


def published(edition, **changes):
    facts = {**copy.deepcopy(edition.facts), **changes}
    return publishing.publish_edition(CODE, facts, Edition.Origin.CONTROLLER, "test", LATER)[0]


def test_a_draft_is_not_sent_on_a_former_edition_and_moves_whole(cast, edition, draft):
    assert edition_change.newer_edition(draft) is None
    made = published(edition, guidance="Hướng dẫn mới cho người dân khi nộp hồ sơ.")
    draft = Dossier.objects.get(pk=draft.pk)
    with pytest.raises(Refused) as refused:
        execute_transition(draft, "send", cast.citizen, at=LATER)
    assert refused.value.code == "incomplete"
    result = edition_change.move_to_edition(draft, LATER)
    assert result.whole
    draft = Dossier.objects.get(pk=draft.pk)
    assert draft.edition == made
    assert completeness.missing_parts(draft) == []
    execute_transition(draft, "send", cast.citizen, at=LATER)
    assert draft.state == State.FILED


def test_what_is_not_asked_any_more_stays_as_another_paper(cast, edition, draft):
    held = DossierDocument.objects.filter(dossier=draft, required_document__isnull=False, file__isnull=False).first()
    new = {"key": "photo", "name": "Ảnh chân dung", "originals": 1, "copies": 0, "required": True, "kind": "submit",
           "state": "confirmed"}  # fmt: skip
    published(edition, documents=[new])
    draft = Dossier.objects.get(pk=draft.pk)
    page = signed_in(cast.citizen).get(reverse("file-tasks", args=[draft.uid])).content.decode()
    assert "Chuyển sang bản mới" in page
    assert "Ảnh chân dung" in page
    signed_in(cast.citizen).post(reverse("file-renew", args=[draft.uid]))
    draft = Dossier.objects.get(pk=draft.pk)
    assert draft.edition.status == "published"
    assert "documents" not in draft.pages.done
    assert [gap.section for gap in completeness.missing_parts(draft)] == ["documents"]
    if held is not None:
        held.refresh_from_db()
        assert (held.kind, held.required_document) == ("other", None)


def test_the_file_of_a_paper_that_becomes_secret_goes_and_that_is_said_before(cast, edition, draft):
    line = DossierDocument.objects.filter(dossier=draft, required_document__isnull=False).order_by("position").last()
    sent = uploads.store_file(pdf_upload(), "giay.pdf", draft.reference, cast.citizen)
    draft_papers.attach_file(draft, line.required_document, sent)
    secret = [{**paper, "secret": paper["key"] == line.required_document.key} for paper in edition.facts["documents"]]
    published(edition, documents=secret)
    page = signed_in(cast.citizen).get(reverse("file-tasks", args=[draft.uid])).content.decode()
    assert "tệp đã gửi sẽ bị xóa" in page
    result = edition_change.move_to_edition(Dossier.objects.get(pk=draft.pk), LATER)
    assert [(lost.what, lost.key) for lost in result.lost] == [("document", line.required_document.key)]
    line.refresh_from_db()
    sent.refresh_from_db()
    assert (line.file, line.required_document.secret) == (None, True)
    assert sent.removed_at is not None
    assert "documents" not in Dossier.objects.get(pk=draft.pk).pages.done


def test_a_received_dossier_stays_on_its_edition(cast, edition):
    dossier = received(cast, edition, MORNING)
    published(edition, guidance="Hướng dẫn mới cho người dân khi nộp hồ sơ.")
    dossier = Dossier.objects.get(pk=dossier.pk)
    assert dossier.edition == edition
    with pytest.raises(Refused):
        edition_change.move_to_edition(dossier, LATER)
