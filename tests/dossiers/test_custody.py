"""Where the paper is: folders follow the acts, change hands by records, are found by scan, and are missed in time."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from accounts.models import StaffPost
from agencies.models import Agency
from core.refusals import Stale
from dossiers.custody import folders, handovers, waiting
from dossiers.custody.folders import How, Location
from dossiers.filing import intake
from dossiers.lifecycle import Refused, execute_transition
from dossiers.models import Folder, FolderMove, HandOver, HandOverItem, Place
from papers.models import Paper
from tests.factories.dossiers import handed_over, received, result_brought_back, taken_in, to_result
from tests.factories.moments import at
from tests.factories.people import StaffPostFactory, holder_of, staff_actor

pytestmark = pytest.mark.usefixtures("papers_drawn_once")

MORNING = at("2026-11-23 09:00")
NOON = at("2026-11-23 11:00")
AFTERNOON = at("2026-11-23 15:00")
Role = StaffPost.Role


def papers_of(dossier):
    return dossier.folders.get(kind="papers")


def taken(cast, record, dossiers, moment=AFTERNOON, **missing):
    for dossier in dossiers:
        handovers.find_handover(record, dossier, by=cast.clerk, at=moment)
    return handovers.take_handover(record, by=cast.clerk, at=moment, **missing)


def test_paper_received_for_another_agency_is_wanted_there_within_a_working_day(cast, edition):
    folder = papers_of(received(cast, edition, MORNING))
    assert (folder.place, folder.agency, folder.holder) == (Place.DESK, cast.centre, cast.counter.post)
    assert folder.desk == cast.counter.post.desk
    # The 24th is a holiday, so one working day from Monday ends on Wednesday.
    assert (folder.wanted_at, folder.wanted_by) == (cast.agency, at("2026-11-25 17:00"))
    assert [move.how for move in folder.moves.all()] == [How.RECEIVED]


def test_a_counter_receives_for_another_commune(cast, edition):
    far = Agency.objects.filter(kind=Agency.Kind.COMMUNE_PC, valid_to=None).exclude(pk=cast.agency.pk).first()
    dossier = intake.take_in(
        edition,
        by=cast.counter,
        filer=cast.person,
        owner=cast.person,
        ticked=[intake.Ticked(d, d.originals, d.copies) for d in edition.documents.all()],
        territory=far.territory,
        key="far",
        at=MORNING,
    )
    execute_transition(dossier, "receive", cast.counter, at=MORNING)
    assert dossier.settling_agency == far
    assert papers_of(dossier).wanted_at == far
    record = handovers.begin_handover("agency", to_agency=far, by=cast.counter, at=NOON, key="k")
    assert handovers.add_offered(record) == 1
    handovers.give_handover(record, by=cast.counter, at=NOON)
    clerk = staff_actor("vanthu.xa", far, Role.CLERK)
    handovers.find_handover(record, dossier, by=clerk, at=AFTERNOON)
    handovers.take_handover(record, by=clerk, at=AFTERNOON)
    folder = papers_of(dossier)
    assert (folder.place, folder.agency, folder.holder, folder.wanted_at) == (Place.DEPARTMENT, far, clerk.post, None)


def test_nothing_on_paper_makes_no_folder(cast, edition):
    dossier = taken_in(cast, edition, MORNING)
    dossier.documents.update(originals=0, copies=0)
    execute_transition(dossier, "receive", cast.counter, at=MORNING)
    assert not dossier.folders.exists()


def test_only_what_both_confirmed_changes_hands(cast, edition):
    dossiers = [received(cast, edition, MORNING, key=str(n)) for n in range(3)]
    record = handed_over(cast, dossiers)
    assert {papers_of(d).place for d in dossiers} == {Place.COURIER}
    assert papers_of(dossiers[0]).wanted_at == cast.agency
    done = taken(cast, record, dossiers[:2], missing=1)
    here, lost = papers_of(dossiers[0]), papers_of(dossiers[2])
    assert (here.place, here.agency, here.holder, here.wanted_at) == (
        Place.DEPARTMENT,
        cast.agency,
        cast.clerk.post,
        None,
    )
    assert (lost.place, lost.wanted_at) == (Place.COURIER, cast.agency)
    assert [m.hand_over for m in here.moves.all()] == [None, record, record]
    paper = Paper.objects.get(code=done.paper_code)
    assert (paper.form, paper.agency_code) == ("handover", cast.centre.code)
    assert [row["code"] for row in paper.facts["rows"]] == [d.code for d in dossiers]
    assert paper.facts["giver_confirmed"]
    assert paper.facts["taker_confirmed"]
    lost_ones = folders.missing_or_misplaced(Folder.objects.all(), at=AFTERNOON + timedelta(minutes=1))
    assert [folder.pk for folder in lost_ones] == [lost.pk]


def test_a_count_that_is_wrong_confirms_nothing(cast, edition):
    dossiers = [received(cast, edition, MORNING, key=str(n)) for n in range(2)]
    record = handed_over(cast, dossiers)
    with pytest.raises(Refused, match="Còn 1 túi"):
        taken(cast, record, dossiers[:1])
    assert papers_of(dossiers[0]).place == Place.COURIER
    assert HandOver.objects.get(pk=record.pk).taken_at is None


def test_the_taker_is_another_person_even_with_a_post_on_each_side(cast, edition):
    dossier = received(cast, edition, MORNING)
    record = handed_over(cast, [dossier])
    actor = holder_of(StaffPostFactory(account=cast.counter.account, agency=cast.agency, role=Role.CLERK))
    with pytest.raises(Refused, match="người khác"):
        handovers.find_all(record, by=actor, at=AFTERNOON)
    with pytest.raises(Refused, match="người khác"):
        handovers.take_handover(record, by=actor, at=AFTERNOON)


def test_pressing_twice_is_once(cast, edition):
    dossier = received(cast, edition, MORNING)
    first, second = (
        handovers.begin_handover("agency", to_agency=cast.agency, by=cast.counter, at=NOON, key="k")
        for _press in range(2)
    )
    assert first == second
    assert [handovers.add_folder(first, dossier) for _press in range(2)] == [True, False]
    for _press in range(2):
        handovers.give_handover(first, by=cast.counter, at=NOON)
    taken(cast, first, [dossier])
    again = handovers.take_handover(first, by=cast.clerk, at=AFTERNOON)
    assert Paper.objects.filter(form="handover").count() == 1
    assert papers_of(dossier).moves.count() == 3
    assert again.taken_by == cast.clerk.post


def test_who_comes_second_is_told_who_came_first(cast, edition):
    dossier = received(cast, edition, MORNING)
    record = handed_over(cast, [dossier])
    colleague = staff_actor("quay2", cast.centre, Role.COUNTER, cast.centre.desks.first())
    with pytest.raises(Stale, match=cast.counter.account.full_name):
        handovers.give_handover(record, by=colleague, at=NOON)
    taken(cast, record, [dossier])
    with pytest.raises(Stale, match=cast.clerk.account.full_name):
        handovers.take_handover(record, by=cast.officer, at=AFTERNOON)
    with pytest.raises(Stale, match=cast.clerk.account.full_name):
        handovers.recall_handover(record, by=cast.counter, at=AFTERNOON)


def test_what_belongs_elsewhere_stays_out_of_the_parcel(cast, edition):
    dossier = received(cast, edition, MORNING)
    other = Agency.objects.filter(kind=Agency.Kind.COMMUNE_PC, valid_to=None).exclude(pk=cast.agency.pk).first()
    record = handovers.begin_handover("agency", to_agency=other, by=cast.counter, at=NOON, key="other")
    with pytest.raises(Refused, match="cần đến"):
        handovers.add_folder(record, dossier)
    right = handovers.begin_handover("agency", to_agency=cast.agency, by=cast.counter, at=NOON, key="right")
    handovers.add_folder(right, dossier)
    again = handovers.begin_handover("agency", to_agency=cast.agency, by=cast.counter, at=NOON, key="again")
    with pytest.raises(Refused, match="biên bản khác"):
        handovers.add_folder(again, dossier)
    assert handovers.add_offered(again) == 0
    handovers.drop_handover(right)
    assert handovers.add_offered(again) == 1


def test_an_empty_record_is_not_given(cast):
    record = handovers.begin_handover("agency", to_agency=cast.agency, by=cast.counter, at=NOON, key="k")
    with pytest.raises(Refused, match="chưa có túi"):
        handovers.give_handover(record, by=cast.counter, at=NOON)


def test_a_parcel_is_recalled_while_nobody_took_it(cast, edition):
    dossier = received(cast, edition, MORNING)
    record = handovers.recall_handover(handed_over(cast, [dossier]), by=cast.counter, at=NOON)
    folder = papers_of(dossier)
    assert (folder.place, folder.wanted_at, record.given_at) == (Place.DESK, cast.agency, None)
    handovers.remove_folder(record, record.items.get().pk)
    assert waiting.waiting_folders(cast.centre.pk).get() == folder


def test_shifts_hand_over_what_the_desk_holds(cast, edition):
    dossiers = [received(cast, edition, MORNING, key=str(n)) for n in range(2)]
    record = handovers.begin_handover("shift", to_agency=cast.centre, by=cast.counter, at=NOON, key="s")
    assert handovers.add_offered(record) == 2
    handovers.give_handover(record, by=cast.counter, at=NOON)
    assert papers_of(dossiers[0]).place == Place.DESK  # no courier between two people at one desk
    after = staff_actor("casau", cast.centre, Role.COUNTER, cast.counter.post.desk)
    handovers.find_all(record, by=after, at=AFTERNOON)
    done = handovers.take_handover(record, by=after, at=AFTERNOON)
    assert {papers_of(d).holder for d in dossiers} == {after.post}
    assert papers_of(dossiers[0]).wanted_at == cast.agency
    assert Paper.objects.get(code=done.paper_code).form == "shift_handover"


def test_the_result_comes_back_to_the_desk_and_goes_into_hands(cast, edition):
    dossier = received(cast, edition, MORNING)
    record = handed_over(cast, [dossier])
    taken(cast, record, [dossier])
    to_result(cast, dossier, at("2026-11-25 10:00"))
    result = dossier.folders.get(kind="result")
    assert (result.place, result.agency, result.wanted_at) == (Place.DEPARTMENT, cast.agency, cast.centre)
    assert result.wanted_by == at("2026-11-26 17:00")
    back = handovers.begin_handover("agency", to_agency=cast.centre, by=cast.clerk, at=at("2026-11-25 11:00"), key="b")
    handovers.add_folder(back, dossier)
    assert back.items.get().folder == result
    handovers.give_handover(back, by=cast.clerk, at=at("2026-11-25 11:00"))
    handovers.find_handover(back, dossier, by=cast.counter, at=at("2026-11-25 14:00"))
    handovers.take_handover(back, by=cast.counter, at=at("2026-11-25 14:00"))
    result.refresh_from_db()
    assert (result.place, result.desk, result.wanted_at) == (Place.DESK, cast.counter.post.desk, None)
    execute_transition(dossier, "return_result", cast.counter, at=at("2026-11-26 09:00"))
    result.refresh_from_db()
    assert result.place == Place.APPLICANT
    assert papers_of(dossier).place == Place.DEPARTMENT  # what was handed in stays with the agency


def test_the_promised_date_comes_first(cast, edition):
    dossier = received(cast, edition, MORNING)
    due = dossier.due_at
    to_result(cast, dossier, due - timedelta(hours=1))
    assert dossier.folders.get(kind="result").wanted_by == due


def test_a_result_by_post_is_with_the_post_until_it_says_so(cast, edition):
    dossier = received(cast, edition, MORNING)
    dossier.return_method, dossier.return_address = "post", "12 Nguyễn Gia Thiều"
    dossier.save()
    taken(cast, handed_over(cast, [dossier]), [dossier], NOON)
    to_result(cast, dossier, NOON)
    with pytest.raises(Refused, match="chưa ở chỗ bạn"):
        execute_transition(dossier, "return_result", cast.counter, at=AFTERNOON, tracking_number="RN123456789VN")
    result_brought_back(cast, dossier, AFTERNOON)
    execute_transition(dossier, "return_result", cast.counter, at=AFTERNOON, tracking_number="RN123456789VN")
    result = dossier.folders.get(kind="result")
    assert (result.place, result.tracking_number, result.agency) == (Place.COURIER, "RN123456789VN", cast.centre)
    assert result.moves.last().how == How.POSTED
    given = Location(Place.APPLICANT, cast.centre, tracking_number=result.tracking_number)
    folders.place_folder(result, given, by=cast.counter, at=AFTERNOON + timedelta(days=2), how=How.RETURNED)
    assert result.place == Place.APPLICANT


def test_an_electronic_result_has_no_folder(cast, edition):
    dossier = received(cast, edition, MORNING)
    dossier.return_method = "download"
    dossier.save()
    to_result(cast, dossier, NOON)
    assert not dossier.folders.filter(kind="result").exists()


def test_stopped_paper_is_wanted_at_the_desk_again(cast, edition):
    dossier = received(cast, edition, MORNING)
    taken(cast, handed_over(cast, [dossier]), [dossier])
    execute_transition(dossier, "withdraw", cast.citizen, at=AFTERNOON, reason="Không cần nữa")
    execute_transition(dossier, "stop", cast.counter, at=AFTERNOON)
    assert papers_of(dossier).wanted_at == cast.centre


def test_put_away_and_found_again(cast, edition):
    dossier = received(cast, edition, MORNING)
    folder = papers_of(dossier)
    with pytest.raises(Refused, match="vì sao"):
        folders.place_folder(folder, folders.location_of(cast.clerk.post), by=cast.clerk, at=NOON)
    folders.place_folder(
        folder, folders.location_of(cast.clerk.post), by=cast.clerk, at=NOON, note="Người nộp tự mang đến"
    )
    shelf = Location(Place.ARCHIVE, cast.agency, holder=cast.clerk.post, shelf="KE-A1")
    folders.place_folder(folder, shelf, by=cast.clerk, at=AFTERNOON)
    assert (folder.place, folder.shelf) == (Place.ARCHIVE, "KE-A1")
    folders.place_folder(folder, folders.location_of(cast.officer.post), by=cast.officer, at=AFTERNOON)
    assert (folder.place, folder.shelf, folder.holder) == (Place.DEPARTMENT, "", cast.officer.post)
    assert list(folder.moves.values_list("how", flat=True)) == [How.RECEIVED, *[How.SCANNED] * 3]


def test_a_parcel_under_way_is_taken_by_its_record_only(cast, edition):
    dossier = received(cast, edition, MORNING)
    handed_over(cast, [dossier])
    with pytest.raises(Refused, match="trên đường"):
        folders.place_folder(papers_of(dossier), folders.location_of(cast.clerk.post), by=cast.clerk, at=NOON, note="x")


def test_late_and_misplaced_paper_is_a_list(cast, edition):
    late, misplaced, fine = (received(cast, edition, MORNING, key=str(n)) for n in range(3))
    other = staff_actor("noikhac", Agency.objects.filter(kind="department", valid_to=None).first(), Role.CLERK)
    record = handed_over(cast, [misplaced, fine])
    taken(cast, record, [misplaced, fine])
    folders.place_folder(papers_of(misplaced), folders.location_of(other.post), by=other, at=AFTERNOON, note="Gửi nhầm")
    before = folders.missing_or_misplaced(Folder.objects.all(), at=at("2026-11-25 17:00"))
    assert [folder.dossier for folder in before] == [misplaced]
    after = folders.missing_or_misplaced(Folder.objects.order_by("pk"), at=at("2026-11-25 17:01"))
    assert [folder.dossier for folder in after] == [late, misplaced]


@pytest.mark.parametrize(
    "text",
    [
        "{code}",
        " {code}\r",
        "http://127.0.0.1:8000/track/{code}/",
        "OSSP1|dossier:{uid}||0123456789abcdef0123",
        "{small}",
    ],
)
def test_what_scanners_type(cast, edition, text):
    dossier = received(cast, edition, MORNING)
    typed = text.format(code=dossier.code, uid=dossier.uid, small=dossier.code.lower())
    assert folders.dossiers_scanned(typed) == [dossier]


def test_papers_of_a_dossier_name_it(cast, edition):
    dossier = received(cast, edition, MORNING)
    receipt = Paper.objects.get(owner=dossier.reference, form="receipt")
    assert folders.dossiers_scanned(f"https://portal.example/track/paper/{receipt.code}/") == [dossier]


def test_scans_that_ran_together_are_several(cast, edition):
    dossiers = [received(cast, edition, MORNING, key=str(n)) for n in range(3)]
    found = folders.dossiers_scanned("".join(d.code for d in dossiers))
    assert sorted(d.pk for d in found) == [d.pk for d in dossiers]


def test_one_bad_scan_among_several_holds_up_no_other(cast, edition):
    dossiers = [received(cast, edition, MORNING, key=str(n)) for n in range(3)]
    elsewhere = dossiers[1].folders.get()
    folders.place_folder(elsewhere, folders.location_of(cast.clerk.post), by=cast.clerk, at=NOON, note="Mang sang")
    record = handovers.begin_handover("agency", to_agency=cast.agency, by=cast.counter, at=NOON, key="k")
    text = " ".join([*(str(d.code) for d in dossiers), "H05.160-261123-9999"])
    with pytest.raises(Refused) as refusal:
        folders.each_scanned(text, lambda dossier: handovers.add_folder(record, dossier))
    assert "9999" in str(refusal.value)
    assert dossiers[1].code in str(refusal.value)
    assert {item.folder.dossier for item in record.items.all()} == {dossiers[0], dossiers[2]}


@pytest.mark.parametrize("text", ["x", "H05.160-261123-9999", "9" * 4000, "KE-A1"])
def test_scans_of_nothing_are_said_in_words(cast, text):
    with pytest.raises(Refused, match="Hãy quét lại"):
        folders.dossiers_scanned(text)


@pytest.mark.parametrize("text", ["", "  ", "\x00", "\u200b"])
def test_who_scans_nothing_is_told_what_to_scan(cast, text):
    with pytest.raises(Refused, match="Hãy quét bìa của túi"):
        folders.dossiers_scanned(text)


@pytest.mark.parametrize(("typed", "shelf"), [("a1-03", "KE-A1-03"), ("KE-A1-03", "KE-A1-03"), (" ke-b2 ", "KE-B2")])
def test_shelves_are_named_as_their_labels(cast, typed, shelf):
    assert folders.shelf_named(typed, cast.agency) == shelf


@pytest.mark.parametrize("typed", ["", "kệ số 1", "A" * 70, "H05.160-261123-0001", "<x>"])
def test_bad_shelves_are_refused(cast, typed):
    with pytest.raises(Refused):
        folders.shelf_named(typed, cast.agency)


@pytest.mark.parametrize("scanned", ["KE-Á-03", "ke-á-03", "A\u0301-03"])
def test_a_label_that_an_input_method_changed_is_the_one_shelf_in_use_that_it_can_be(cast, edition, scanned):
    def put_away(shelf, key):
        folder = received(cast, edition, MORNING, key=key).folders.get()
        to = Location(Place.ARCHIVE, cast.agency, holder=cast.clerk.post, shelf=shelf)
        folders.place_folder(folder, to, by=cast.clerk, at=MORNING, note="Người nộp tự mang đến")

    with pytest.raises(Refused, match="hãy tắt bộ gõ"):
        folders.shelf_named(scanned, cast.agency)
    put_away("KE-A1-03", "one")
    assert folders.shelf_named(scanned, cast.agency) == "KE-A1-03"
    put_away("KE-AS-03", "two")
    with pytest.raises(Refused, match="hãy tắt bộ gõ"):
        folders.shelf_named(scanned, cast.agency)


def test_the_database_refuses_one_person_on_both_sides_in_two_posts(cast, edition):
    record = handed_over(cast, [received(cast, edition, MORNING)])
    second = StaffPostFactory(account=record.given_by.account, agency=cast.agency, role="clerk")
    with pytest.raises(IntegrityError, match="hand_over_two_people"), transaction.atomic():
        HandOver.objects.filter(pk=record.pk).update(taken_by=second, taken_at=NOON)
    assert HandOver.objects.get(pk=record.pk).given_account == record.given_by.account


def test_the_database_keeps_the_promises(cast, edition):
    dossier = received(cast, edition, MORNING)
    folder = papers_of(dossier)
    record = handed_over(cast, [dossier])
    breaches = [
        lambda: Folder.objects.create(dossier=dossier, place="desk", agency=cast.agency, since=NOON),
        lambda: Folder.objects.filter(pk=folder.pk).update(place="archive"),
        lambda: Folder.objects.filter(pk=folder.pk).update(wanted_by=NOON),
        lambda: FolderMove.objects.all().delete(),
        lambda: FolderMove.objects.update(by="x"),
        lambda: HandOver.objects.filter(pk=record.pk).update(taken_by=record.given_by, taken_at=NOON),
        lambda: HandOverItem.objects.update(missing=True, found_at=NOON),
    ]
    taken(cast, record, [dossier])
    breaches.append(lambda: HandOver.objects.filter(pk=record.pk).update(note="x"))
    for breach in breaches:
        with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
            breach()
