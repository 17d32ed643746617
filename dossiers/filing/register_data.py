"""Papers of a dossier that a national register's data stand for: what was asked, and what is still to be asked."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.looks import Seen, record_looks
from accounts.models import Registry, RegistryLookup
from accounts.registries import client, lookups
from core.refusals import Refused
from dossiers.models import Dossier
from procedures.editions.papers import papers_of_case
from procedures.models import RequiredDocument

Outcome = RegistryLookup.Outcome


@dataclass(frozen=True)
class Replaced:
    """A paper whose data a register has. `number` is asked for; "" where somebody types it (a land certificate)."""

    paper: RequiredDocument
    registry: str
    configured: bool
    number: str
    lookup: RegistryLookup | None

    @property
    def facts(self) -> list[tuple[str, str]]:
        return lookups.shown_facts(self.lookup) if self.lookup else []

    @property
    def registry_label(self) -> str:
        return str(Registry(self.registry).label)


def replaced_papers(dossier: Dossier) -> list[Replaced]:
    """In the checklist's order; papers of registers to which we know no way are not among them."""
    done = lookups.lookups_for(dossier.reference)
    found = []
    for paper in papers_of_case(dossier.edition, dossier.case):
        registry = lookups.register_named(paper.replaced_by or paper.partly_replaced_by)
        if registry:
            number = _number_for(dossier, registry)
            found.append(Replaced(paper, registry, client.is_configured(registry), number, done.get(paper.key)))
    return found


def look_up_for(dossier: Dossier, key: str, number: str, *, by: Actor, at: datetime) -> RegistryLookup:
    """Ask the register for the data that stand for a paper. Who owns the dossier sees who looked. Raises Refused."""
    replaced = _one(dossier, key)
    asked = replaced.number or number.replace("\x00", "")
    with translation.override(settings.LANGUAGE_CODE):  # the register and the person read it, whoever asks
        purpose = _("Giải quyết hồ sơ %(code)s: %(paper)s") % {"code": dossier.code, "paper": replaced.paper.name}
    lookup = lookups.look_up(
        replaced.registry,
        asked,
        purpose=purpose,
        by=by,
        at=at,
        record=dossier.reference,
        paper=key,
        code=dossier.code or "",
    )
    person = dossier.owner_person_id or dossier.filer_id
    record_looks([Seen(person, dossier.reference, dossier.code or "")], by=by, at=at, reason=purpose)
    return lookup


def use_paper(dossier: Dossier, key: str, *, by: Actor, at: datetime) -> None:
    """Go on with the paper because the register did not answer, marked as such. Raises Refused."""
    lookup = _one(dossier, key).lookup
    if lookup is None or lookup.outcome not in (Outcome.UNANSWERED, Outcome.NONE):
        raise Refused(
            "data_there", _("Hãy tra cứu trước; chỉ dùng bản giấy khi cơ sở dữ liệu chưa có hoặc chưa trả lời.")
        )
    lookups.note_paper_used(lookup, by=by, at=at)


def _one(dossier: Dossier, key: str) -> Replaced:
    for replaced in replaced_papers(dossier):
        if replaced.paper.key == key:
            return replaced
    raise Refused("not_replaced", _("Giấy tờ này không được thay bằng dữ liệu của cơ sở dữ liệu nào."))


def _number_for(dossier: Dossier, registry: str) -> str:
    if registry == Registry.POPULATION:
        return (dossier.owner_person or dossier.filer).personal_number or ""
    if registry == Registry.ENTERPRISE and dossier.owner_enterprise is not None:
        return dossier.owner_enterprise.tax_number or ""
    return ""
