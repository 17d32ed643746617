"""Figures by unit and by person: the same definitions as every other cut, for the heads of the own agency alone."""

import io
from random import Random

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import StaffPost
from agencies.models import Agency
from dossiers.models import Dossier, State, StepRun
from dossiers.statistics.tallies import differing_cells, wrong_workers
from dossiers.tasks import fold_tallies
from journal.roles import OWNER
from reports import figures
from reports.cuts import AGENCY, CUTS_OF_PEOPLE
from reports.indicators import MEASURES
from reports.indicators.kinds import Asked
from reports.population import settled_by
from tests.databases import acting_as
from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.people import signed_in, staff_actor
from tests.factories.systems import connected_system

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moments_anew")]
PERIOD = {"period": "2026-11", "set": "timeliness"}
WORKS = "Phòng Kinh tế, Hạ tầng và Đô thị"
NAMES = [name for name, measure in MEASURES.items() if measure.of_period]
ASKED = Asked(at("2026-11-01 00:00"), at("2026-12-01 00:00"), at("2026-12-05 09:00"), {})


@pytest.fixture
def officers(cast):
    """Two officers of one unit, one without a unit, one of another agency."""
    elsewhere = Agency.objects.filter(kind=cast.agency.kind, valid_to=None).exclude(pk=cast.agency.pk).first()
    found = [staff_actor(f"nguoi.{n}", cast.agency, "officer").post for n in range(3)]
    StaffPost.objects.filter(pk__in=[post.pk for post in found[:2]]).update(unit=WORKS)
    return [*found, staff_actor("nguoi.khac", elsewhere, "officer").post]


def given_to(dossier, post):
    StepRun.objects.filter(dossier=dossier, finished_at=None).update(finished_at=at("2026-11-11 10:00"))
    StepRun.objects.create(
        dossier=dossier, position=90, key="appraise", name="Thẩm định", role="officer", agency=post.agency, holder=post,
        minutes=60, started_at=at("2026-11-11 10:00"), finished_at=at("2026-11-11 11:00"), used_minutes=30,
    )  # fmt: skip


@pytest.fixture
def work(cast, edition, officers):
    """Two dossiers of the first, one each of the others, one of nobody."""
    made = [received(cast, edition, at("2026-11-10 09:00"), key=f"w{n}") for n in range(6)]
    with acting_as(OWNER):
        StepRun.objects.filter(dossier__in=made, role="officer").delete()
    for dossier, post in zip(made, [officers[0], *officers], strict=False):
        given_to(dossier, post)
    done = {"state": State.DONE, "finished_at": at("2026-11-16 10:00"), "due_at": at("2026-11-20 17:00")}
    Dossier.objects.filter(pk=made[0].pk).update(**done)
    return made


def by_cut(cast, key, names=("received", "early")):
    return figures.figures(settled_by(cast.agency.pk), ASKED, names, cut=CUTS_OF_PEOPLE[key])


def test_a_dossier_is_whose_who_had_its_officers_step_last(cast, officers, work, django_assert_num_queries):
    first, second, third, _stranger = (post.pk for post in officers)
    assert {key: row["received"] for key, row in by_cut(cast, "person").items()} == {
        first: 2,
        second: 1,
        third: 1,
        None: 2,  # nobody's, and the one that another agency's officer has: not this agency's person
    }
    given_to(work[0], officers[1])
    assert {key: row["early"] for key, row in by_cut(cast, "person").items() if row["early"]} == {second: 1}
    with django_assert_num_queries(1):  # of the tallies, however many people
        found = by_cut(cast, "unit")
    assert {key: (row["received"], row["early"]) for key, row in found.items()} == {WORKS: (3, 1), None: (3, 0)}


@pytest.mark.parametrize("seed", range(2))
def test_cuts_of_people_add_up_to_what_the_tallies_say(cast, officers, work, seed):
    """Every measure of a period, after any history: from the tallies, from the dossiers, and from their steps."""
    random = Random(seed)
    for _turn in range(12):
        chosen = random.choice(work)
        changes = random.choice(
            [
                {"state": State.DONE, "finished_at": at(f"2026-11-{random.randrange(12, 28)} 09:00")},
                {"state": State.STOPPED, "closed_at": at("2026-11-20 09:00")},
                {"due_at": at(f"2026-11-{random.randrange(12, 28)} 17:00")},
                {
                    "fee_amount": 5000,
                    "fee_settled_at": at("2026-11-12 09:00"),
                    "fee_method": random.choice(["cash", "qr"]),
                },
                {"received_at": at(f"2026-1{random.randrange(2)}-15 09:00")},
            ]
        )
        Dossier.objects.filter(pk=chosen.pk).update(**changes)
        given_to(chosen, random.choice(officers))
        if random.random() < 0.3:
            fold_tallies()
    population = settled_by(cast.agency.pk)
    whole = figures.figures(population, ASKED, NAMES, cut=AGENCY)[cast.agency.pk]
    for cut in CUTS_OF_PEOPLE.values():
        rows = figures.figures(population, ASKED, NAMES, cut=cut)
        assert figures.summed(rows.values(), NAMES) == whole, cut.key
        true = figures.counted_dossiers(population.dossiers, ASKED, NAMES, cut=cut)
        assert {key: row for key, row in rows.items() if any(row.values())} == {
            key: dict.fromkeys(NAMES, 0) | row for key, row in true.items() if any(row.values())
        }
    assert (wrong_workers(), differing_cells()) == (0, [])


@pytest.mark.parametrize(
    "how", ["inserted", "given", "taken", "deleted", "another role", "another agency", "post moved", "written"]
)
def test_whose_work_it_is_follows_its_steps_whoever_writes_them(cast, officers, work, how):
    """Not by the life cycle alone: imports, bulk statements and hands on the database too."""
    first, second, _third, stranger = (post.pk for post in officers)
    dossier = Dossier.objects.get(pk=work[0].pk)
    steps = StepRun.objects.filter(dossier=dossier, role="officer")
    assert dossier.worker_id == first
    if how == "inserted":
        given_to(dossier, officers[1])
    elif how == "given":
        steps.update(holder=second)
    elif how == "taken":
        steps.update(holder=None)
    elif how == "deleted":
        with acting_as(OWNER):
            steps.delete()
    elif how == "another role":
        steps.update(role="leader")
    elif how == "another agency":
        Dossier.objects.filter(pk=dossier.pk).update(settling_agency=officers[3].agency)
    elif how == "post moved":
        StaffPost.objects.filter(pk=first).update(agency=officers[3].agency)
    else:
        Dossier.objects.filter(pk=dossier.pk).update(worker=stranger)
    dossier.refresh_from_db()
    assert dossier.worker_id == {"inserted": second, "given": second, "written": first}.get(how)
    assert (wrong_workers(), differing_cells()) == (0, [])


def test_heads_read_them_on_the_page_in_the_sheet_and_over_the_api(cast, officers, work):
    head = signed_in(cast.head)
    page = head.get(reverse("reports-table"), {**PERIOD, "set": "reception", "by": "unit"})
    rows = {row["name"]: row["cells"] for row in page.context["rows"]}
    assert rows[WORKS][0]["number"] == "3"
    assert head.get(rows[WORKS][0]["url"]).context["total"] == 3  # the name of the unit has commas
    assert head.get(rows["Chưa giao hoặc chưa ghi phòng"][0]["url"]).context["total"] == 3
    people = head.get(reverse("reports-table"), {**PERIOD, "set": "reception", "by": "person"})
    for row in people.context["rows"]:
        assert str(head.get(row["cells"][0]["url"]).context["total"]) == row["cells"][0]["number"]
        assert all(post.account.username not in row["cells"][0]["url"] for post in officers)
    assert len(people.context["rows"]) == 4
    sheet = head.get(reverse("reports-table-xlsx"), {**PERIOD, "set": "reception", "by": "unit"})
    cells = {
        row[0]: row[1] for row in load_workbook(io.BytesIO(sheet.content)).worksheets[0].iter_rows(values_only=True)
    }
    assert cells[WORKS] == 3
    answer = head.get(reverse("api-statistics"), {**PERIOD, "set": "reception", "by": "unit"}).json()
    assert {row["name"]: row["received"] for row in answer["rows"]}[WORKS] == 3


@pytest.mark.parametrize("by", list(CUTS_OF_PEOPLE))
def test_nobody_else_reads_them_at_any_door(cast, officers, work, by):
    supervisor, asked = signed_in(cast.supervisor), {**PERIOD, "by": by}
    for query in (asked, {**asked, "agency": cast.agency.pk}):
        for name in ("reports-table", "reports-table-xlsx", "api-statistics"):
            assert supervisor.get(reverse(name), query).status_code == 403, (name, query)
        for name in ("reports-list", "reports-export"):
            listed = supervisor.get(reverse(name), {**query, "measure": "received", "of": str(officers[0].pk)})
            assert listed.status_code == 403, (name, query)
    assert connected_system("office", scopes=("statistics",)).get("statistics/", asked).status_code == 403
    assert signed_in(cast.officer).get(reverse("reports-table"), asked).status_code == 403
    shown = supervisor.get(reverse("reports-table"), PERIOD).content.decode()
    assert f"by={by}" not in shown
