"""What hurts most and why, the trend and the place of an agency, where working time was lost, what is unusual."""

import io
import re
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from agencies.models import Agency
from dossiers.deadlines import clock
from dossiers.lifecycle import execute_transition
from dossiers.models import AlertKind, BulkRun, DeadlineAlert, Dossier, DossierEvent, Opinion, State, StepRun
from dossiers.views import sheet
from dossiers.views.lists import row_of
from reports import charts, figures, trend, unusual
from reports.causes import step_losses
from reports.durations import working_times
from reports.indicators import MEASURES
from reports.people import workloads
from reports.periods import named
from reports.population import EVERYTHING
from reports.reasons import reasons_of
from reports.scope import Scope
from tests.factories.dossiers import received, to_result
from tests.factories.moments import at
from tests.factories.people import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("papers_drawn_once")]
NOW = at("2026-11-18 11:00")


@pytest.fixture
def now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return NOW


def taken(cast, edition, key="k", **facts):
    dossier = received(cast, edition, at("2026-11-16 09:00"), key=key)
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-16 10:00"))
    Dossier.objects.filter(pk=dossier.pk).update(**facts)
    dossier.refresh_from_db()
    return dossier


def words(dossier):
    loaded = Dossier.objects.select_related("step", "holder__account", "edition").get(pk=dossier.pk)
    return [reason.text for reason in reasons_of([loaded], at=NOW)[dossier.pk]]


def test_why_a_dossier_is_not_further(cast, edition, django_assert_num_queries):
    dossier = taken(cast, edition)
    StepRun.objects.filter(pk=dossier.step_id).update(due_at=NOW + timedelta(days=1))
    assert words(dossier) == [f"Đang ở bước “{dossier.step.name}”"]
    StepRun.objects.filter(pk=dossier.step_id).update(due_at=NOW - timedelta(minutes=1))
    assert words(dossier) == [f"Quá hạn của bước “{dossier.step.name}”, ở bước này"]
    Opinion.objects.create(
        dossier=dossier, agency=cast.centre, question="?", minutes=60, asked_at=NOW, due_at=NOW - timedelta(hours=1)
    )
    assert words(dossier)[0] == f"Chờ ý kiến của {cast.centre.name}, quá hạn trả lời"
    Dossier.objects.filter(pk=dossier.pk).update(state=State.FINANCIAL)
    assert "Chờ người nộp thực hiện nghĩa vụ tài chính" in words(dossier)
    cast.officer.account.is_active = False
    cast.officer.account.save()
    assert words(dossier)[-1].startswith("Người giữ bước")
    Dossier.objects.filter(pk=dossier.pk).update(holder=None)
    assert words(dossier)[-1].startswith("Chưa ai nhận bước")
    many = list(Dossier.objects.select_related("step", "holder__account", "edition"))
    with django_assert_num_queries(3):
        reasons_of(many * 3, at=NOW)


def test_a_head_sees_first_what_hurts_most_and_reminds_there(cast, edition, now):
    soon = taken(cast, edition, key="a", due_at=NOW + timedelta(hours=3))
    late = taken(cast, edition, key="b", due_at=NOW - timedelta(days=3))
    taken(cast, edition, key="c", due_at=NOW + timedelta(days=60))
    head = signed_in(cast.head)
    page = head.get(reverse("reports"))
    assert [row["dossier"].pk for row in page.context["urgent"]] == [late.pk, soon.pk]
    assert [one["number"] for one in page.context["hurting"]] == ["1", "1"]
    assert late.step.name in page.content.decode()
    address = reverse("reports-remind", args=[late.code])
    assert f'formaction="{address}"' in page.content.decode()
    head.post(address, {"revision": late.revision, "next": reverse("reports")})
    assert DossierEvent.objects.filter(dossier=late, action="remind").count() == 1


def test_a_leader_signs_from_there_the_letter_that_is_due(cast, edition, now, monkeypatch):
    soon = taken(cast, edition, key="a", due_at=NOW + timedelta(days=2))
    late = taken(cast, edition, key="b", due_at=NOW - timedelta(days=3))
    taken(cast, edition, key="c", due_at=NOW + timedelta(days=1))  # no letter is prepared
    missed = taken(cast, edition, key="d", due_at=NOW + timedelta(hours=3))  # yesterday was the last day for more time
    for one in (soon, missed):
        DeadlineAlert.objects.create(dossier=one, kind=AlertKind.APOLOGY, due_at=one.due_at, noticed_at=NOW)
    page = signed_in(cast.leader).get(reverse("reports"))
    letters = [row["letter"] and row["letter"]["url"] for row in page.context["urgent"]]
    acts = ((late, "apologise"), (missed, "apologise"), (soon, "extend"))
    wanted = [reverse("dossier-act", args=[one.code, act]) for one, act in acts]
    assert letters == [*wanted[:2], None, wanted[2]]
    assert page.context["letters"] == 2
    assert all(address in page.content.decode() for address in wanted)
    behind = signed_in(cast.leader).get(reverse("reports-list"), {"measure": "open"})
    written = [row["letter"] and row["letter"]["url"] for row in behind.context["rows"]]
    assert sorted(filter(None, written)) == sorted(wanted)
    assert all(address in behind.content.decode() for address in wanted)
    for who in ("head", "supervisor"):
        shown = signed_in(getattr(cast, who)).get(reverse("reports")).content.decode()
        assert not any(address in shown for address in wanted), who
    facts = {"expected_on": at("2026-11-20 00:00").date(), "reason": "Chờ xác minh"}
    execute_transition(missed, "apologise", cast.leader, at=NOW, **facts)
    page = signed_in(cast.leader).get(reverse("reports"))
    assert page.context["letters"] == 1  # signed; its due date stays
    facts = {"expected_on": at("2026-11-19 00:00").date(), "reason": "Chờ xác minh"}
    execute_transition(late, "apologise", cast.leader, at=NOW, **facts)
    shown = signed_in(cast.leader).get(reverse("reports")).content.decode()
    assert not any(address in shown for address in wanted[:2]), "nothing is left to sign"
    assert "đã xin lỗi, hẹn lại" in shown
    monkeypatch.setattr(timezone, "now", lambda: at("2026-11-20 11:00"))
    shown = signed_in(cast.leader).get(reverse("reports")).content.decode()
    assert wanted[0] in shown, "the day that was promised has passed"


def test_a_supervisor_reads_no_name_of_a_person_there(cast, edition, now):
    late = taken(cast, edition, due_at=NOW - timedelta(days=3))
    page = signed_in(cast.supervisor).get(reverse("reports")).content.decode()
    assert late.code in page
    assert late.owner_name not in page


def test_a_list_is_worked_on_at_once(cast, edition, now):
    late = [taken(cast, edition, key=f"l{n}", due_at=NOW - timedelta(days=3)) for n in range(2)]
    head = signed_in(cast.head)
    page = head.get(reverse("reports-list"), {"measure": "overdue"})
    assert "remind" in {rule.action for rule in page.context["bulk"]["rules"]}
    boxes = re.findall(r'name="selected" value="([^"]+)"', page.content.decode())
    assert len(boxes) == 2
    form = head.post(reverse("bulk"), {"action": "remind", "selected": boxes, "list": "reports"})
    sent = {"action": "remind", "selected": boxes, "confirmed": "1", "key": form.context["form"]["key"].value()}
    head.post(reverse("bulk"), sent)
    assert set(BulkRun.objects.get().items.values_list("dossier", flat=True)) == {one.pk for one in late}
    assert not signed_in(cast.supervisor).get(reverse("reports-list")).context["bulk"]


def test_twelve_months_and_their_chart(cast, edition, now, django_assert_num_queries):
    dossier = received(cast, edition, at("2026-09-10 09:00"))
    done = at("2026-10-05 10:00")
    Dossier.objects.filter(pk=dossier.pk).update(state=State.DONE, finished_at=done, due_at=done - timedelta(days=1))
    with django_assert_num_queries(1):
        months = trend.months_until(EVERYTHING, NOW)
    assert [f"{month.period.first:%Y-%m}" for month in months][::11] == ["2025-12", "2026-11"]
    counted = {month.period.key: (month.received, month.in_time, month.late, month.share) for month in months}
    assert counted["2026-09"] == (1, 0, 0, None)
    assert counted["2026-10"] == (0, 0, 1, 0.0)
    drawing = charts.trend_chart(months, title="Cơ quan <x>")
    svg = charts.chart_svg(drawing, title="Cơ quan <x>").decode()
    assert "<title>Cơ quan &lt;x&gt;</title>" in svg
    assert "<script" not in svg
    head = signed_in(cast.head)
    assert head.get(reverse("reports-trend", args=["svg"]))["Content-Type"] == "image/svg+xml"
    phone = head.get(reverse("reports-trend", args=["phone"])).content.decode()
    assert 'width="343"' in phone
    assert [year for year in ("2025", "2026") if phone.count(f">{year}<") == 1] == ["2025", "2026"]
    picture = Image.open(io.BytesIO(head.get(reverse("reports-trend", args=["png"])).content))
    assert (picture.format, picture.size) == ("PNG", (1280, 520))
    assert head.get(reverse("reports-trend", args=["gif"])).status_code == 404


@pytest.mark.parametrize(("most", "step"), [(0, 1), (5, 1), (6, 2), (11, 5), (26, 10), (2052, 500), (2501, 1000)])
def test_the_lines_of_a_scale_are_round_numbers(most, step):
    assert charts.round_step(most) == step


def test_the_place_among_agencies_of_the_same_kind(cast, edition):
    cache.clear()
    others = Agency.objects.filter(kind=cast.agency.kind).exclude(pk=cast.agency.pk)[:2]
    done = at("2026-11-17 10:00")
    for n, (agency, late) in enumerate(((cast.agency, False), (cast.agency, True), (others[0], True), (others[1], 0))):
        dossier = received(cast, edition, at("2026-11-10 09:00"), key=f"p{n}")
        due = done + timedelta(days=-1 if late else 1)
        facts = {"state": State.DONE, "finished_at": done, "due_at": due, "settling_agency": agency}
        Dossier.objects.filter(pk=dossier.pk).update(**facts)
    period = named("2026-11", today=NOW.date())
    assert trend.place_among(cast.agency, period, NOW, own=0.5) == trend.Place(2, 3, 0.5)
    assert trend.place_among(cast.centre, period, NOW, own=None) is None
    # Others are as they were some minutes ago, the own share is what the page says beside it.
    assert trend.place_among(cast.agency, period, NOW, own=0.0) == trend.Place(2, 3, 0.0)
    assert trend.place_among(cast.agency, period, NOW, own=1.0) == trend.Place(1, 3, 1.0)
    cache.clear()
    Dossier.objects.exclude(settling_agency=cast.agency).update(settling_agency=cast.agency)
    assert trend.place_among(cast.agency, period, NOW, own=1.0) is None  # the first of one says nothing


def test_what_a_step_lost_is_its_own(cast, edition, now):
    dossier = received(cast, edition, at("2026-11-16 09:00"))
    to_result(cast, dossier, at("2026-11-16 10:00"))
    run = dossier.steps.filter(key="appraise").first() or dossier.steps.order_by("pk")[1]
    StepRun.objects.filter(dossier=dossier).update(used_minutes=5, minutes=60)
    StepRun.objects.filter(pk=run.pk).update(used_minutes=160, agency=cast.centre)
    asked = figures.period_asked(at("2026-11-01 00:00"), at("2026-12-01 00:00"), at=NOW)
    losses = step_losses(asked)
    assert (losses[0].name, losses[0].agency, losses[0].lost, losses[0].late_runs) == (run.name, cast.centre, 100, 1)
    assert {loss.lost for loss in losses[1:]} == {0}
    times = working_times(Dossier.objects.all(), asked)
    of_settling = StepRun.objects.filter(dossier=dossier).exclude(key="return")
    total = sum(of_settling.values_list("used_minutes", flat=True))
    assert (times.count, times.mean, times.median, times.p90) == (1, total, total, total)
    own = step_losses(asked, agency=cast.agency)
    assert own[0].lost == 100  # at whichever agency: it is this one's dossier that was held up
    page = signed_in(cast.head).get(reverse("reports-causes"), {"period": "2026-11"}).content.decode()
    assert run.name in page
    assert signed_in(cast.officer).get(reverse("reports-causes")).status_code == 403


def test_what_follows_the_result_is_nobodys_loss(cast, edition, now):
    """The applicant fetches the result a week late: no step, no person and no dossier took that time."""
    dossier = received(cast, edition, at("2026-11-02 09:00"), limit_days="5")
    to_result(cast, dossier, at("2026-11-03 09:00"))
    asked = figures.period_asked(at("2026-11-01 00:00"), at("2026-12-01 00:00"), at=NOW)
    waiting = Dossier.objects.select_related("step", "holder__account", "edition").get(pk=dossier.pk)
    assert words(dossier) == ["Có kết quả, chờ người nộp đến nhận"]
    assert row_of(waiting, at=NOW)["step_late"] is False
    times, losses = working_times(Dossier.objects.all(), asked), step_losses(asked)
    execute_transition(dossier, "return_result", cast.counter, at=at("2026-11-17 09:00"))
    run = dossier.steps.get(key="return")
    assert run.used_minutes > run.minutes > 0
    assert (working_times(Dossier.objects.all(), asked), step_losses(asked)) == (times, losses)
    assert run.name not in {loss.name for loss in losses}
    StepRun.objects.filter(pk=run.pk).update(
        holder=cast.officer.post
    )  # whoever hands it back did something, and is not late
    StepRun.objects.exclude(pk=run.pk).update(holder=None)
    [mine] = [one for one in workloads(cast.agency, asked) if one.post == cast.officer.post]
    assert (mine.handled, mine.judged, mine.used, mine.share) == (1, 0, 0, None)
    StepRun.objects.exclude(pk=run.pk).update(used_minutes=0)
    late = Dossier.objects.filter(pk=dossier.pk)
    late.update(due_at=at("2026-11-03 08:00"))
    causes = [name for name in ("opinion", "step", "supplement", "other") if _caused_by(name, late, asked)]
    assert causes == ["other"]
    fetching = sheet.time_used(Dossier.objects.get(pk=dossier.pk), at=NOW)[-1]
    assert (fetching["who"], fetching["waiting"]) == ("Chờ nhận kết quả", True)


def _caused_by(name, dossiers, asked):
    return figures.dossiers_listed(dossiers, MEASURES[f"cause_{name}"], asked).exists()


def test_the_step_that_an_overdue_dossier_is_stuck_in_is_its_cause(cast, edition, now):
    dossier = taken(cast, edition, due_at=NOW - timedelta(days=1))
    asked = figures.period_asked(at("2026-11-01 00:00"), at("2026-12-01 00:00"), at=NOW)
    mine = Dossier.objects.filter(pk=dossier.pk)
    StepRun.objects.update(used_minutes=None, due_at=NOW + timedelta(days=1))
    assert _caused_by("other", mine, asked)
    StepRun.objects.filter(pk=dossier.step_id).update(due_at=NOW - timedelta(days=2))
    assert _caused_by("step", mine, asked)
    assert not _caused_by("other", mine, asked)


def test_a_step_broken_off_was_neither_done_nor_in_time(cast, edition, now):
    dossier = taken(cast, edition)
    execute_transition(dossier, "withdraw", cast.citizen, at=at("2026-11-16 11:00"), reason="Tôi đổi ý")
    execute_transition(dossier, "stop", cast.head, at=at("2026-11-16 11:30"))
    dossier.refresh_from_db()
    broken = dossier.steps.order_by("-pk").first()
    asked = figures.period_asked(at("2026-11-01 00:00"), at("2026-12-01 00:00"), at=NOW)
    assert (broken.broken_off, broken.holder, clock.standing_of(dossier, at=NOW)) == (True, cast.officer.post, None)
    assert broken.name not in {loss.name for loss in step_losses(asked)}
    [mine] = [one for one in workloads(cast.agency, asked) if one.post == cast.officer.post]
    assert (mine.handled, mine.share) == (0, None)
    StepRun.objects.filter(pk=broken.pk).update(used_minutes=90, minutes=60)  # it had overrun before
    [loss] = [loss for loss in step_losses(asked) if loss.name == broken.name]
    assert (loss.lost, loss.late_runs) == (30, 1)


def test_reminders_and_their_effect_are_figures(cast, edition, now):
    moved, stuck = taken(cast, edition, key="m"), taken(cast, edition, key="s")
    for dossier in (moved, stuck, stuck):
        execute_transition(dossier, "remind", cast.head, at=at("2026-11-16 14:00"))
    StepRun.objects.filter(pk=moved.step_id).update(finished_at=at("2026-11-18 09:00"))
    StepRun.objects.filter(pk=stuck.step_id).update(finished_at=at("2026-11-20 14:01"))
    asked = figures.period_asked(at("2026-11-01 00:00"), at("2026-12-01 00:00"), at=NOW)
    counted = figures.totals(EVERYTHING, asked)
    assert (counted["reminded"], counted["reminded_moved"], figures.shares(counted)["reminder_effect"]) == (2, 1, 0.5)
    found = figures.dossiers_listed(Dossier.objects.all(), MEASURES["reminded_moved"], asked)
    assert [dossier.pk for dossier in found] == [moved.pk]
    page = signed_in(cast.head).get(reverse("reports-table"), {"set": "reminders", "period": "2026-11"})
    assert "50,0" in page.content.decode()


def test_what_is_unusual_is_said_with_its_numbers(cast, edition, now, settings):
    settings.UNUSUAL_LEAST_COUNT = 2
    for n in range(3):
        dossier = taken(cast, edition, key=f"s{n}")
        execute_transition(
            dossier,
            "ask_supplement",
            cast.officer,
            at=at("2026-11-17 09:00"),
            items=["Bản vẽ"],
            reason="Thiếu bản vẽ",
        )
    asked = figures.period_asked(at("2026-11-01 00:00"), at("2026-12-01 00:00"), at=NOW)
    found = unusual.findings(Scope(), named("2026-11", today=NOW.date()), asked, step_losses(asked))
    texts = [finding.text for finding in found]
    assert any("hay phải bổ sung: 3 trên 3" in text for text in texts)
    assert any("không có hồ sơ nào trong một năm" in text for text in texts)
    [often] = [finding for finding in found if "bổ sung" in finding.text]
    assert signed_in(cast.supervisor).get(often.url).context["total"] == 3
    assert configured.UNUSUAL_SLOWER == 1.5


def test_a_step_that_grew_slower_is_told_from_another_of_the_same_name(cast, edition, now, settings):
    settings.UNUSUAL_LEAST_COUNT = 2
    dossier = taken(cast, edition)
    facts = {"name": "Thẩm tra", "role": "officer", "agency": cast.agency, "position": 1, "minutes": 60}
    StepRun.objects.bulk_create(
        StepRun(dossier=dossier, key=key, started_at=at(day), finished_at=at(day), used_minutes=used, **facts)
        for key, day, used in (
            ("verify", "2026-10-20 09:00", 100),
            ("check", "2026-10-20 09:00", 400),
            ("verify", "2026-11-10 09:00", 200),
        )
        for _n in range(2)
    )
    asked = figures.period_asked(at("2026-11-01 00:00"), at("2026-12-01 00:00"), at=NOW)
    found = unusual.findings(Scope(), named("2026-11", today=NOW.date()), asked, step_losses(asked))
    [slower] = [finding.text for finding in found if "chậm hơn" in finding.text]
    assert "trung bình là 3 giờ 20 phút, trước đó 1 giờ 40 phút (2 lượt)" in slower


def test_heads_alone_see_what_their_people_handled(cast, edition, now, django_assert_num_queries):
    done, held = received(cast, edition, at("2026-11-16 09:00"), key="d"), taken(cast, edition, key="h")
    to_result(cast, done, at("2026-11-16 10:00"))
    StepRun.objects.filter(dossier=done, holder=cast.officer.post).update(used_minutes=90, minutes=60)
    asked = figures.period_asked(at("2026-11-01 00:00"), at("2026-12-01 00:00"), at=NOW)
    with django_assert_num_queries(3):
        found = {one.post.pk: one for one in workloads(cast.agency, asked)}
    runs = done.steps.filter(holder=cast.officer.post, finished_at__isnull=False).count()
    mine = found[cast.officer.post.pk]
    assert (mine.handled, mine.in_time, mine.used, mine.held, mine.share) == (runs, 0, 90 * runs, 1, 0.0)
    assert runs
    assert held.holder_id == cast.officer.post.pk
    for who, status in (("head", 200), ("leader", 200), ("supervisor", 403), ("officer", 403)):
        page = signed_in(getattr(cast, who)).get(reverse("reports-people"), {"period": "2026-11"})
        assert page.status_code == status, who
        if who != "officer":  # whose own name stands on every page of theirs
            assert (cast.officer.account.full_name in page.content.decode()) == (status == 200)
