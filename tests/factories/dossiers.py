from datetime import datetime

from dossiers.custody import handovers
from dossiers.filing import complete, drafts, intake
from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier
from procedures.models import Edition
from tests.factories.cast import Cast
from tests.factories.moments import at


def taken_in(cast: Cast, edition: Edition, moment: datetime, *, key: str = "k") -> Dossier:
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


def to_result(cast, dossier, moment):
    execute_transition(dossier, "take", cast.officer, at=moment)
    execute_transition(dossier, "attach_result", cast.officer, at=moment, name="Giấy phép")
    execute_transition(dossier, "verify", cast.officer, at=moment)
    execute_transition(dossier, "submit", cast.head, at=moment)
    execute_transition(dossier, "approve", cast.leader, at=moment)
    execute_transition(dossier, "issue", cast.clerk, at=moment)


def handed_over(cast, dossiers, moment=NOON, key="r"):
    record = handovers.begin_handover("agency", to_agency=cast.agency, by=cast.counter, at=moment, key=key)
    for dossier in dossiers:
        handovers.add_folder(record, dossier)
    return handovers.give_handover(record, by=cast.counter, at=moment)


def filed_online(cast, edition, moment):
    person = cast.person
    draft = complete.draft_whole(
        edition,
        person,
        at=moment,
        case="",
        content="Đề nghị",
        territory=cast.agency.territory,
        files=[(paper, None) for paper in edition.documents.all()],
        method="counter",
        phone=person.phone,
        email=person.email,
        address=person.address,
    )
    execute_transition(draft, "send", cast.citizen, at=moment)
    return draft


def to_result_in_a_day(cast, dossier, day="2026-11-03"):
    execute_transition(dossier, "take", cast.officer, at=at(f"{day} 08:00"))
    execute_transition(dossier, "attach_result", cast.officer, at=at(f"{day} 08:10"), name="Giấy phép")
    execute_transition(dossier, "verify", cast.officer, at=at(f"{day} 08:20"))
    execute_transition(dossier, "submit", cast.head, at=at(f"{day} 08:30"))
    execute_transition(dossier, "approve", cast.leader, at=at(f"{day} 08:40"))
    execute_transition(dossier, "issue", cast.clerk, at=at(f"{day} 08:50"))


def complete_draft(draft: Dossier, cast) -> Dossier:
    person = cast.person
    drafts.save_applicant(
        draft, ground="self", owner=person, note="", phone=person.phone, email="", address=person.address
    )
    drafts.save_request(draft, case="", content="Xác nhận", territory=cast.agency.territory)
    drafts.save_fee_facts(draft, {"quantities": {"item": 1}, "value": None, "exemptions": []})
    for paper in drafts.required_documents(draft):
        if paper.required and not paper.show_only:
            drafts.attach_file(draft, paper, None, later=True)
    drafts.confirm_documents(draft)
    draft.refresh_from_db()
    drafts.save_return(draft, method="counter", desk=cast.centre.desks.first(), address="")
    draft.refresh_from_db()
    return draft
