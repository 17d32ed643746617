"""Interlinked procedures: a step of the route opens a dossier of another procedure at another agency.

Birth, residence and health insurance are asked for once: the first dossier's route opens the others, which are
received at once for the same people, keep their own clock and code, and may be waited for.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import automatic_actor
from core.refusals import NotAllowed, Refused
from dossiers.lifecycle.transitions import Action
from dossiers.models import ENDED_STATES, Dossier, State
from procedures.competence.lookup import agency_at, settling_agency
from procedures.models import Channel, Edition, Procedure

_ENDED = (*ENDED_STATES, State.DONE)
# What the two dossiers have in common: the people, the places of help and return, how they can be reached.
_SHARED = (
    "filer",
    "owner_person",
    "owner_enterprise",
    "filing_ground",
    "ground_note",
    "authorisation",
    "owner_name",
    "contact_phone",
    "contact_email",
    "contact_address",
    "content",
    "help_desk",
    "receiving_agency",
    "return_desk",
    "return_method",
    "return_address",
)


def opened_dossiers(dossier: Dossier) -> list[Dossier]:
    """The dossiers that this one's route opened, in order."""
    return list(dossier.opened.select_related("edition", "settling_agency").order_by("id")[:20])


def open_planned(action: Action) -> None:
    """Open what the step that has just begun opens, once however often the step runs.

    What cannot be opened by itself (no competent agency, a limit still to be confirmed) stops nobody: the event says
    so, and people open it by hand.
    """
    dossier = action.dossier
    step: dict[str, Any] = next((s for s in dossier.route if dossier.step and s["key"] == dossier.step.key), {})
    wanted = step.get("opens")
    key = f"linked:{dossier.pk}:{step.get('key', '')}"[:80]
    if not wanted or Dossier.objects.filter(filing_key=key).exists():
        return
    edition = _edition(wanted["procedure"])
    if edition is None:
        action.recorded["not_opened"] = _("Không có thủ tục %(code)s đang áp dụng.") % {"code": wanted["procedure"]}
        return
    try:
        action.recorded["opened"] = _open(action, edition, wanted.get("agency_key", ""), key)
    except Refused as refusal:
        action.recorded["not_opened"] = str(refusal.sentence)


def was_opened(action: Action) -> None:
    """Only what a route opened is received without anybody at a counter."""
    if action.dossier.opened_by_id is None:
        raise NotAllowed("not_linked", _("Hồ sơ này không do hồ sơ khác mở ra."))


def all_done(action: Action) -> None:
    """A step that waits ends when every dossier that the route has opened so far is settled."""
    dossier = action.dossier
    here = action.step.key
    step: dict[str, Any] = next((s for s in dossier.route if s["key"] == here), {})
    if not step.get("opens", {}).get("wait"):
        return
    waiting = dossier.opened.exclude(state__in=_ENDED).order_by("id").values_list("code", flat=True)[:20]
    if waiting:
        codes = ", ".join(code or "" for code in waiting)
        raise Refused("linked_open", _("Còn chờ hồ sơ liên thông %(code)s giải quyết xong.") % {"code": codes})


def _edition(code: str) -> Edition | None:
    procedure = Procedure.objects.select_related("current").filter(code=code).first()
    return procedure.current if procedure else None


def _open(action: Action, edition: Edition, agency_key: str, key: str) -> str:
    """In a transaction of its own within the action's; returns the new dossier's code. Raises Refused."""
    parent = action.dossier
    territory, on = parent.settler.territory, action.at.date()
    agency = agency_at(agency_key, territory, on) if agency_key else settling_agency(edition, territory, on)
    with transaction.atomic():
        linked = Dossier.objects.create(
            edition=edition,
            channel=Channel.COUNTER,
            settling_agency=agency,
            opened_by=parent,
            filing_key=key,
            created_at=action.at,
            **{name: getattr(parent, name) for name in _SHARED},
        )
        action.execute(linked, "open_linked", automatic_actor("interlinked"), at=action.at)
    return str(linked.code)
