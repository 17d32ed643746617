"""The official forms: their checks, the list behind each cell, what is kept and what has changed since."""

import io
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from core.refusals import NotAllowed, Refused
from dossiers.models import Dossier, State
from papers.models import Paper
from reports.forms import making, periods, templates
from reports.forms.definitions import FORMS
from reports.models import KeptForm
from reports.tasks import keep_forms
from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.people import signed_in

pytestmark = pytest.mark.django_db
NOW = at("2025-12-20 09:00")
LONG_AGO, ENDED = at("2025-11-04 09:00"), at("2025-12-10 09:00")


@pytest.fixture
def quarter(cast, edition, monkeypatch):
    """One carried over and settled late, one received and settled early, one overdue; the quarter is over."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    facts = (
        ("2025-09-10 09:00", State.DONE, "2025-10-20 09:00", "2025-10-10 17:00"),
        ("2025-10-01 09:00", State.DONE, "2025-10-06 09:00", "2025-10-10 17:00"),
        ("2025-11-03 09:00", State.PROCESSING, None, "2025-11-20 17:00"),
    )
    found = []
    for n, (moment, state, finished, due) in enumerate(facts):
        dossier = received(cast, edition, at(moment), key=f"f{n}")
        values = {"state": state, "finished_at": finished and at(finished), "due_at": at(due)}
        Dossier.objects.filter(pk=dossier.pk).update(**values)
        found.append(dossier)
    return found


@pytest.mark.parametrize(
    ("key", "day", "first", "last"),
    [
        ("2026-Q3", 14, "2026-06-15", "2026-09-14"),
        ("2026-Q1", 14, "2025-12-15", "2026-03-14"),
        ("2026", 14, "2025-12-15", "2026-12-14"),
        ("2026-Q3", 0, "2026-07-01", "2026-09-30"),
        ("2026", 0, "2026-01-01", "2026-12-31"),
    ],
)
def test_a_quarter_ends_on_the_cut_off_day(settings, key, day, first, last):
    settings.REPORT_CUTOFF_DAY = day
    period = periods.reporting_period(key)
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)
    assert periods.reporting_period("2026-Q5") is None


def test_the_last_quarter_that_is_over():
    assert periods.last_ended(date(2026, 9, 14)) == "2026-Q2"
    assert periods.last_ended(date(2026, 9, 15)) == "2026-Q3"
    assert periods.choices(date(2026, 9, 15))[0] == "2026-Q4"


def test_the_form_of_an_agency(quarter, cast):
    form = templates.printed_in_force(FORMS["06b"])
    content = making.compute(form, cast.agency, "2025-Q4", at=NOW)
    assert [int(n) for n in content["total"].values()] == [3, 0, 2, 1, 2, 1, 0, 1, 1, 0, 1]
    assert not making.failed_checks(form, content)
    broken = {"rows": [], "total": {**content["total"], "3": 4}}
    assert making.failed_checks(form, broken) == ["3=4+5+6", "3=7+11"]


@pytest.mark.parametrize("key", list(FORMS))
def test_each_cell_opens_a_list_as_long(quarter, cast, key):
    supervisor = signed_in(cast.supervisor)
    agency = {"centre": cast.centre, "agency": cast.agency}.get(FORMS[key].whose)
    query = {"period": "2025-Q4", **({"agency": agency.pk} if agency else {})}
    page = supervisor.get(reverse("reports-form", args=[key]), query)
    assert page.status_code == 200
    assert all(check["holds"] for check in page.context["checks"])
    links = [cell for row in (*page.context["rows"], page.context["total_row"]) for cell in row["cells"] if cell["url"]]
    assert links
    for cell in links:
        assert str(supervisor.get(cell["url"]).context["total"]) == cell["number"], cell


def test_a_form_is_kept_as_it_was_sent_and_what_changed_is_shown(quarter, cast):
    leader = signed_in(cast.leader)
    address = reverse("reports-form", args=["06b"])
    query = "?period=2025-Q4"
    signer = {"signer_title": "TM. Ủy ban nhân dân\nKT. Chủ tịch\nPhó Chủ tịch", "signer": "Trần Văn Ký"}
    kept_page = leader.post(address + query, signer, follow=True)
    kept = KeptForm.objects.get()
    assert (kept.version, kept.agency, kept.automatic) == (1, cast.agency, False)
    paper = Paper.objects.get(owner=kept.owner)
    assert paper.number.endswith("/BC")
    assert leader.get(reverse("paper", args=[paper.code]))["Content-Type"] == "application/pdf"
    assert not kept_page.context["changes"]
    assert not kept_page.context["may_keep"]
    leader.post(address + query, signer)
    assert KeptForm.objects.count() == 1  # nothing has changed, so there is nothing new to keep
    Dossier.objects.filter(pk=quarter[2].pk).update(state=State.DONE, finished_at=at("2025-11-19 09:00"))
    shown = leader.get(f"{address}{query}&version=1")
    changed = {(change.number, change.kept, change.now) for change in shown.context["changes"]}
    assert shown.context["may_keep"]
    assert changed == {(7, 2, 3), (8, 1, 2), (11, 1, 0), (13, 1, 0)}
    leader.post(address + query, signer)
    assert KeptForm.objects.order_by("version").values_list("version", flat=True).last() == 2
    workbook = load_workbook(io.BytesIO(leader.get(reverse("reports-form-xlsx", args=["06b"]) + query).content))
    total = [cell.value for row in workbook.worksheets[0].iter_rows() for cell in row if row[1].value == "Tổng số"]
    assert total[2:] == [3, 0, 2, 1, 3, 2, 0, 1, 0, 0, 0]
    texts = {cell.value for row in workbook.worksheets[0].iter_rows() for cell in row}
    assert {"Người lập biểu", cast.leader.label} < texts
    draft = leader.get(reverse("reports-form-pdf", args=["06b"]) + query)
    assert draft.content.startswith(b"%PDF")


def test_what_was_withdrawn_and_what_was_late_without_a_letter_has_columns_in_07a(quarter, cast, edition):
    asked_back, lapsed = (received(cast, edition, at("2025-11-03 09:00"), key=key) for key in ("w", "l"))
    Dossier.objects.filter(pk__in=(asked_back.pk, lapsed.pk)).update(state=State.STOPPED, closed_at=ENDED)
    told = ((asked_back, "stop", ENDED), (lapsed, "stop", LONG_AGO), (lapsed, "lapse", ENDED))  # reopened in between
    for number, (dossier, action, moment) in enumerate(told, 90):
        dossier.events.create(revision=number, action=action, to_state=State.STOPPED, at=moment)
    quarter[0].events.create(revision=90, action="apologise", to_state=State.DONE, at=NOW)
    Dossier.objects.filter(pk=quarter[1].pk).update(due_at=at("2025-10-03 09:00"))
    form = templates.printed_in_force(FORMS["07a-btp"])
    total = making.compute(form, None, "2025-Q4", at=at("2026-01-10 09:00"))["total"]
    counted = {column.measure: total[column.key] for column in form.columns}
    assert (counted["stopped"], counted["withdrawn"]) == (2, 1)
    late = [counted[name] for name in ("form_late", "late_with_letter", "late_without_letter")]
    assert late == [2, 1, 1]
    heads = [column.head for column in form.columns]
    assert heads.index("Quá hạn, không có thư xin lỗi") == heads.index("Quá hạn, có thư xin lỗi") + 1


def test_a_form_kept_before_a_column_came_is_shown_without_it(quarter, cast):
    supervisor = signed_in(cast.supervisor)
    content = making.compute(templates.printed_in_force(FORMS["07a-btp"]), None, "2025-Q3", at=NOW)
    for values in (content["total"], *(row["values"] for row in content["rows"])):
        del values["22"], values["23"]
    days = periods.reporting_period("2025-Q3")
    KeptForm.objects.create(
        form="07a-btp",
        period="2025-Q3",
        first_day=days.first,
        last_day=days.last,
        version=1,
        content=content,
        made_at=NOW,
        made_by="Hệ thống",
    )
    page = supervisor.get(reverse("reports-form", args=["07a-btp"]), {"period": "2025-Q3", "version": 1})
    assert len(page.context["total_row"]["cells"]) == 19
    assert supervisor.get(page.context["xlsx_url"]).status_code == 200
    [group] = supervisor.get(reverse("reports-forms")).context["kept"]
    assert (group["official"], group["year"], len(group["versions"])) == ("07a/BTP", "2025", 1)
    now = supervisor.get(page.context["now_url"])
    assert len(now.context["total_row"]["cells"]) == 21


def test_who_signs_is_asked_printed_and_kept(quarter, cast):
    leader, address = signed_in(cast.leader), reverse("reports-form", args=["06b"]) + "?period=2025-Q4"
    usual = leader.get(address).context["signer_form"].initial
    assert usual["signer"] == cast.leader.account.full_name
    assert leader.post(address, {"signer_title": " ", "signer": "X"}).status_code == 422
    assert leader.post(address, {"signer_title": "\n".join("abcde")}).status_code == 422
    assert not KeptForm.objects.exists()
    first = making.keep(FORMS["06b"], cast.agency, "2025-Q4", by="Hệ thống", at=NOW, automatic=True)
    assert (first.signer, bool(first.signer_title)) == ("", True)  # the head, by hand
    signer = {"signer_title": "KT. Giám đốc\r\n\r\nPhó Giám đốc", "signer": " Trần Văn Ký "}
    page = leader.post(address, signer, follow=True)
    kept = KeptForm.objects.get(version=2)  # the figures are the same, the paper is signed by somebody else
    assert (kept.signer_title, kept.signer) == ("KT. Giám đốc\nPhó Giám đốc", "Trần Văn Ký")
    assert "Trần Văn Ký" in page.content.decode()
    facts = Paper.objects.get(owner=kept.owner).facts
    assert (facts["signer"], facts["signer_title"]) == (kept.signer, kept.signer_title)
    sheet = load_workbook(io.BytesIO(leader.get(page.context["xlsx_url"]).content)).worksheets[0]
    texts = [cell.value for row in sheet.iter_rows() for cell in row if cell.value]
    assert texts[-5:] == ["Người lập biểu", "KT. Giám đốc", "Phó Giám đốc", kept.made_by, "Trần Văn Ký"]


def test_who_sees_and_who_keeps(quarter, cast):
    for who, address, status in (
        ("head", "06b", 200),
        ("head", "06c", 403),
        ("leader", "06a", 403),
        ("supervisor", "06c", 200),
        ("supervisor", "06b", 404),
        ("officer", "06b", 403),
        ("head", "none", 404),
    ):
        assert signed_in(getattr(cast, who)).get(reverse("reports-form", args=[address])).status_code == status, who
    elsewhere = {"agency": cast.centre.pk}
    assert signed_in(cast.leader).get(reverse("reports-form", args=["06b"]), elsewhere).status_code == 403
    with pytest.raises(NotAllowed):
        making.keep_by(cast.head, FORMS["06b"], cast.agency, "2025-Q4", at=NOW)
    with pytest.raises(Refused, match="chưa hết"):
        making.keep_by(cast.leader, FORMS["06b"], cast.agency, "2026-Q1", at=NOW)
    for who in ("head", "supervisor"):
        assert signed_in(getattr(cast, who)).get(reverse("reports-forms")).status_code == 200


def test_the_timetable_keeps_each_form_once(quarter, cast):
    first = keep_forms()
    assert first == KeptForm.objects.count() >= 5
    assert KeptForm.objects.filter(form="06b", agency=cast.agency, period="2025-Q4", automatic=True).count() == 1
    assert keep_forms() == 0
