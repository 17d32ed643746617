"""Filing for somebody who authorised it: nothing is revealed, nothing is theirs before a counter has checked."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import authorisations, people
from accounts.actors import Actor
from accounts.models import Account, Authorisation, Level, Person
from core.refusals import NotAllowed, Refused
from dossiers.access.policies import of_applicant
from dossiers.filing import completeness, drafts
from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier, DossierDocument, FilingGround, State
from dossiers.views import sheet
from notices.models import Notice
from procedures.models import Edition
from tests.accounts.helpers import refused
from tests.factories.desk import intake_page
from tests.factories.dossiers import complete_draft
from tests.factories.moments import at
from tests.factories.people import signed_in
from tests.factories.scans import PDF

pytestmark = pytest.mark.django_db
MORNING = at("2026-11-23 09:00")
STRANGER = "027190000022"  # of the cast: Trần Văn Ẩn
APPLICANT = {
    "ground": "authorised",
    "owner_number": STRANGER,
    "owner_name": "Trần Văn Ẩn",
    "note": "Số 12, 20/11/2026, UBND phường Kinh Bắc",
    "phone": "0912345678",
    "address": "12 Nguyễn Gia Thiều",
}


@pytest.fixture
def edition(cast) -> Edition:
    """Confirmation of civil status data, which has a line for the authorisation of its own."""
    return Edition.objects.get(procedure__code="2.002516", status="published")


def ready_draft(cast, edition, key="page") -> Dossier:
    """A draft with every answer, of the cast's citizen for themselves."""
    return complete_draft(drafts.start_draft(edition, cast.person, key=key, at=MORNING), cast)


@pytest.fixture
def citizen(cast) -> Actor:
    Account.objects.filter(pk=cast.citizen.account.pk).update(level=Level.IDENTITY)
    return Actor(account=Account.objects.get(pk=cast.citizen.account.pk), level=Level.IDENTITY)


@pytest.fixture
def draft(cast, edition, citizen) -> Dossier:
    """Everything answered, filed for the stranger; the paper is promised to the counter."""
    draft = ready_draft(cast, edition)
    return in_their_name(draft)


def in_their_name(draft, **other):
    drafts.save_applicant(
        draft,
        ground="authorised",
        owner=None,
        note=APPLICANT["note"],
        phone="0912345678",
        email="",
        address="12 Nguyễn Gia Thiều",
        authorised_by=(other.get("number", STRANGER), other.get("name", "Trần Văn Ẩn")),
        authorisation=other.get("authorisation"),
    )
    draft = Dossier.objects.get(pk=draft.pk)
    if drafts.file_for_another.is_asked(draft):
        drafts.save_authorisation_paper(draft, None, later=True)
    return Dossier.objects.get(pk=draft.pk)


def sent(draft, citizen) -> Dossier:
    execute_transition(draft, "send", citizen, at=MORNING)
    return Dossier.objects.select_related(*sheet.LOADED).get(pk=draft.pk)


def confirm(cast, dossier, **given):
    given = {"paper": "Số 12 ngày 20/11/2026", "scope": "dossier", **given}
    execute_transition(dossier, "confirm_authorisation", cast.counter, at=MORNING, **given)
    return Dossier.objects.select_related(*sheet.LOADED).get(pk=dossier.pk)


def test_a_strangers_number_shows_and_prefills_nothing(cast, edition, citizen):
    Person.objects.filter(personal_number=STRANGER).update(
        full_name="Tên Thật Bí Mật", phone="0977000111", address="Ngõ Kín 7", birth_date=date(1990, 2, 3)
    )
    draft = ready_draft(cast, edition)
    client = signed_in(citizen)
    answer = client.post(reverse("file-section", args=[draft.uid, "applicant"]), APPLICANT)
    assert answer.status_code == 302
    secrets = ("Tên Thật Bí Mật", "0977000111", "Ngõ Kín 7", "03/02/1990")
    for name in ("file-section", "file-tasks", "file-check", "file-authorisation", "file-documents"):
        args = [draft.uid, "applicant"] if name == "file-section" else [draft.uid]
        page = client.get(reverse(name, args=args), follow=True).content.decode()
        assert not [secret for secret in secrets if secret in page], name
    draft.refresh_from_db()
    assert draft.owner_person is None
    assert (draft.authorisation.grantor_person, draft.authorisation.confirmed_at) == (None, None)
    assert not of_applicant(cast.stranger, Dossier.objects.all()).exists()


def test_typing_a_number_makes_no_record_of_the_person(cast, edition, citizen):
    draft = ready_draft(cast, edition)
    in_their_name(draft, number="027198123456", name="Nguyễn Thị Ánh")
    assert not Person.objects.filter(personal_number="027198123456").exists()


def test_the_paper_is_wanted(cast, edition, citizen):
    draft = ready_draft(cast, edition)
    client = signed_in(citizen)
    client.post(reverse("file-section", args=[draft.uid, "applicant"]), APPLICANT)
    draft.refresh_from_db()
    assert "authorisation" in {gap.section for gap in completeness.missing_parts(Dossier.objects.get(pk=draft.pk))}
    page = reverse("file-authorisation", args=[draft.uid])
    refused = client.post(page, {})
    assert refused.status_code == 422
    assert "Hãy gửi văn bản ủy quyền" in refused.content.decode()
    paper = SimpleUploadedFile("giay-uy-quyen.pdf", PDF, content_type="application/pdf")
    assert client.post(page, {"file": paper}).status_code == 302
    line = DossierDocument.objects.get(dossier=draft, file__isnull=False)
    assert line.file.name == "giay-uy-quyen.pdf"
    assert "authorisation" not in {gap.section for gap in completeness.missing_parts(Dossier.objects.get(pk=draft.pk))}


def test_an_unproven_account_files_for_nobody_else(cast, draft):
    with refused(NotAllowed, "not_proven"):
        execute_transition(draft, "send", Actor(account=draft.filer.account), at=MORNING)


def test_nothing_is_received_before_the_counter_has_checked(cast, draft, citizen):
    dossier = sent(draft, citizen)
    assert not of_applicant(cast.stranger, Dossier.objects.all()).exists()
    with refused(Refused, "authorisation_unchecked"):
        execute_transition(dossier, "accept", cast.counter, lacking_ground="at_return", at=MORNING)
    page = signed_in(cast.counter).get(reverse("dossier-act", args=[dossier.code, "confirm_authorisation"]))
    assert "Khớp với người đã lưu" in page.content.decode()
    dossier = confirm(cast, dossier)
    assert dossier.owner_person == cast.stranger.person
    assert list(of_applicant(cast.stranger, Dossier.objects.all())) == [dossier]
    assert Notice.objects.filter(account=cast.stranger.account, channel="portal", kind="account_change").exists()
    execute_transition(dossier, "accept", cast.counter, lacking_ground="at_return", at=MORNING)
    assert dossier.state == State.PROCESSING


def test_a_name_that_does_not_fit_the_number_waits_at_the_counter(cast, edition, citizen):
    draft = in_their_name(ready_draft(cast, edition), name="Lê Thị Khác")
    dossier = sent(draft, citizen)
    act = reverse("dossier-act", args=[dossier.code, "confirm_authorisation"])
    assert "đã lưu với tên khác" in signed_in(cast.counter).get(act).content.decode()
    with pytest.raises(people.PersonDiffers):
        confirm(cast, dossier)
    dossier.refresh_from_db()
    assert (dossier.owner_person, dossier.state) == (None, State.FILED)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"scope": "all"}, "no_end"),
        ({"scope": "procedure", "valid_to": date(2020, 1, 1)}, "ended"),
        ({"scope": "all", "valid_to": date(2096, 1, 1)}, "too_long"),
    ],
)
def test_scope_and_period_are_limited(cast, draft, citizen, given, code):
    with refused(Refused, code):
        confirm(cast, sent(draft, citizen), **given)


def test_a_confirmed_one_serves_further_dossiers_of_its_scope_only(cast, edition, citizen, draft):
    today = timezone.localdate()
    end = today + timedelta(days=300)
    dossier = confirm(cast, sent(draft, citizen), scope="procedure", valid_to=end)
    row, code = dossier.authorisation, edition.procedure.code
    assert authorisations.usable_authorisations(citizen.person, procedure_code=code, on=today).get() == row
    assert not authorisations.usable_authorisations(citizen.person, procedure_code="9.999999", on=today).exists()
    late = end + timedelta(days=1)
    assert not authorisations.usable_authorisations(citizen.person, procedure_code=code, on=late).exists()
    assert not authorisations.usable_authorisations(cast.stranger.person, procedure_code=code, on=today).exists()
    second = in_their_name(ready_draft(cast, edition, key="zweite"), authorisation=row)
    assert not drafts.file_for_another.is_asked(second)
    assert (second.owner_person, second.owner_name) == (cast.stranger.person, "Trần Văn Ẩn")
    assert not of_applicant(cast.stranger, Dossier.objects.filter(pk=second.pk)).exists()  # a draft is its writer's


def test_who_gave_it_takes_it_back_and_the_filer_can_do_nothing_more(cast, draft, citizen):
    dossier = confirm(cast, sent(draft, citizen))
    act = reverse("authorisation-revoke", args=[dossier.authorisation.pk])
    assert signed_in(citizen).get(act).status_code == 404  # not the grantor's
    assert "Trần Văn Ẩn" not in signed_in(cast.officer).get(act).content.decode()
    owner = signed_in(cast.stranger)
    assert "Thu hồi" in owner.get(reverse("profile")).content.decode()
    assert owner.post(act, {"reason": "đã tự làm"}).status_code == 302
    dossier = Dossier.objects.select_related(*sheet.LOADED).get(pk=dossier.pk)
    with pytest.raises(Refused):
        execute_transition(dossier, "withdraw", citizen, at=MORNING, reason="x")
    with refused(Refused, "authorisation_ended"):
        execute_transition(dossier, "accept", cast.counter, lacking_ground="at_return", at=MORNING)
    assert signed_in(citizen).get(reverse("my-dossier", args=[dossier.uid])).status_code == 200  # what was sent stays
    with refused(Refused, "revoked"):
        authorisations.revoke_authorisation(dossier.authorisation, reason="x", by=cast.stranger, at=timezone.now())


def test_an_ended_one_opens_nothing(cast, draft, citizen):
    dossier = confirm(cast, sent(draft, citizen))
    past = {"valid_from": date(2020, 1, 1), "valid_to": date(2020, 2, 1)}
    Authorisation.objects.filter(pk=dossier.authorisation.pk).update(**past)
    dossier = Dossier.objects.select_related(*sheet.LOADED).get(pk=dossier.pk)
    with pytest.raises(Refused):
        execute_transition(dossier, "withdraw", citizen, at=MORNING, reason="x")


def test_at_the_counter_the_paper_is_seen_and_named(cast, edition):
    counter = signed_in(cast.counter)
    who = intake_page(edition.procedure.code, Person.objects.get(personal_number=STRANGER), "k1")
    form = {
        "ground": "authorised",
        "filer_number": "027190000011",
        "filer_name": "Nguyễn Thị Ánh",
        "return_method": "counter",
        "content": "x",
        "act": "refuse",
        "reason": "thử",
    }
    form |= {"territory": "09187"} if "commune" in edition.levels else {}
    refused = counter.post(who, form)
    assert refused.status_code == 422
    assert {"ground_note", "paper_seen"} <= set(refused.context["form"].errors)
    unlike = counter.post(who, form | {"ground_note": "Số 12", "paper_seen": "on", "filer_name": "Lê Khác"})
    assert "không khớp với số định danh" in unlike.content.decode()
    taken = counter.post(who, form | {"ground_note": "Số 12", "paper_seen": "on"})
    assert taken.status_code == 302, taken.context["form"].errors
    dossier = Dossier.objects.get(owner_person__personal_number=STRANGER)
    row = dossier.authorisation
    assert (row.grantor_person.personal_number, row.grantee, row.paper) == (STRANGER, dossier.filer, "Số 12")
    assert row.confirmed_by == cast.counter.post


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"confirmed_at": MORNING}, "authorisation_confirmed_for_one"),
        ({"grantor_person": "grantee"}, "authorisation_of_another"),
        ({"scope": "all"}, "authorisation_ends"),
        ({"valid_to": date(2020, 1, 1)}, "authorisation_ends"),
        ({"scope": "procedure", "valid_to": date(2027, 1, 1)}, "authorisation_names_it"),
    ],
)
def test_the_database_keeps_it_so(cast, facts, constraint):
    person = cast.citizen.person
    facts = {name: person if value == "grantee" else value for name, value in facts.items()}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Authorisation.objects.create(
            grantee=person, grantor_number="1", grantor_name="x", paper="x", valid_from=date(2026, 11, 1), **facts
        )


def test_filing_for_oneself_as_another_is_refused_in_words(cast, edition, citizen):
    draft = ready_draft(cast, edition)
    own = APPLICANT | {"owner_number": "027190000011"}
    answer = signed_in(citizen).post(reverse("file-section", args=[draft.uid, "applicant"]), own)
    assert answer.status_code == 422
    assert "chính bạn" in answer.content.decode()
    assert FilingGround.AUTHORISED == "authorised"
