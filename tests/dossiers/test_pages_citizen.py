"""The citizens' pages over HTTP: what is sent twice, too late, wrongly or by somebody else."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from dossiers.filing import draft_papers, drafts
from dossiers.models import Dossier, Rating, State
from payments import settlement
from payments.models import Charge
from procedures.models import Edition
from tests.factories.dossiers import complete_draft, sent_online
from tests.factories.moments import at
from tests.factories.people import signed_in
from tests.factories.scans import PDF

MORNING = at("2026-11-23 09:00")


@pytest.fixture
def edition(cast) -> Edition:
    """Confirmation of civil status data: two papers to send, a fee counted by items."""
    return Edition.objects.get(procedure__code="2.002516", status="published")


@pytest.fixture
def me(cast) -> Client:
    return signed_in(cast.citizen)


@pytest.fixture
def draft(cast, edition) -> Dossier:
    return drafts.start_draft(edition, cast.person, key="page", at=MORNING)


def test_starting_twice_from_one_page_makes_one_draft(me, edition):
    address = reverse("file-start", args=[edition.procedure.code])
    first, second = (me.post(address, {"key": "one"}) for _press in range(2))
    assert first.url == second.url
    assert Dossier.objects.count() == 1


def test_sending_twice_makes_one_dossier_with_one_code(me, cast, draft):
    complete_draft(draft, cast)
    address = reverse("file-check", args=[draft.uid])
    first, second = (me.post(address) for _press in range(2))
    assert first.url == second.url == reverse("file-sent", args=[draft.uid])
    dossier = Dossier.objects.get()
    assert dossier.code
    assert dossier.events.filter(action="send").count() == 1
    assert dossier.code in me.get(first.url).content.decode()


def test_the_page_of_what_was_sent_leads_to_what_is_owed_while_it_is_owed(me, cast, draft):
    sent_online(draft, cast, MORNING)
    charge = Charge.objects.get(owner=draft.reference)
    sent, owed = reverse("file-sent", args=[draft.uid]), reverse("payment", args=[charge.uid])
    assert owed in me.get(sent).content.decode()
    settlement.take_cash(charge, by="thu quỹ", at=MORNING)
    assert owed not in me.get(sent).content.decode()


@pytest.mark.parametrize("page", ["applicant", "request", "documents", "result", "check"])
def test_back_in_a_section_after_sending_leads_on(me, cast, draft, page):
    sent_online(draft, cast, MORNING)
    answer = me.get(f"/my/dossiers/{draft.uid}/file/{page}/", follow=True)
    assert answer.redirect_chain[-1][0] == reverse("my-dossier", args=[draft.uid])
    assert draft.code in " ".join(str(m) for m in answer.context["messages"])


def test_saving_after_sending_changes_nothing(me, cast, draft):
    sent_online(draft, cast, MORNING)
    me.post(f"/my/dossiers/{draft.uid}/file/request/", {"content": "khác", "territory": cast.agency.territory.code})
    draft.refresh_from_db()
    assert draft.content == "Xác nhận"


def test_an_incomplete_draft_is_not_sent(me, draft):
    answer = me.post(reverse("file-check", args=[draft.uid]))
    assert answer.status_code in (302, 422)
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_answers_survive_an_expired_session(me, cast, draft):
    address = f"/my/dossiers/{draft.uid}/file/request/"
    me.cookies[settings.SESSION_COOKIE_NAME] = "gone"
    answer = me.post(address, {"content": "Viết đã lâu", "territory": cast.agency.territory.code})
    assert answer.url.startswith(reverse("sign-in"))
    back = me.post(answer.url, {"login": "027190000011", "password": "mat-khau-dai-01"}, follow=True)
    assert "Viết đã lâu" in back.content.decode()
    me.post(address, {"content": "Viết đã lâu", "territory": cast.agency.territory.code})
    draft.refresh_from_db()
    assert draft.content == "Viết đã lâu"


def test_a_wrong_file_is_refused_at_its_field_and_the_others_are_kept(me, draft):
    good, bad = [p.key for p in draft_papers.required_documents(draft) if p.required and not p.show_only]
    files = {
        f"{good}-file": SimpleUploadedFile("to-khai.pdf", PDF),
        f"{bad}-file": SimpleUploadedFile("giay-to.pdf", b"MZ not a paper at all"),
    }
    answer = me.post(reverse("file-documents", args=[draft.uid]), {**files, "continue": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{bad}-file_error"' in page
    assert f'href="#id_{bad}-file"' in page
    assert f'id="id_{good}-file-error"' not in page
    assert [d.required_document.key for d in draft.documents.filter(file__isnull=False)] == [good]


def test_filing_for_somebody_else_needs_that_person(me, draft):
    address = f"/my/dossiers/{draft.uid}/file/applicant/"
    contact = {"phone": "0912345678", "address": "12 Nguyễn Gia Thiều"}
    answer = me.post(address, {"ground": "authorised", **contact})
    assert answer.status_code == 422
    assert {"owner_number", "owner_name", "note"} <= set(answer.context["form"].errors)
    given = {"owner_number": "027190000099", "owner_name": "Lê Văn Cả", "note": "Giấy ủy quyền 12, 01/11/2026"}
    assert me.post(address, {"ground": "authorised", **contact, **given}).status_code == 302
    draft.refresh_from_db()
    assert (draft.owner_name, draft.filer.personal_number) == ("Lê Văn Cả", "027190000011")


def test_a_stranger_finds_nothing(cast, draft):
    stranger = signed_in(cast.stranger)
    for page in ("", "file/", "file/applicant/", "file/documents/", "file/check/", "file/sent/", "rate/"):
        assert stranger.get(f"/my/dossiers/{draft.uid}/{page}").status_code == 404
    assert stranger.post(f"/my/dossiers/{draft.uid}/file/discard/").status_code == 404


def test_a_draft_is_thrown_away_and_a_sent_one_is_not(me, cast, draft, edition):
    other = drafts.start_draft(edition, cast.person, key="other", at=MORNING)
    sent_online(other, cast, MORNING)
    for dossier in (draft, other):
        me.post(reverse("file-discard", args=[dossier.uid]))
    assert [dossier for dossier in Dossier.objects.all() if dossier.discarded_at is None] == [other]


def test_unknown_codes_are_answered_with_advice(client, cast):
    for code in ("H05.160-261123-9999", "khong-phai-ma", "x" * 300):
        answer = client.get(f"/track/{code}/")
        assert answer.status_code == 404
        assert 'name="code"' in answer.content.decode()
    assert client.get("/track/%00/").status_code == 404


def test_tracking_names_nobody(client, cast, draft):
    sent_online(draft, cast, MORNING)
    page = client.get(reverse("track-dossier", args=[draft.code])).content.decode()
    for private in (cast.person.full_name, cast.person.personal_number, cast.person.phone, cast.person.address):
        assert private not in page
    seen_by_another = signed_in(cast.stranger).get(reverse("track-dossier", args=[draft.code])).content.decode()
    assert cast.person.full_name not in seen_by_another


def test_rated_once_and_only_after_the_result(me, cast, draft):
    sent_online(draft, cast, MORNING)
    address = reverse("my-dossier-rate", args=[draft.uid])
    assert me.post(address, {"stars": "5"}).status_code == 302
    assert not Rating.objects.exists()
    Dossier.objects.filter(pk=draft.pk).update(
        state=State.RETURNED, finished_at=MORNING, returned_at=MORNING, closed_at=MORNING
    )
    me.post(address, {"stars": "4"})
    me.post(address, {"stars": "1"})
    assert Rating.objects.get().stars == 4


@pytest.mark.parametrize("page", ["/my/dossiers/", "/my/dossiers/{uid}/", "/my/dossiers/{uid}/file/documents/"])
def test_pages_ask_as_much_of_many_as_of_few(me, cast, edition, page, django_assert_max_num_queries):
    def asked() -> int:
        first = Dossier.objects.order_by("id").first()
        with django_assert_max_num_queries(31) as seen:
            assert me.get(page.format(uid=first.uid)).status_code == 200
        return len(seen)

    first = drafts.start_draft(edition, cast.person, key="0", at=MORNING)
    if "file/" not in page:
        sent_online(first, cast, MORNING)
    few = asked()
    for n in range(1, 8):
        sent_online(drafts.start_draft(edition, cast.person, key=str(n), at=MORNING), cast, MORNING)
    assert asked() <= few
