"""The pages on which papers are asked for and their wordings are kept."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import StaffPost
from dossiers import letters, registers
from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier
from papers.models import Paper, PaperRun, PaperTemplate
from papers.templates import TemplateWorkflow
from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.people import AccountFactory, signed_in, staff_actor

MORNING = at("2026-11-23 09:00")


@pytest.fixture
def keepers(cast) -> tuple[Client, Client]:
    """A catalogue controller and an administrator, of the whole province."""
    made = []
    for name, role in (("danhmuc1", StaffPost.Role.CONTROLLER), ("quantri1", StaffPost.Role.ADMINISTRATOR)):
        made.append(signed_in(staff_actor(name, "office", role)))
    return made[0], made[1]


def filled(client: Client, key: str) -> dict[str, object]:
    """The draft's form as a browser would send it."""
    page = client.get(reverse("manage-paper-draft", args=[key]))
    sent = {name: page.context["head"][name].value() for name in page.context["head"].fields}
    rows = page.context["rows"]
    sent |= {f"b-{name}": value for name, value in rows.management_form.initial.items()}
    for row in rows.forms:
        for name in row.fields:
            value = row[name].value()
            if value not in (None, False):
                sent[f"{row.prefix}-{name}"] = value
    return sent


def test_a_wording_goes_from_draft_to_force_with_two_pairs_of_eyes(cast, edition, keepers):
    controller, administrator = keepers
    page = controller.get(reverse("manage-papers"))
    assert page.status_code == 200
    assert "Giấy tiếp nhận hồ sơ và hẹn trả kết quả" in page.content.decode()
    assert controller.post(reverse("manage-paper-begin", args=["receipt"]), {"from": "0"}).status_code == 302
    sent = filled(controller, "receipt")
    sent |= {"title": "Giấy hẹn", "sign": "GH", "b-0-what": "", "b-2-label": "Nhận của", "b-2-position": "5"}
    assert controller.post(reverse("manage-paper-draft", args=["receipt"]), sent).status_code == 302
    draft = PaperTemplate.objects.get(form="receipt")
    kept = draft.wording["blocks"]
    assert (draft.wording["title"], draft.wording["sign"], draft.number) == ("Giấy hẹn", "GH", 1)
    assert kept[0] == {"kind": "line", "label": "Nhận của", "text": "{applicant}"}
    assert not any(block.get("text") == "{unit}" for block in kept)
    assert len(kept) == len(letters.FORMS["receipt"].wording.blocks) - 1
    # The controller submits and may not put it in force; the administrator may, with a reason.
    url = reverse("manage-paper", args=["receipt"])
    assert controller.post(url, {"do": "submit", "revision": "1"}).status_code == 302
    assert controller.post(url, {"do": "force", "revision": "1", "reason": "x"}).status_code == 409
    page = administrator.get(url)
    assert "Giấy hẹn" in page.content.decode()
    refused = administrator.post(url, {"do": "force", "revision": "1", "reason": ""})
    assert refused.status_code == 409
    assert "ghi lý do" in refused.content.decode()
    assert administrator.post(url, {"do": "force", "revision": "1", "reason": "Thông tư 03"}).status_code == 302
    paper = Paper.objects.get(owner=received(cast, edition, MORNING, limit_days="5").reference)
    assert (paper.title, paper.number, paper.template_version) == ("Giấy hẹn", "01/GH", 1)
    page = administrator.get(reverse("manage-paper-version", args=["receipt", 1]))
    assert "Ký hiệu: GH" in page.content.decode()
    assert "Khác với bản 0" in page.content.decode()


def test_an_untouched_form_keeps_the_wording_as_it_was(keepers):
    controller, _administrator = keepers
    for key, form in letters.FORMS.items():
        controller.post(reverse("manage-paper-begin", args=[key]))
        answer = controller.post(reverse("manage-paper-draft", args=[key]), filled(controller, key))
        assert answer.status_code == 302, key
        assert PaperTemplate.objects.get(form=key).wording == form.wording.as_json(), key


def test_mistakes_are_kept_named_and_stop_nothing_but_the_coming_into_force(keepers):
    controller, administrator = keepers
    controller.post(reverse("manage-paper-begin", args=["apology"]))
    sent = filled(controller, "apology") | {"b-1-text": "{nobody} xin lỗi"}
    controller.post(reverse("manage-paper-draft", args=["apology"]), sent)
    page = controller.get(reverse("manage-paper-draft", args=["apology"])).content.decode()
    assert "Dòng 20: Mẫu này không có chỗ điền {nobody}" in page
    refused = controller.post(reverse("manage-paper", args=["apology"]), {"do": "submit", "revision": "1"})
    assert refused.status_code == 409
    assert "{nobody}" in refused.content.decode()
    trial = administrator.get(reverse("manage-paper-trial", args=["apology", 1]))
    assert trial["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"title": ""}, 422),
        ({"size": "99"}, 422),
        ({"revision": "7"}, 409),
        ({"b-0-what": "part:nothing"}, 422),
        ({"b-0-position": "abc"}, 422),
        ({"b-TOTAL_FORMS": "zz"}, 422),
    ],
)
def test_bad_input_gets_its_page_again(keepers, change, status):
    controller, _administrator = keepers
    controller.post(reverse("manage-paper-begin", args=["stop"]))
    answer = controller.post(reverse("manage-paper-draft", args=["stop"]), filled(controller, "stop") | change)
    assert answer.status_code == status
    assert PaperTemplate.objects.get(form="stop").revision == 0


def test_a_draft_is_abandoned_and_one_that_is_gone_says_so(keepers):
    controller, _administrator = keepers
    url = reverse("manage-paper", args=["stop"])
    assert controller.get(reverse("manage-paper-draft", args=["stop"])).status_code == 302
    assert controller.post(url, {"do": "discard"}).status_code == 409
    controller.post(reverse("manage-paper-begin", args=["stop"]))
    assert controller.post(url, {"do": "discard"}).status_code == 302
    assert not PaperTemplate.objects.exists()
    assert controller.get(reverse("manage-paper-trial", args=["stop", 99])).status_code == 404
    assert controller.get(reverse("manage-paper-version", args=["stop", 10**12])).status_code == 404
    assert controller.get(reverse("manage-paper", args=["no-such"])).status_code == 404


def test_the_list_of_forms_costs_the_same_whatever_is_stored(keepers, django_assert_max_num_queries):
    controller, _administrator = keepers
    one, other = (Actor(account=AccountFactory(username=name)) for name in ("soan", "duyet"))
    for key, form in letters.FORMS.items():
        workflow = TemplateWorkflow(form.vocabulary)
        draft = workflow.begin_template(key, replace(form.wording, sign="X"), by=one, at=MORNING)
        workflow.submit_draft(draft.pk, revision=0, by=one, at=MORNING)
        workflow.put_in_force(draft.pk, revision=0, reason="Mới", by=other, at=MORNING)
        workflow.begin_template(key, form.wording, by=one, at=MORNING)
    with django_assert_max_num_queries(12):
        assert controller.get(reverse("manage-papers")).status_code == 200


def test_the_control_slip_is_issued_anew_only_when_something_happened(cast, edition):
    dossier = received(cast, edition, MORNING, limit_days="5")
    client, url = signed_in(cast.officer), reverse("dossier-control-slip", args=[dossier.code])
    assert client.get(url).status_code == 302
    assert not Paper.objects.filter(form="control_slip").exists()
    first, second = client.post(url), client.post(url)
    slip = Paper.objects.get(form="control_slip")
    assert first["Location"] == second["Location"] == reverse("paper", args=[slip.code])
    assert client.get(first["Location"])["Content-Type"] == "application/pdf"
    dossier = Dossier.objects.get(pk=dossier.pk)
    execute_transition(dossier, "take", cast.officer, at=timezone.now())
    client.post(url)
    newest = Paper.objects.filter(form="control_slip").first()
    assert (newest.number, newest.replaces) == ("02/KSHS", slip)
    assert signed_in(cast.citizen).post(url).status_code == 403
    assert signed_in(cast.officer).post(reverse("dossier-control-slip", args=["no-such"])).status_code == 404


def test_buttons_stand_on_the_dossier_and_lead_to_what_they_say(cast, edition):
    dossier = received(cast, edition, MORNING, limit_days="5")
    counter = signed_in(cast.counter)
    page = counter.get(reverse("dossier", args=[dossier.code])).content.decode()
    done = counter.get(reverse("desk-done", args=[dossier.code])).content.decode()
    for name in ("dossier-control-slip", "dossier-cover"):
        assert reverse(name, args=[dossier.code]) in page
        assert reverse(name, args=[dossier.code]) in done
    label = reverse("dossier-label", args=[dossier.code])
    assert label not in page
    refused = counter.get(label)
    assert refused.status_code == 409
    assert "không chọn nhận kết quả qua bưu chính" in refused.content.decode()
    Dossier.objects.filter(pk=dossier.pk).update(return_method="post", return_address="Số 1 Lê Lợi")
    assert label in counter.get(reverse("dossier", args=[dossier.code])).content.decode()
    for url in (
        label,
        reverse("dossier-cover", args=[dossier.code]),
        reverse("dossier-cover", args=[dossier.code]) + "?separators",
        reverse("desk-separator"),
    ):
        answer = counter.get(url)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf"), url
        assert set(answer["Cache-Control"].split(", ")) == {"private", "no-store"}
    assert signed_in(cast.stranger).get(label).status_code == 403


def test_a_book_is_asked_for_watched_and_opened(cast, edition):
    received(cast, edition, at("2026-11-02 09:00"), limit_days="5")
    counter = signed_in(cast.counter)
    page = counter.get(reverse("registers"))
    assert "Chưa lập sổ nào" in page.content.decode()
    sent = {"since": "01/11/2026", "until": "30/11/2026", "key": page.context["form"]["key"].value()}
    first, second = counter.post(reverse("registers"), sent), counter.post(reverse("registers"), sent)
    run = PaperRun.objects.get()
    assert first["Location"] == second["Location"] == reverse("register", args=[run.uid])
    waiting = counter.get(first["Location"])
    assert 'hx-trigger="every 2s"' in waiting.content.decode()
    registers.make_volumes(run.pk)
    part = counter.get(first["Location"], headers={"HX-Request": "true"}).content.decode()
    assert "Sổ đã lập xong" in part
    assert "hx-get" not in part
    assert "<html" not in part
    paper = run.volumes().get()
    assert reverse("paper", args=[paper.code]) in part
    assert counter.get(reverse("paper", args=[paper.code]))["Content-Type"] == "application/pdf"
    assert "01/11/2026 – 30/11/2026" in counter.get(reverse("registers")).content.decode()
    assert signed_in(cast.head).get(first["Location"]).status_code == 404
    assert signed_in(cast.supervisor).get(first["Location"]).status_code == 403, "a register is a list of people"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"until": "01/10/2026"}, "Ngày cuối phải bằng hoặc sau ngày đầu."),
        ({"since": "01/01/2020"}, "nhiều nhất một năm"),
        ({"since": "31/02/2026"}, "Từ ngày"),
        ({"until": ""}, "Đến ngày"),
    ],
)
def test_a_wrong_period_gets_a_sentence(cast, change, sentence):
    sent = {"since": "01/11/2026", "until": "30/11/2026", "key": "k"} | change
    answer = signed_in(cast.counter).post(reverse("registers"), sent)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not PaperRun.objects.exists()
