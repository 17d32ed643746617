"""Taking in at a counter that works with software of its own: the same rules and paper as the portal's intake page."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Enterprise, Person, StaffPost
from dossiers.filing import intake
from dossiers.lifecycle import NotAllowed, execute_transition
from dossiers.models import Dossier, FilingGround
from exchange import validation
from exchange.filing import edition_of, staged_files
from procedures.models import Channel, Edition

FIXED = ("limit_days", "fee", "fee_ground")  # what the receiver may say where the catalogue is open


@transaction.atomic(savepoint=False)
def take_in(
    facts: dict[str, Any], *, owner: Person | Enterprise, filer: Person, by: Actor, key: str, at: datetime
) -> Dossier:
    """Take in and receive in one transaction; all of it or nothing. Raises Refused."""
    if by.post is None or by.post.role != StaffPost.Role.COUNTER:
        raise NotAllowed("not_allowed", _("Chỉ vị trí của một quầy tiếp nhận được hồ sơ."))
    edition = edition_of(facts["procedure"])
    prefetch_related_objects([edition], "terms")
    said = validation.validated_filing(edition, Channel.COUNTER, facts, at=at)
    files = staged_files([row["file"] for row in facts["documents"] if row.get("file")], by)
    papers = validation.papers_of(edition, said.case, facts["documents"], files)
    _complete(edition, said, {row.paper.key for row in papers})
    dossier = intake.take_in(
        edition,
        by=by,
        filer=filer,
        owner=owner,
        ticked=[intake.Ticked(row.paper, row.originals, row.copies, files=tuple(row.files)) for row in papers],
        territory=validation.territory(facts["territory"]),
        key=key,
        at=at,
        case=said.case,
        content=said.content,
        ground=facts["ground"],
        ground_note=facts["ground_note"],
        return_method=facts["return_method"],
        return_address=facts["return_address"],
        fee_facts=said.fee_facts,
        form=said.form,
    )
    execute_transition(
        dossier, "receive", by, at=at, **{name: facts[name] for name in FIXED if facts.get(name) not in (None, "")}
    )
    return dossier


def _complete(edition: Edition, said: validation.ValidatedData, brought: set[str]) -> None:
    """A dossier that is not complete is not received; the counter asks for what it lacks on the page."""
    lacking = intake.lacking_papers(edition, said.case, {*brought, said.stands_for})
    if lacking:
        names = "; ".join(paper.local_name for paper in lacking)
        raise validation.Unacceptable([("documents", _("Còn thiếu: %(name)s.") % {"name": names})])


def ground_of(owner: Person | Enterprise, filer: Person) -> str:
    """Who files for somebody else says on what ground; alone, there is one answer."""
    if isinstance(owner, Enterprise):
        return FilingGround.REPRESENTATIVE
    return FilingGround.SELF if owner == filer else FilingGround.AUTHORISED
