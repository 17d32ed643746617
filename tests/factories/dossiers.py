"""Dossiers in the states that most tests begin with."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from digitization import uploads
from dossiers.access.openings import open_case
from dossiers.custody import handovers
from dossiers.filing import complete, draft_papers, drafts, intake
from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier, DossierEvent, store_routes
from procedures.models import Edition
from tests.factories.cast import Cast
from tests.factories.moments import at
from tests.factories.scans import pdf_upload

DRAFT = {"name": "Giấy phép", "text": "Chấp thuận như đề nghị."}
HANDED_AT = at("2026-11-23 11:00")


def taken_in(cast: Cast, edition: Edition, moment: datetime, *, key: str = "k") -> Dossier:
    """Typed in at the counter and not yet received."""
    return intake.take_in(
        edition,
        by=cast.counter,
        filer=cast.person,
        owner=cast.person,
        ticked=[intake.Ticked(d, d.originals, d.copies) for d in edition.documents.all()],
        territory=cast.agency.territory,
        key=key,
        at=moment,
        content="Xin cấp phiếu",
    )


def received(cast: Cast, edition: Edition, moment: datetime, *, key: str = "k", **facts) -> Dossier:
    dossier = taken_in(cast, edition, moment, key=key)
    execute_transition(dossier, "receive", cast.counter, at=moment, **facts)
    return dossier


def keep_changed_route(dossier: Dossier) -> None:
    """Its steps were changed in place: a route of its own from now on."""
    dossier.route = dossier.route
    store_routes([dossier.planned_route])
    dossier.save(update_fields=["planned_route"])


def to_result(cast: Cast, dossier: Dossier, moment: datetime, *, pause: timedelta = timedelta()) -> None:
    """Everything from taking a received dossier to issuing its result, with a pause between the acts."""
    acts = [("take", cast.officer), ("attach_result", cast.officer), ("verify", cast.officer)]
    acts += [("submit", cast.head), ("approve", cast.leader), ("issue", cast.clerk)]
    for number, (act, by) in enumerate(acts):
        facts = {"attach_result": DRAFT, "issue": signed(cast, dossier, moment)}.get(act, {})
        execute_transition(dossier, act, by, at=moment + number * pause, **facts)


def signed(cast: Cast, dossier: Dossier, moment: datetime, **more) -> dict:
    """What the clerk says of the signed result when it is issued."""
    file = uploads.store_file(pdf_upload(), "da-ky.pdf", dossier.reference, cast.clerk)
    day = timezone.localdate(moment)
    return {"number": "12/GP-UBND", "issued_on": day, "signer": "Phạm Thị Lãnh", "file": file, **more}


def handed_over(cast: Cast, dossiers, moment=HANDED_AT, key="r"):
    """The record with which the counter gave the folders to the competent agency."""
    record = handovers.begin_handover("agency", to_agency=cast.agency, by=cast.counter, at=moment, key=key)
    for dossier in dossiers:
        handovers.add_folder(record, dossier)
    return handovers.give_handover(record, by=cast.counter, at=moment)


def result_brought_back(cast: Cast, dossier: Dossier, moment: datetime) -> None:
    """The paper result goes from the agency's clerk to the counter, by a record that both sign."""
    back = handovers.begin_handover("agency", to_agency=cast.centre, by=cast.clerk, at=moment, key=f"b{dossier.pk}")
    handovers.add_folder(back, dossier)
    handovers.give_handover(back, by=cast.clerk, at=moment)
    handovers.find_handover(back, dossier, by=cast.counter, at=moment)
    handovers.take_handover(back, by=cast.counter, at=moment)


def drafted_online(cast: Cast, edition: Edition, moment: datetime) -> Dossier:
    """All the citizen says, without files, and not sent yet."""
    person = cast.person
    return complete.draft_whole(
        edition,
        person,
        at=moment,
        case="",
        content="Đề nghị",
        territory=cast.agency.territory,
        files=[(paper, []) for paper in edition.documents.all()],
        method="counter",
        phone=person.phone,
        email=person.email,
        address=person.address,
    )


def filed_online(cast: Cast, edition: Edition, moment: datetime) -> Dossier:
    """Sent by the citizen, without files; nobody at the counter has accepted it yet."""
    draft = drafted_online(cast, edition, moment)
    execute_transition(draft, "send", cast.citizen, at=moment)
    return draft


def complete_draft(draft: Dossier, cast: Cast) -> Dossier:
    """A draft of an online filing with every step filled in and the papers promised for later."""
    person = cast.person
    drafts.save_applicant(
        draft, ground="self", owner=person, note="", phone=person.phone, email="", address=person.address
    )
    drafts.save_request(draft, case="", content="Xác nhận", territory=cast.agency.territory)
    drafts.save_fee_facts(draft, {"quantities": {"item": 1}, "value": None, "exemptions": []})
    for paper in draft_papers.required_documents(draft):
        if paper.required and not paper.show_only:
            draft_papers.attach_file(draft, paper, None, later=True)
    drafts.confirm_documents(draft)
    draft.refresh_from_db()
    drafts.save_return(draft, method="counter", desk=cast.centre.desks.first(), address="")
    draft.refresh_from_db()
    return draft


def sent_online(draft: Dossier, cast: Cast, moment: datetime) -> Dossier:
    """The same draft, completed and sent by the citizen."""
    execute_transition(complete_draft(draft, cast), "send", cast.citizen, at=moment)
    return draft


def opened_for(supervisor, dossier):
    """A dossier whose case the supervisor has opened."""
    open_case(dossier, reason="Kế hoạch kiểm tra số 12/KH-UBND", by=supervisor, at=timezone.now())
    return dossier


def copies_with_history(dossier: Dossier, n: int) -> list[int]:
    """`n` more dossiers like this one with events like its own, in two statements; the events' primary keys."""
    last = Dossier.objects.latest("pk").pk
    copies(dossier, n)
    columns = [field.column for field in DossierEvent._meta.concrete_fields if field.column not in ("id", "dossier_id")]
    quoted = ", ".join(f'"{c}"' for c in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO dossiers_dossierevent (dossier_id, {quoted}) SELECT made.id, {quoted} FROM "
            "dossiers_dossierevent, LATERAL (SELECT id FROM dossiers_dossier WHERE id > %s) AS made "
            "WHERE dossier_id = %s ORDER BY made.id, revision RETURNING id",
            [last, dossier.pk],
        )
        return [pk for (pk,) in cursor.fetchall()]


def copies(dossier: Dossier, n: int, **facts) -> None:
    """`n` more dossiers like this one, but for `facts`, in one statement."""
    own = {"id": "nextval('dossiers_dossier_id_seq')", "uid": "gen_random_uuid()", "filing_key": "NULL"}
    own["code"] = "code || '-' || n || '-' || currval('dossiers_dossier_id_seq')"
    columns = [field.column for field in Dossier._meta.concrete_fields]
    values = [own.get(c, "%s" if c in facts else f'"{c}"') for c in columns]
    quoted = [f'"{c}"' for c in columns]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO dossiers_dossier ({', '.join(quoted)}) SELECT {', '.join(values)} "
            "FROM dossiers_dossier, generate_series(1, %s) AS n WHERE id = %s",
            [*(facts[c] for c in columns if c in facts), n, dossier.pk],
        )
