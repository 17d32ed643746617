"""Routes over HTTP: drawn, refused in words, put in force by a second person, and unchangeable from then on."""

import re

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from accounts.models import Account, StaffPost
from agencies.models import Agency
from procedures import routes
from procedures.models import Procedure, Route
from procedures.routes import versions
from procedures.routes.steps import read_steps
from tests.factories.catalogue import AT
from tests.procedures.pages import client_as

CODE = "1.009645"  # approval of an investment: 17 working days


@pytest.fixture
def controller(catalogue):
    return client_as(StaffPost.Role.CONTROLLER, "nguoi-soan")


@pytest.fixture
def second(catalogue):
    return client_as(StaffPost.Role.SUPERVISOR, "nguoi-duyet")


@pytest.fixture
def draft(controller):
    answer = controller.post(reverse("manage-route-start", args=[CODE]))
    assert answer.status_code == 302
    return Route.objects.get(procedure__code=CODE)


def address(draft, page="manage-route"):
    return reverse(page, args=[CODE, draft.pk])


def press(client, draft, do, **more):
    """A button under the version, on a page as it is now."""
    draft.refresh_from_db()
    return client.post(address(draft), {"do": do, "revision": str(draft.revision), **more})


def in_force(writer, checker, draft):
    assert press(writer, draft, "submit").status_code == 302
    assert press(checker, draft, "force").status_code == 302
    draft.refresh_from_db()


def fields_of(client, url):
    """The form's fields as a browser would send them back."""
    html = client.get(url).content.decode()
    form = html[html.index('name="revision"') - 200 :]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]*)"', tag)
        if not name or ('type="checkbox"' in tag and "checked" not in tag):
            continue
        value = re.search(r'value="([^"]*)"', tag)
        found.setdefault(name[1], []).append(value[1] if value else "")
    for name, body in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', body)
        found[name] = [chosen[1] if chosen else ""]
    for name, body in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.S):
        found[name] = [body.strip()]
    found.pop("csrfmiddlewaretoken", None)
    return found


def test_from_a_wrong_sum_to_force_by_a_second_person(controller, second, draft):
    assert sum(s.limit.minutes for s in read_steps(draft.steps)) == 17 * 480  # the standard route, shared out
    fields = fields_of(controller, address(draft, "manage-route-edit"))
    assert fields["steps"] == ["7"]
    wrong = fields | {"s2-amount": ["1/2"], "s2-unit": ["day"], "do": ["save"], "name": ["Quy trình chấp thuận"]}
    assert controller.post(address(draft, "manage-route-edit"), wrong).status_code == 302
    shown = second.get(address(draft)).content.decode()
    assert "thiếu 9,75 ngày" in shown
    answer = press(controller, draft, "submit")
    assert answer.status_code == 409
    assert "thiếu 9,75 ngày" in answer.content.decode()
    assert press(second, draft, "force").status_code == 409
    draft.refresh_from_db()
    assert draft.status == Route.Status.DRAFT

    right = wrong | {"s2-amount": fields["s2-amount"], "s2-unit": fields["s2-unit"], "revision": [str(draft.revision)]}
    assert controller.post(address(draft, "manage-route-edit"), right).status_code == 302
    assert press(controller, draft, "submit").status_code == 302
    refused = press(controller, draft, "force")
    assert refused.status_code == 409
    assert "không tự đưa vào áp dụng" in refused.content.decode()
    assert press(second, draft, "force").status_code == 302
    draft.refresh_from_db()
    assert (draft.status, draft.number) == (Route.Status.IN_FORCE, 1)
    edition = Procedure.objects.get(code=CODE).current
    assert sum(s.minutes for s in routes.route_for(edition, "", "province")) == 17 * 480
    assert controller.get(address(draft, "manage-route-edit")).status_code == 302
    assert controller.post(address(draft), {"do": "discard"}).status_code == 409


def test_a_later_version_replaces_the_one_in_force(controller, second, draft):
    in_force(controller, second, draft)
    controller.post(reverse("manage-route-start", args=[CODE]), {"source": draft.pk})
    later = Route.objects.get(procedure__code=CODE, status="draft")
    in_force(controller, second, later)
    draft.refresh_from_db()
    assert (draft.status, later.status, later.number) == ("replaced", "in_force", 2)
    assert draft.ended_at == later.in_force_at


def test_a_wrong_publication_is_undone_and_the_version_before_holds_again(controller, second, draft):
    in_force(controller, second, draft)
    controller.post(reverse("manage-route-start", args=[CODE]), {"source": draft.pk})
    later = Route.objects.get(procedure__code=CODE, status="draft")
    in_force(controller, second, later)
    assert press(second, later, "undo").status_code == 409, "a reason is asked for"
    assert press(second, later, "undo", reason="Nhầm thủ tục").status_code == 302
    draft.refresh_from_db()
    later.refresh_from_db()
    assert (draft.status, draft.ended_at, later.status, later.reason) == ("in_force", None, "undone", "Nhầm thủ tục")
    assert press(second, draft, "undo", reason="Cũng nhầm").status_code == 302
    assert not Route.objects.filter(procedure__code=CODE, status="in_force").exists(), "the standard route holds"


def test_whoever_wrote_any_part_does_not_put_it_in_force(controller, draft, catalogue):
    """The first writer stays one, though another saved the draft after; and so does who settled an open query."""
    other = client_as(StaffPost.Role.CONTROLLER, "nguoi-soan-hai")
    url = address(draft, "manage-route-edit")
    assert other.post(url, fields_of(other, url) | {"do": ["save"]}).status_code == 302
    third = client_as(StaffPost.Role.CONTROLLER, "nguoi-soan-ba")
    Route.objects.filter(pk=draft.pk).update(open_queries=[{"kind": "limit", "text": "Thời hạn?", "step": ""}])
    assert press(third, draft, "settle-0").status_code == 302
    press(controller, draft, "submit")
    for writer in (controller, other, third):
        refused = press(writer, draft, "force")
        assert refused.status_code == 409
        assert "không tự đưa vào áp dụng" in refused.content.decode()
    account = Account.objects.get(username="nguoi-soan")
    with pytest.raises(IntegrityError, match="route_by_a_second_person"), transaction.atomic():
        Route.objects.filter(pk=draft.pk).update(status="in_force", number=1, in_force_at=AT, in_force_by=account)


def test_the_second_of_two_editors_is_told_and_loses_nothing(controller, draft, catalogue):
    other, url = client_as(StaffPost.Role.CONTROLLER, "nguoi-soan-hai"), address(draft, "manage-route-edit")
    mine, theirs = fields_of(controller, url), fields_of(other, url)
    assert other.post(url, theirs | {"name": ["Bản của người kia"], "do": ["save"]}).status_code == 302
    answer = controller.post(url, mine | {"name": ["Bản của tôi"], "s2-amount": ["2,5"], "do": ["save"]})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "nguoi-soan-hai" in page
    assert 'value="Bản của tôi"' in page
    assert 'name="s2-amount" value="2,5"' in page
    draft.refresh_from_db()
    assert draft.name == "Bản của người kia"
    seen = mine | {"name": ["Bản của tôi"], "do": ["save"], "revision": [str(draft.revision)]}
    assert controller.post(url, seen).status_code == 302, "knowing of the other's, one may write over it"


def test_what_was_submitted_is_given_back_with_a_reason(controller, second, draft):
    press(controller, draft, "submit")
    assert controller.get(address(draft, "manage-route-edit")).status_code == 302, "not edited while it is looked at"
    assert press(second, draft, "return", reason="Bước 2 quá ngắn").status_code == 302
    assert "Bước 2 quá ngắn" in controller.get(address(draft)).content.decode()
    assert press(second, draft, "submit").status_code == 409, "a supervisor writes no routes"


def test_the_database_keeps_what_is_in_force(controller, second, draft):
    in_force(controller, second, draft)
    for change in ({"steps": []}, {"name": "x"}, {"case": "y"}, {"status": "draft"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Route.objects.filter(pk=draft.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Route.objects.filter(pk=draft.pk).delete()


def test_buttons_change_the_form_and_nothing_else(controller, draft):
    url = address(draft, "manage-route-edit")
    fields = fields_of(controller, url)
    before = draft.steps

    def press(do, at=fields):
        answer = controller.post(url, at | {"do": [do]})
        assert answer.status_code == 200
        return answer.content.decode()

    assert 'name="s7-name"' in press("add-3")
    assert 'name="s6-name"' not in press("remove-2")
    assert 'name="s2-o0-question"' in press("ask-3")
    assert 'name="s0-key" value="assign"' in press("down-1")
    assert 'name="s1-key" value="verify"' in press("up-3")
    draft.refresh_from_db()
    assert draft.steps == before


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"steps": "99999", "do": "save"},
        {"steps": "x", "do": "up-0"},
        {"steps": "2", "do": "remove-9", "s0-amount": "\x00", "s1-back_to": ["zz"] * 99},
        {"steps": "1", "do": "save", "s0-name": "a\x00b", "s0-amount": "mười", "s0-share": "nan", "s0-act": "bay"},
        {"steps": "1", "do": "save", "name": "x", "s0-amount": "1/0", "s0-opinions": "3", "s0-o0-amount": "9e9"},
        {"steps": "1", "do": "save", "name": "x", "case": "nowhere", "agency_key": "moon", "territory_code": "12"},
        {"do": "unask-1-1-1"},
        {"do": "-"},
    ],
)
def test_whatever_is_sent_is_answered(controller, draft, sent):
    answer = controller.post(address(draft, "manage-route-edit"), sent)
    assert answer.status_code in {200, 302, 422}
    assert controller.post(address(draft), sent).status_code == 409


def test_an_amount_that_cannot_be_read_is_said_at_its_field(controller, draft):
    url = address(draft, "manage-route-edit")
    answer = controller.post(url, fields_of(controller, url) | {"s1-amount": ["hai ba"], "do": ["save"]})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Bước 2: không đọc được thời hạn “hai ba”" in html
    assert 'href="#s1-amount"' in html
    assert 'value="hai ba"' in html


def test_the_rehearsal_and_the_sheet(second, draft):
    url = address(draft, "manage-route-rehearsal")
    assert second.get(url).status_code == 200
    html = second.get(url, {"day": "23/11/2026", "hour": "09:10", "channel": "counter"}).content.decode()
    assert "Các bước cộng lại 17 ngày" in html
    assert "Kịp hạn" in html
    assert "Sở Tài chính" in html
    for wrong in ({"day": "23/11/2099", "hour": "09:10"}, {"day": "x", "hour": "y"}, {"day": "23/11/2026"}):
        assert second.get(url, {"channel": "counter", **wrong}).status_code == 422
    sheet = second.get(address(draft, "manage-route-sheet")).content.decode()
    assert "<svg" in sheet
    assert "Quy trình 7 bước, cộng 17 ngày" in sheet


def test_lists_of_routes(controller, second, draft, django_assert_max_num_queries):
    for _ in range(5):
        controller.post(reverse("manage-route-start", args=[CODE]))
    with django_assert_max_num_queries(60):
        html = controller.get(reverse("manage-routes-of", args=[CODE])).content.decode()
    assert html.count("Quy trình riêng") >= 6
    assert second.get(reverse("manage-routes")).content.decode().count("Quy trình riêng") == 6


def test_a_route_of_a_case_and_of_an_agency_goes_first(controller, draft):
    """The agency's own before everybody's, then the case's own."""
    procedure = Procedure.objects.get(code=CODE)
    finance = Agency.objects.get(key="finance", valid_to=None)
    steps = read_steps(draft.steps)
    for name, facts in {"a": {"agency_key": "finance"}, "c": {"case": "investor"}, "all": {}}.items():
        versions.publish_bundled(Route(procedure=procedure, name=name, **facts), [*steps], "test", AT)

    def taken(case, agency):
        found = routes.planning.chosen(procedure.current, case, "province", agency=agency)
        return found.name

    assert taken("investor", finance) == "a"
    assert taken("investor", None) == "c"
    assert taken("agency", None) == "all"
    assert versions.publish_bundled(Route(procedure=procedure, name="all"), [*steps], "test", AT) is False
