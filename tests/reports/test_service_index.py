"""The service index: points by formula, entries by hand, who may enter, what agrees with the other reports."""

import io

import pytest
import yaml
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from agencies.models import Agency
from dossiers.models import Dossier, State
from journal.models import Entry
from reports.indicators import SHARES
from reports.models import IndexEntry
from reports.periods import named
from reports.service_index import formulas, scoring
from reports.service_index.formulas import criteria
from tests.factories.dossiers import copies, received
from tests.factories.moments import at
from tests.factories.people import signed_in
from tests.factories.systems import connected_system

pytestmark = pytest.mark.usefixtures("papers_drawn_once")

PAGE = {"period": "2025-Q4"}
BY_HAND = {"criterion": "published_on_time", "points": "3,5", "ground": "Bảng chấm điểm số 12"}


def test_groups_and_points_are_the_ones_of_the_index():
    groups = {}
    for one in criteria():
        groups[one.group] = groups.get(one.group, 0) + one.points
    assert groups == {
        "transparency": 18,
        "progress": 20,
        "online_service": 12,
        "online_payment": 10,
        "satisfaction": 18,
        "digitisation": 22,
    }


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content["groups"].pop(),
        lambda content: content["groups"][0]["criteria"][0].update(points=5),
        lambda content: content["groups"][0]["criteria"][0].update(key="transparency_other"),
        lambda content: content["groups"][1]["criteria"][0].update(share="nothing"),
        lambda content: content["groups"][1]["criteria"][0].update(look_at="nothing"),
        lambda content: content["groups"][1]["criteria"][0].pop("name"),
        lambda content: content.clear(),
    ],
)
def test_a_file_of_formulas_that_cannot_be_right_is_refused(spoil):
    text = (formulas.Path(formulas.__file__).with_name("formulas.yaml")).read_text(encoding="utf-8")
    content = yaml.safe_load(text)
    formulas.criteria_of(content)
    spoil(content)
    with pytest.raises(ImproperlyConfigured, match="SERVICE_INDEX"):
        formulas.criteria_of(content)


def test_points_are_shares_of_what_a_criterion_is_worth_and_unknown_is_no_loss():
    counted = dict.fromkeys(scoring.measures(), 0) | {"early": 3, "on_time": 1, "late": 1, "missed": 5}
    index = scoring.index_of(counted, {}, None)
    assert (index.points, index.known) == (8.0, 20.0)
    [only] = index.raising
    assert (only.criterion.key, only.lost, only.lacking, only.per_dossier) == ("on_time", 12.0, 6, 2.0)
    assert len(index.unknown) == len(criteria()) - 1
    assert [group.points for group in index.groups if group.key != "progress"] == [None] * 5


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("this_month", "2026-11"),
        ("last_month", "2026-10"),
        ("this_quarter", "2026-Q4"),
        ("this_year", "2026"),
        ("2025-Q4", "2025-Q4"),
    ],
)
def test_a_running_period_is_known_by_a_name_that_stays(key, expected):
    assert named(key, today=at("2026-11-18 09:00").date()).lasting == expected


@pytest.fixture
def quarter(moments_anew, cast, edition, monkeypatch):
    """Of one agency three settled early and one late in the fourth quarter of 2025."""
    model = received(cast, edition, at("2025-11-10 09:00"))
    finished = {"state": State.DONE, "finished_at": at("2025-11-14 10:00"), "step_id": None}
    copies(model, 3, **finished, due_at=at("2025-11-20 17:00"))
    copies(model, 1, **finished, due_at=at("2025-11-12 17:00"))
    Dossier.objects.filter(pk=model.pk).update(received_at=at("2020-01-01 09:00"), due_at=at("2099-01-01 09:00"))
    monkeypatch.setattr(timezone, "now", lambda: at("2026-11-18 11:00"))


@pytest.mark.django_db
def test_page_spreadsheet_and_api_say_the_same_as_the_share(cast, quarter):
    supervisor, address = signed_in(cast.supervisor), reverse("reports-service-index")
    page = supervisor.get(address, PAGE)
    [on_time] = [one for one in page.context["index"].scored if one.criterion.key == "on_time"]
    assert (on_time.part, on_time.whole, on_time.points) == (3, 4, 15.0)
    html = page.content.decode()
    assert "chưa được xác nhận" in html
    assert "15,00" in html
    assert "75,0 %" in html
    assert [row["name"] for row in page.context["rows"]] == [cast.agency.local_name]
    answered = connected_system("statistics office", scopes=("statistics",)).get("statistics/service-index/", PAGE)
    content = answered.json()
    [same] = [one for one in content["criteria"] if one["key"] == "on_time"]
    assert (same["points"], same["share"], same["indicator"]) == (15.0, 75.0, "on_time_share")
    assert content["agencies"][0]["groups"]["progress"] == content["groups"]["progress"] == 15.0
    assert answered["ETag"]
    book = load_workbook(io.BytesIO(supervisor.get(reverse("reports-service-index-xlsx"), PAGE).content))
    rows = {row[1].value: row for row in book.worksheets[0].iter_rows() if len(row) > 6 and row[1].value}
    assert (rows["Giải quyết đúng hạn"][2].value, rows["Giải quyết đúng hạn"][5].value) == (0.75, 15)
    assert len(book.worksheets) == 2
    head = signed_in(cast.head)
    assert head.get(address, PAGE).context["rows"] == []
    assert signed_in(cast.officer).get(address).status_code == 403
    assert head.get(address, {"agency": Agency.objects.exclude(pk=cast.agency.pk).first().pk}).status_code == 404
    nothing = supervisor.get(address, {"period": "2024"}).content.decode()
    assert "Chưa có điểm:" in nothing
    assert "không mất điểm nào" not in nothing
    english = supervisor.get(address, PAGE, headers={"Accept-Language": "en"})
    assert english.status_code == 200


@pytest.mark.django_db
def test_points_by_hand_are_marked_with_who_and_why_and_never_rewritten(cast, quarter):
    supervisor = signed_in(cast.supervisor)
    address = f"{reverse('reports-service-index')}?period=2025-Q4"
    assert "Đã ghi điểm" in supervisor.post(address, BY_HAND, follow=True).content.decode()
    supervisor.post(address, {**BY_HAND, "points": "4"})
    page = supervisor.get(address)
    html = page.content.decode()
    assert "Nhập tay" in html
    assert cast.supervisor.label in html
    assert "Bảng chấm điểm số 12" in html
    assert [float(row["entry"].points) for row in page.context["history"]] == [4, 3.5]
    assert page.context["index"].groups[0].points == 4
    assert Entry.objects.filter(verb="service_index.entered").count() == 2
    own = signed_in(cast.head).get(address)  # the province's entry is not the agency's
    assert own.context["index"].groups[0].points is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "query", "data"),
    [
        ("head", "period=2025-Q4", BY_HAND),
        ("leader", "period=2025-Q4", BY_HAND),
        ("supervisor", "period=2025-Q4", {**BY_HAND, "points": "4,5"}),
        ("supervisor", "period=2025-Q4", {**BY_HAND, "points": "-1"}),
        ("supervisor", "period=2025-Q4", {**BY_HAND, "points": "nhiều"}),
        ("supervisor", "period=2025-Q4", {**BY_HAND, "ground": " "}),
        ("supervisor", "period=2025-Q4", {**BY_HAND, "criterion": "on_time"}),
        ("supervisor", "period=2027", BY_HAND),
        ("supervisor", "period=custom&first=01/10/2025&last=02/10/2025", BY_HAND),
    ],
)
def test_what_may_not_be_entered_is_refused_with_a_sentence(cast, quarter, who, query, data):
    answer = signed_in(getattr(cast, who)).post(f"{reverse('reports-service-index')}?{query}", data)
    assert answer.status_code == 422
    assert "Có chỗ cần sửa" in answer.content.decode()
    assert not IndexEntry.objects.exists()


@pytest.mark.django_db
def test_more_agencies_take_no_more_queries(cast, quarter):
    supervisor, address = signed_in(cast.supervisor), reverse("reports-service-index")
    supervisor.get(address, PAGE)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            supervisor.get(address, PAGE)
        return len(captured)

    few = queries()
    model = Dossier.objects.filter(state=State.DONE).first()
    for agency in Agency.objects.filter(kind=Agency.Kind.DEPARTMENT, valid_to=None)[:5]:
        copies(model, 1, settling_agency_id=agency.pk)
    assert queries() == few


def test_every_computed_criterion_draws_from_the_indicators():
    computed = [one for one in criteria() if one.share]
    assert len(computed) == 7
    assert all(SHARES[one.share.name] is one.share for one in computed)
