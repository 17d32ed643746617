"""Interlinked procedures: a step of the route opens a dossier of another procedure at another agency.

Birth, residence and health insurance are asked for once: the first dossier's route opens the others, which are
received at once for the same people, keep their own clock and code, and may be waited for.
"""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import automatic_actor
from core.refusals import NotAllowed, Refused
from dossiers.fees import amounts
from dossiers.lifecycle.transitions import Action
from dossiers.models import ENDED_STATES, Dossier, State, UnopenedLink
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
    if not wanted or Dossier.objects.filter(filing_key=_key(dossier, step["key"])).exists():
        return
    try:
        action.recorded["opened"] = _open(action, step)
    except Refused as refusal:
        reason = str(refusal.sentence)
        action.recorded["not_opened"] = reason
        dossier.unopened_links.update_or_create(
            step_key=step["key"],
            defaults={"procedure_code": wanted["procedure"], "reason": reason},
            create_defaults={"procedure_code": wanted["procedure"], "reason": reason, "since": action.at},
        )


def unopened_of(dossier: Dossier) -> QuerySet[UnopenedLink]:
    """What the route was to open and nobody has opened yet."""
    return dossier.unopened_links.filter(opened_at=None)


def some_unopened(action: Action) -> None:
    if not unopened_of(action.dossier).exists():
        raise Refused("none_unopened", _("Hồ sơ không còn hồ sơ liên thông nào chờ mở."))


def open_waiting(action: Action) -> None:
    """Effect: what could not be opened is opened now. Raises Refused with what still stands against it."""
    dossier, opened = action.dossier, []
    for waiting in unopened_of(dossier).select_for_update():
        step = next((s for s in dossier.route if s["key"] == waiting.step_key), None)
        if step is None or not step.get("opens"):
            raise Refused("no_such_step", _("Quy trình hiện nay không còn bước mở hồ sơ liên thông này."))
        opened.append(_open(action, step))
        waiting.opened_at = action.at
        waiting.save(update_fields=["opened_at"])
    action.recorded["opened"] = ", ".join(opened)


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


def _key(dossier: Dossier, step_key: str) -> str:
    return f"linked:{dossier.pk}:{step_key}"[:80]


def _promised_free(parent: Dossier) -> bool:
    """Whether what was published for the whole says that nothing is paid; then nothing is for what it opens."""
    whole = amounts.computed_fee(parent)
    return whole.free and not whole.lines and not whole.free_to_be_confirmed


def _open(action: Action, step: dict[str, Any]) -> str:
    """In a transaction of its own within the action's; returns the new dossier's code. Raises Refused."""
    parent, wanted = action.dossier, step["opens"]
    edition = _edition(wanted["procedure"])
    if edition is None:
        raise Refused("no_edition", _("Không có thủ tục %(code)s đang áp dụng.") % {"code": wanted["procedure"]})
    agency_key = wanted.get("agency_key", "")
    territory, on = parent.settler.territory, timezone.localdate(action.at)
    agency = agency_at(agency_key, territory, on) if agency_key else settling_agency(edition, territory, on)
    with transaction.atomic():
        linked = Dossier(
            edition=edition,
            channel=Channel.COUNTER,
            settling_agency=agency,
            opened_by=parent,
            filing_key=_key(parent, step["key"]),
            created_at=action.at,
            **{name: getattr(parent, name) for name in _SHARED},
        )
        if _promised_free(parent) and not amounts.computed_fee(linked).free:
            amounts.fix_amount(linked, 0, _("Miễn phí theo hồ sơ liên thông %(code)s") % {"code": parent.code})
        linked.save()
        action.execute(linked, "open_linked", automatic_actor("interlinked"), at=action.at)
    return str(linked.code)
