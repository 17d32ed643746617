"""Papers only shown, replies to verifications and secret papers: out of the rates, and no file for secret ones."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.refusals import Refused
from digitization import uploads
from digitization.kinds import UploadRefused
from digitization.models import RegisteredDocument, StoredFile
from digitization.signals import paper_scanned, upload_completed
from digitization.slots import Slot
from dossiers.filing import draft_papers, drafts, upload_targets
from dossiers.filing.paper_files import add_lines, set_files
from dossiers.filing.papers_brought import Brought, record_brought
from dossiers.lifecycle import execute_transition
from dossiers.models import DossierDocument
from dossiers.statistics.digitisation import count_digitisation
from procedures.models import RequiredDocument
from tests.factories.dossiers import complete_draft, received
from tests.factories.moments import at
from tests.factories.scans import pdf_upload

pytestmark = pytest.mark.django_db
MORNING = at("2026-11-23 09:10")
DAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)


@pytest.fixture
def taken_in(cast, edition):
    return received(cast, edition, MORNING, limit_days="5")


def scanned_line(cast, dossier, line):
    scan = uploads.store_file(pdf_upload(), "giay.pdf", dossier.reference, cast.counter)
    execute_transition(dossier, "add_scan", cast.counter, at=MORNING, scan=scan, paper=str(line.pk))


def secret(edition):
    """A demanded paper of the edition that is secret from now on."""
    paper = next(p for p in edition.documents.all() if p.required and not p.show_only)
    RequiredDocument.objects.filter(pk=paper.pk).update(secret=True)
    paper.secret = True
    return paper


@pytest.mark.parametrize("flag", ["show_only", "verification", "secret"])
def test_a_dossier_is_digitised_without_them(cast, taken_in, flag):
    wanted, *others = taken_in.documents.filter(kind=DossierDocument.Kind.COMPONENT)
    scanned_line(cast, taken_in, wanted)
    for line in others:
        assert count_digitisation(DAY, DAY)[0].digitised == 0
        RequiredDocument.objects.filter(pk=line.required_document_id).update(**{flag: True})
    found = count_digitisation(DAY, DAY)[0]
    assert (found.to_digitise, found.digitised) == (1, 1)
    RequiredDocument.objects.filter(pk=wanted.required_document_id).update(**{flag: True})
    assert count_digitisation(DAY, DAY)[0].to_digitise == 0


def test_a_paper_that_data_stand_for_needs_no_file_unless_it_was_brought(cast, taken_in):
    wanted, *others = taken_in.documents.filter(kind=DossierDocument.Kind.COMPONENT)
    scanned_line(cast, taken_in, wanted)
    for line in others:
        RequiredDocument.objects.filter(pk=line.required_document_id).update(replaced_by="Cơ sở dữ liệu về dân cư")
    assert count_digitisation(DAY, DAY)[0].digitised == 0
    taken_in.documents.filter(pk__in=[line.pk for line in others]).update(originals=0, copies=0)
    assert count_digitisation(DAY, DAY)[0].digitised == 1


@pytest.mark.parametrize("flag", ["show_only", "verification"])
def test_they_enter_no_register(cast, taken_in, flag):
    line = taken_in.documents.filter(kind=DossierDocument.Kind.COMPONENT).first()
    RequiredDocument.objects.filter(pk=line.required_document_id).update(**{flag: True})
    scanned_line(cast, taken_in, line)
    assert not RegisteredDocument.objects.exists()


def test_no_door_takes_a_file_of_a_secret_paper(cast, edition, client):
    paper = secret(edition)
    draft = complete_draft(drafts.start_draft(edition, cast.person, key="k", at=MORNING), cast)
    paper = next(p for p in draft_papers.required_documents(draft) if p.pk == paper.pk)
    line = draft.documents.get(required_document=paper)
    file = uploads.store_file(pdf_upload(), "mat.pdf", draft.reference, cast.citizen)
    waiting = uploads.store_file(
        pdf_upload(), "mat.pdf", upload_targets.intake_owner(cast.counter.post.desk_id, paper, "k"), cast.counter
    )
    doors = [
        lambda: draft_papers.attach_file(draft, paper, file),
        lambda: set_files(line, [file]),
        lambda: add_lines([(DossierDocument(dossier=draft, required_document=paper, name="x"), [file])]),
        lambda: record_brought(draft, [Brought("x", paper, files=(file,))], at=MORNING),
        lambda: upload_completed.send(
            sender=StoredFile, file=file, purpose=upload_targets.purpose_of(paper), actor=cast.citizen
        ),
        lambda: upload_completed.send(sender=StoredFile, file=waiting, purpose="", actor=cast.counter),
    ]
    for door in doors:
        with pytest.raises((Refused, UploadRefused), match="giấy tờ mật"), transaction.atomic():
            door()
    with pytest.raises(IntegrityError, match="secret paper"), transaction.atomic():
        DossierDocument.objects.filter(pk=line.pk).update(file=file)
    client.force_login(cast.citizen.account, backend="accounts.backends.AccountBackend")
    page = client.get(reverse("file-documents", args=[draft.uid])).content.decode()
    assert "không gửi tệp" in page
    assert f'name="{paper.key}-later"' in page
    assert f'purpose="{upload_targets.purpose_of(paper)}"' not in page


def test_the_sheet_of_a_secret_paper_leaves_its_scan_in_the_tray(cast, edition, taken_in):
    paper = secret(edition)
    line = taken_in.documents.get(required_document=paper)
    file = uploads.store_file(pdf_upload(), "mat.pdf", taken_in.reference, cast.counter)
    with pytest.raises(UploadRefused, match="giấy tờ mật"):
        paper_scanned.send(
            sender=StoredFile, file=file, slot=Slot(taken_in.reference, str(line.pk)), actor=cast.counter, at=MORNING
        )
    line.refresh_from_db()
    assert line.file_id is None
