"""The procedure's own form in an online filing: asked, judged, kept under stable ids, shown and printed."""

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.filing import completeness, declaration, draft_papers, drafts, open_pages
from dossiers.letters import receipt
from dossiers.models import Dossier
from procedures.models import Edition
from procedures.questionnaire.layout import read_layout
from tests.factories.dossiers import received
from tests.factories.moments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(cast):
    client = Client()
    client.force_login(cast.person.account, backend="accounts.backends.AccountBackend")
    return client


@pytest.fixture
def draft(cast) -> Dossier:
    """Confirmation of marital status, whose form the product carries."""
    edition = Edition.objects.get(procedure__code="1.004873", status="published")
    return drafts.start_draft(edition, cast.person, key="form", at=at("2026-11-23 09:00"))


def page(draft, section="declaration"):
    return f"/my/dossiers/{draft.uid}/file/{section}/"


ANSWERS = {
    "subject-name": "Nguyễn Thị Ánh",
    "subject-birth_date": "2/3/1990",
    "subject-sex": "female",
    "subject-personal_number": "027 190 000 011",
    "subject-nationality": "Việt Nam",
    "ethnicity": "Kinh",
    "home-elsewhere": "",
    "home-detail": "12 Nguyễn Gia Thiều",
    "period": "present",
    "status": "divorced",
    "divorce_decision": "12/2020/HNGĐ, Tòa án nhân dân khu vực 1",
    "spouse": "Không còn hiện",
    "purpose": "đăng ký kết hôn",
    "true_statement": "on",
}


def whole(cast):
    return {**ANSWERS, "home-commune": cast.agency.territory.code}


def test_the_form_is_a_page_of_its_own_behind_the_request(draft, me, cast):
    assert completeness.draft_sections(draft) == ("applicant", "request", "declaration", "fee", "documents", "result")
    answer = me.post(page(draft, "request"), {"territory": cast.agency.territory.code})
    assert answer["Location"] == reverse("file-section", args=[draft.uid, "declaration"])
    shown = me.get(page(draft)).content.decode()
    assert "Nguyễn Thị Ánh" in shown  # known from the account
    assert "data-rules" in shown  # the browser checks before it sends


def test_answers_are_judged_kept_by_id_and_say_what_is_asked_for(draft, me, cast):
    answer = me.post(page(draft), whole(cast))
    assert answer.status_code == 302
    assert answer["Location"].endswith("/file/fee/")
    draft.refresh_from_db()
    kept = draft.answers["form"]["values"]
    assert kept["subject"] == {
        "name": "Nguyễn Thị Ánh",
        "birth_date": "1990-03-02",
        "sex": "female",
        "personal_number": "027190000011",
        "nationality": "Việt Nam",
    }
    assert "spouse" not in kept  # hidden by the status, so dropped
    assert draft.content.startswith("Cấp Giấy xác nhận tình trạng hôn nhân cho Nguyễn Thị Ánh")
    assert "declaration" not in {gap.section for gap in completeness.missing_parts(draft)}
    # The filled form is the paper that the catalogue asks for.
    assert "declaration" not in {paper.key for paper in draft_papers.required_documents(draft)}


def test_mistakes_come_back_in_sentences_with_what_was_typed(draft, me, cast):
    answer = me.post(page(draft), {**whole(cast), "subject-birth_date": "31/2/1990", "divorce_decision": ""})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "31/2/1990" in said
    assert "ngày có thật" in said
    assert 'href="#id_divorce_decision"' in said
    draft.refresh_from_db()
    assert "form" not in draft.answers
    assert [gap.section for gap in completeness.missing_parts(draft) if gap.section == "declaration"]


def test_the_open_page_saves_itself_and_is_shown_again(draft, me):
    address = reverse("file-typed", args=[draft.uid, "declaration"])
    assert me.post(address, {"ethnicity": "Tày", "unknown": "x", "draft_saves": "0"}).status_code == 204
    draft.refresh_from_db()
    assert open_pages.typed_answers(draft, "declaration") == {"ethnicity": "Tày"}
    assert 'value="Tày"' in me.get(page(draft)).content.decode()


def test_a_former_address_of_the_province_is_understood(draft, me, cast):
    old = {**whole(cast), "home-commune": "", "home-elsewhere": "xã Tam Giang, huyện Yên Phong, tỉnh Bắc Ninh"}
    assert me.post(page(draft), old).status_code == 302
    draft.refresh_from_db()
    home = draft.answers["form"]["values"]["home"]
    assert declaration.commune_names()[home["commune"]] == "Xã Tam Giang"
    assert home["detail"] == "12 Nguyễn Gia Thiều"


def test_a_new_version_asks_to_look_again(draft, me, cast):
    me.post(page(draft), whole(cast))
    draft.refresh_from_db()
    draft.answers["form"]["questionnaire"] = 0
    assert any("bản mới" in str(gap.sentence) for gap in completeness.missing_parts(draft))


def test_the_check_page_and_the_print_show_the_answers(draft, me, cast):
    me.post(page(draft), whole(cast))
    draft.refresh_from_db()
    lines = [line for part in declaration.answers_text(draft) for line in part.lines]
    assert any(line.text.startswith("12 Nguyễn Gia Thiều, ") for line in lines)
    pdf = me.get(reverse("my-dossier-declaration", args=[draft.uid]))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")


def test_the_receipt_names_the_declaration_that_was_filled_in_online(draft, me, cast):
    me.post(page(draft), whole(cast))
    draft.refresh_from_db()
    named = "Tờ khai cấp giấy xác nhận tình trạng hôn nhân"
    assert declaration.declared_paper(draft) == named
    [declared] = [each for each in receipt_of(draft, cast) if each["note"] == "Khai điện tử"]
    assert declared == {"name": named, "originals": 0, "copies": 0, "note": "Khai điện tử"}
    paper = next(each for each in draft.edition.documents.all() if each.name == named)
    draft.documents.create(kind="component", required_document=paper, name=paper.name, position=1, originals=1)
    assert declaration.declared_paper(draft) == ""  # said once


def receipt_of(dossier, cast):
    facts = receipt.gather(dossier, by=cast.counter, at=at("2026-11-23 09:10"), facts={})
    return facts["documents"]


def test_a_stranger_sees_neither_page_nor_print(draft, cast):
    stranger = Client()
    stranger.force_login(cast.stranger.account, backend="accounts.backends.AccountBackend")
    assert stranger.get(page(draft)).status_code == 404
    assert stranger.get(reverse("my-dossier-declaration", args=[draft.uid])).status_code == 404


def test_another_row_of_a_table_is_a_button_without_scripts(cast, me):
    edition = Edition.objects.get(procedure__code="1.001612", status="published")
    draft = drafts.start_draft(edition, cast.person, key="rows", at=at("2026-11-23 09:00"))
    answer = me.post(page(draft), {"trades-0-trade": "Bán phở", "do": "more-trades"})
    said = answer.content.decode()
    assert answer.status_code == 200
    assert "Bán phở" in said
    assert 'name="trades-1-trade"' in said


def test_papers_that_the_answers_ask_for_are_required(cast, me):
    edition = Edition.objects.get(procedure__code="1.000894", status="published")
    draft = drafts.start_draft(edition, cast.person, key="paper", at=at("2026-11-23 09:00"))
    questionnaire = declaration.form_in_force(draft)
    draft.answers["form"] = {"questionnaire": questionnaire.pk, "on": "2026-11-23", "values": {"divorced_abroad": True}}
    assert declaration.wanted_documents(draft, questionnaire) == {"divorce_abroad"}
    draft.answers["form"]["values"] = {"divorced_abroad": False}
    assert declaration.wanted_documents(draft, questionnaire) == set()


def test_every_carried_form_belongs_to_a_procedure_and_can_be_shown_in_both_languages(cast):
    from procedures.models import Questionnaire

    forms = Questionnaire.objects.filter(status="in_force", source="carried")
    assert forms.count() >= 20
    for form in forms:
        layout = read_layout(form.layout)
        assert layout.title_en
        assert all(question.label_en for _section, question in layout.questions()), form.procedure_id


def test_the_counter_fills_the_form_after_intake_once(cast):
    edition = Edition.objects.get(procedure__code="1.004873", status="published")
    dossier = received(cast, edition, at("2026-11-23 09:10"), limit_days=3)
    desk = Client()
    desk.force_login(cast.counter.account, backend="accounts.backends.AccountBackend")
    address = reverse("desk-form", args=[dossier.code])
    assert address in desk.get(reverse("desk-done", args=[dossier.code])).content.decode()
    assert desk.post(address, {**whole(cast), "purpose": ""}).status_code == 422
    assert desk.post(address, whole(cast))["Location"] == reverse("dossier", args=[dossier.code])
    shown = desk.get(reverse("dossier", args=[dossier.code])).content.decode()
    assert "12/2020/HNGĐ" in shown
    assert desk.get(reverse("dossier-declaration", args=[dossier.code])).content.startswith(b"%PDF")
    assert desk.get(address).status_code == 302  # once only
    dossier.refresh_from_db()
    assert dossier.content == "Xin cấp phiếu"  # as it was received
