"""A page that is still open keeps what is typed on it: unjudged, for any device, until it is saved."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from dossiers.filing import completeness, discarding, draft_papers, drafts, open_pages
from dossiers.lifecycle import Refused, execute_transition
from dossiers.models import Dossier, OpenPages, State
from procedures.models import Edition
from tests.factories.dossiers import complete_draft
from tests.factories.moments import at
from tests.factories.people import signed_in
from tests.factories.scans import pdf_upload

pytestmark = pytest.mark.django_db
MORNING = at("2025-11-24 09:00")


@pytest.fixture
def edition(cast) -> Edition:
    return Edition.objects.get(procedure__code="2.002516", status="published")


@pytest.fixture
def draft(cast, edition) -> Dossier:
    return drafts.start_draft(edition, cast.person, key="page", at=MORNING)


@pytest.fixture
def me(cast) -> Client:
    return signed_in(cast.citizen)


def page_of(draft: Dossier, section: str) -> str:
    return reverse("file-section", args=[draft.uid, section])


def keep(client: Client, draft: Dossier, section: str, **fields: str):
    """As the open page saves itself."""
    return OpenPage(client, draft, section).keep(**fields)


class OpenPage:
    """One section of a draft, open in a tab."""

    def __init__(self, client: Client, draft: Dossier, section: str) -> None:
        self.client, self.address = client, page_of(draft, section)
        shown = client.get(self.address)
        self.typed, self.stamp = shown.context["draft_url"], shown.context["stamp"]
        assert f'name="draft_tab" value="{self.stamp.tab}"' in shown.content.decode()

    @property
    def hidden(self) -> dict[str, str]:
        return {"draft_saves": str(self.stamp.saves), "draft_tab": self.stamp.tab}

    def keep(self, **fields: str):
        answer = self.client.post(self.typed, {**self.hidden, **fields}, headers={"X-Requested-With": "fetch"})
        if "OSS-Saves" in answer:
            self.stamp = open_pages.Stamp(int(answer["OSS-Saves"]), self.stamp.tab)
        return answer

    def save(self, **fields: str):
        return self.client.post(self.address, {**self.hidden, **fields})


@pytest.mark.parametrize(
    ("section", "fields"),
    [
        ("applicant", {"ground": "authorised", "owner_number": "02719", "owner_name": "Lê", "phone": "", "note": "số"}),
        ("request", {"content": "Viết dở", "territory": ""}),
        ("fee", {"quantity_item": "nhiều"}),
        ("result", {"method": "post", "address": "12 Ngô"}),
    ],
)
def test_another_device_shows_what_was_typed(me, cast, draft, section, fields):
    assert keep(me, draft, section, **fields).status_code == 204
    other = signed_in(cast.citizen).get(page_of(draft, section))
    form = other.context["form"]
    assert {name: form[name].value() for name in fields} == fields
    assert not form.errors
    draft.refresh_from_db()
    assert draft.pages.done == []


def test_saving_the_page_ends_what_was_typed(me, cast, draft):
    keep(me, draft, "request", content="Viết dở")
    page = OpenPage(me, draft, "request")
    saved = {"content": "Viết xong", "territory": cast.agency.territory.code}
    assert page.save(**saved).status_code == 302
    # The page's last saving by itself arrives after the page was saved.
    answer = page.keep(content="Viết dở")
    assert answer.status_code == 409
    assert "đã được lưu" in answer.content.decode()
    assert me.get(page_of(draft, "request")).context["form"]["content"].value() == "Viết xong"


def test_nothing_is_sent_over_answers_that_were_typed_and_not_saved(me, cast, draft):
    complete_draft(draft, cast)
    assert not completeness.missing_parts(draft)
    keep(me, draft, "request", content="Đã nghĩ lại")
    draft.refresh_from_db()
    assert [gap.section for gap in completeness.missing_parts(draft)] == ["request"]
    with pytest.raises(Refused):
        execute_transition(draft, "send", cast.citizen, at=MORNING)
    states = {item["url"]: item["state"] for item in me.get(reverse("file-tasks", args=[draft.uid])).context["items"]}
    assert states[page_of(draft, "request")] == "started"


def test_only_questions_of_the_page_are_kept_and_no_more_than_they_need(me, draft):
    keep(me, draft, "request", content="a\x00b" + "c" * 9000, state="9", owner_name="Ai đó")
    draft.refresh_from_db()
    kept = draft.pages.typed["request"]
    assert list(kept) == ["content"]
    assert kept["content"].startswith("abc")
    assert len(kept["content"]) == open_pages.LONGEST_ANSWER
    assert (draft.state, draft.owner_name) == (State.DRAFT, draft.filer.full_name)


def test_ticks_of_the_documents_page_are_kept(me, cast, draft):
    paper = next(p for p in draft_papers.required_documents(draft) if p.required and not p.show_only)
    address = reverse("file-ticked", args=[draft.uid])
    assert me.post(address, {f"{paper.key}-later": "on"}).status_code == 204
    assert draft.documents.get(required_document=paper).later
    assert me.post(address, {}).status_code == 204
    assert not draft.documents.get(required_document=paper).later


def test_a_stranger_keeps_nothing_in_anothers_draft(cast, draft):
    address = reverse("file-typed", args=[draft.uid, "request"])
    assert signed_in(cast.stranger).post(address, {"content": "x", "draft_saves": "0"}).status_code == 404


def test_a_sent_dossier_takes_no_more(me, cast, draft):
    execute_transition(complete_draft(draft, cast), "send", cast.citizen, at=MORNING)
    draft.refresh_from_db()
    assert not OpenPages.objects.filter(dossier=draft).exists()
    assert set(draft.answers) == {"territory"}
    address = reverse("file-typed", args=[draft.uid, "request"])
    answer = me.post(address, {"content": "khác", "draft_saves": "1"})
    assert answer.status_code == 409
    assert "đã được gửi" in answer.content.decode()


@pytest.mark.parametrize("wrong", [{"draft_saves": ""}, {"draft_saves": "x"}, {}, {"draft_saves": "9" * 11}])
def test_a_save_that_makes_no_sense_leads_to_the_draft(me, draft, wrong):
    address = reverse("file-typed", args=[draft.uid, "request"])
    assert me.post(address, {"content": "x", **wrong}).url == reverse("file-tasks", args=[draft.uid])


def test_an_expired_session_is_told_to_the_page_and_takes_nothing_away(me, draft):
    address = me.get(page_of(draft, "request")).context["draft_url"]
    me.cookies[settings.SESSION_COOKIE_NAME] = "gone"
    answer = me.post(address, {"content": "Viết dở"}, headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 401
    assert "Phiên làm việc đã hết" in answer.content.decode()


def test_what_is_written_for_a_supplement_is_kept_until_it_is_answered(me, cast, asked):
    address = reverse("my-dossier-act", args=[asked.uid, "answer_supplement"])
    shown = me.get(address).context
    typed, stamp = shown["draft_url"], shown["stamp"]
    hidden = {"draft_saves": str(stamp.saves), "draft_tab": stamp.tab}
    assert me.post(typed, {"answer": "Đang viết", "revision": "1", **hidden}).status_code == 204
    other = me.post(typed, {"answer": "Trang khác", **hidden, "draft_tab": "other"})
    assert other.status_code == 409
    form = signed_in(cast.citizen).get(address).context["form"]
    assert form["answer"].value() == "Đang viết"
    assert form["revision"].value() == asked.revision
    me.cookies[settings.SESSION_COOKIE_NAME] = "gone"
    lost = me.post(address, {"answer": "Viết xong", "revision": str(asked.revision)})
    back = me.post(lost.url, {"login": "027190000011", "password": "mat-khau-dai-01"}, follow=True)
    assert "Viết xong" in back.content.decode()
    assert back.context["form"]["answer"].value() == "Viết xong"
    me.post(address, {"answer": "Viết xong", "revision": str(asked.revision)})
    asked.refresh_from_db()
    assert asked.state == State.PROCESSING
    assert me.post(typed, {"answer": "muộn", **hidden}).status_code == 404
    assert not OpenPages.objects.filter(dossier=asked).exists()


@pytest.mark.parametrize("section", ["applicant", "request", "fee", "result"])
def test_every_page_of_a_filing_comes_back_filled_after_signing_in_again(me, cast, draft, section):
    fields = {
        "applicant": {"ground": "self", "phone": "0987654321", "email": "", "address": "Nơi mới"},
        "request": {"content": "Viết đã lâu", "territory": cast.agency.territory.code},
        "fee": {"quantity_item": "2"},
        "result": {"method": "post", "address": "Nơi mới"},
    }[section]
    me.cookies[settings.SESSION_COOKIE_NAME] = "gone"
    lost = me.post(page_of(draft, section), fields)
    back = me.post(lost.url, {"login": "027190000011", "password": "mat-khau-dai-01"}, follow=True)
    form = back.context["form"]
    assert {name: form[name].value() for name in fields} == fields


SECTIONS = {
    "applicant": (
        {"ground": "self", "phone": "0987654321", "email": "", "address": "Trang một"},
        {"ground": "self", "phone": "0987654321", "email": "", "address": "Trang hai"},
    ),
    "request": ({"content": "Trang một"}, {"content": "Trang hai"}),
    "fee": ({"quantity_item": "2"}, {"quantity_item": "3"}),
    "result": ({"method": "post", "address": "Trang một"}, {"method": "post", "address": "Trang hai"}),
}


@pytest.mark.parametrize("section", list(SECTIONS))
def test_a_second_tab_erases_nothing_and_compares(me, cast, draft, section):
    one, two = SECTIONS[section]
    if section == "request":
        one, two = ({**fields, "territory": cast.agency.territory.code} for fields in (one, two))
    first, second = OpenPage(me, draft, section), OpenPage(me, draft, section)
    assert first.keep(**one).status_code == 204
    assert first.keep(**one).status_code == 204  # its own saves never stand against it
    told = second.keep(**two)
    assert told.status_code == 409
    assert "trang hoặc máy khác" in told.content.decode()
    draft.refresh_from_db()
    assert draft.pages.typed[section] == one
    shown = second.save(**two)
    assert shown.status_code == 409
    differ = next(name for name in one if one[name] != two[name])
    assert (one[differ], two[differ]) in [(row["theirs"], row["mine"]) for row in shown.context["compared"]]
    assert shown.context["form"][differ].value() == two[differ]
    second.stamp = shown.context["stamp"]
    assert second.save(**two).status_code == 302  # having compared, the second is kept
    assert first.save(**one).status_code == 409


MISTAKEN = {
    "applicant": {"ground": "self", "phone": "12", "address": "Trang hai"},
    "request": {"content": "Trang hai", "territory": ""},
    "fee": {"quantity_item": "nhiều"},
    "result": {"method": "post", "address": ""},
}


@pytest.mark.parametrize("section", list(SECTIONS))
def test_a_second_tab_with_mistakes_erases_nothing_and_compares_too(me, cast, draft, section):
    """It came back with a newer count before, and its next save went over what the first tab had kept."""
    one = SECTIONS[section][0] | ({"territory": cast.agency.territory.code} if section == "request" else {})
    first, second = OpenPage(me, draft, section), OpenPage(me, draft, section)
    assert first.keep(**one).status_code == 204
    shown = second.save(**MISTAKEN[section])
    assert shown.status_code == 409
    assert shown.context["compared"]
    assert shown.context["form"].errors
    draft.refresh_from_db()
    assert draft.pages.typed[section] == one
    second.stamp = shown.context["stamp"]
    assert second.keep(**MISTAKEN[section]).status_code == 204  # having compared, the second is kept
    assert first.keep(**one).status_code == 409


def test_a_page_drawn_again_without_comparing_keeps_its_count(me, draft):
    first, second = OpenPage(me, draft, "request"), OpenPage(me, draft, "request")
    assert first.keep(content="Trang một").status_code == 204
    draft.refresh_from_db()
    assert open_pages.stamp_for(draft, "request", second.hidden) == second.stamp
    assert open_pages.stamp_for(draft, "request", first.hidden).saves == first.stamp.saves


def test_a_page_saved_by_its_button_is_not_erased_by_a_second_tab_either(me, cast, draft):
    first, second = OpenPage(me, draft, "request"), OpenPage(me, draft, "request")
    code = cast.agency.territory.code
    assert first.save(content="Trang một", territory=code).status_code == 302
    assert second.keep(content="Trang hai", territory=code).status_code == 409
    shown = second.save(content="Trang hai", territory=code)
    assert shown.status_code == 409
    draft.refresh_from_db()
    assert draft.content == "Trang một"
    second.stamp = shown.context["stamp"]
    assert second.save(content="Trang hai", territory=code).status_code == 302
    draft.refresh_from_db()
    assert draft.content == "Trang hai"


def test_ticks_of_a_second_tab_take_no_other_ticks_away(me, draft):
    paper = next(p for p in draft_papers.required_documents(draft) if p.required and not p.show_only)
    stamps = [me.get(reverse("file-documents", args=[draft.uid])).context["stamp"] for _tab in range(2)]
    first, second = ({"draft_saves": str(stamp.saves), "draft_tab": stamp.tab} for stamp in stamps)
    address = reverse("file-ticked", args=[draft.uid])
    assert me.post(address, {**first, f"{paper.key}-later": "on"}).status_code == 204
    assert me.post(address, second).status_code == 409
    assert me.post(reverse("file-documents", args=[draft.uid]), second).status_code == 302
    assert draft.documents.get(required_document=paper).later
    assert me.post(address, first).status_code == 204  # the first one's own next tick
    assert not draft.documents.get(required_document=paper).later


def test_deleting_a_draft_asks_first_and_can_be_undone(me, cast, draft):
    keep(me, draft, "request", content="Viết dở")
    address = reverse("file-discard", args=[draft.uid])
    assert me.get(address).status_code == 200
    draft.refresh_from_db()
    assert draft.discarded_at is None
    after = me.post(address, follow=True)
    assert [row["dossier"] for row in after.context["discarded"]] == [draft]
    assert not after.context["needs"]
    start = me.get(reverse("file-start", args=[draft.edition.procedure.code]))
    assert not start.context["drafts"]
    late = me.post(reverse("file-typed", args=[draft.uid, "request"]), {"content": "muộn", "draft_saves": "1"})
    assert late.status_code == 409
    assert "đã xóa" in late.content.decode()
    for page in (page_of(draft, "request"), reverse("file-documents", args=[draft.uid]), address):
        assert me.get(page).url == reverse("my-dossiers")
    complete = Dossier.objects.get(pk=draft.pk)
    assert completeness.missing_parts(complete)
    assert signed_in(cast.stranger).post(reverse("file-restore", args=[draft.uid])).status_code == 404
    me.post(reverse("file-restore", args=[draft.uid]))
    assert me.get(page_of(draft, "request")).context["form"]["content"].value() == "Viết dở"


def test_a_deleted_draft_goes_for_good_after_its_days(me, draft):
    paper = next(p for p in draft_papers.required_documents(draft) if p.required and not p.show_only)
    me.post(reverse("file-documents", args=[draft.uid]), {f"{paper.key}-file": pdf_upload()})
    file = draft.documents.get().file
    discarding.discard_draft(draft, at=MORNING)
    assert discarding.delete_discarded(MORNING) == 0
    assert discarding.delete_discarded(MORNING + timedelta(seconds=1)) == 1
    assert not Dossier.objects.filter(pk=draft.pk).exists()
    file.refresh_from_db()
    assert file.removed_at is not None


def test_pages_that_kept_their_state_among_the_answers_go_on_where_they_were(cast, draft, edition):
    """The migration: drafts and open supplements keep all, a dossier that was sent keeps its declaration alone."""
    migration = import_module("dossiers.migrations.0023_open_pages")
    kept = {
        "done": ["applicant"],
        "typed": {"request": {"content": "Viết dở"}},
        "saves": {"applicant": 1, "request": 2},
        "writers": {"request": "tab"},
    }
    begun = drafts.start_draft(edition, cast.person, key="begun", at=MORNING)  # no page was saved yet
    sent = complete_draft(drafts.start_draft(edition, cast.person, key="sent", at=MORNING), cast)
    execute_transition(sent, "send", cast.citizen, at=MORNING)
    OpenPages.objects.all().delete()
    declared = {"territory": "00001", "form": {"values": {"done": "x"}}}
    for dossier, state in ((draft, kept), (begun, {}), (sent, kept)):
        Dossier.objects.filter(pk=dossier.pk).update(answers={**declared, **state})
    with connection.cursor() as cursor:
        cursor.execute(migration.OUT)
    assert {answers == declared for answers in Dossier.objects.values_list("answers", flat=True)} == {True}
    rows = OpenPages.objects.order_by("pk").values_list("dossier", "done", "typed", "saves", "writers")
    assert list(rows) == [(draft.pk, *kept.values()), (begun.pk, [], {}, {}, {})]
