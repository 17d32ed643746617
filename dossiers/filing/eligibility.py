"""Who may file a procedure, and through which door: asked before a draft is begun and again by the life cycle."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Enterprise, Person
from core.refusals import Refused
from dossiers.models import Dossier
from procedures import display
from procedures.models import Channel, Edition
from procedures.public.presentation import elsewhere, fileable_online
from vietnam.text import within_sentence

# Kinds of applicants (procedures/catalogue/schema.json) that a person, or a body with a tax number, can be. A household
# business is registered by a person and has a tax number.
OF_PERSONS = frozenset(
    {"citizen", "overseas_vietnamese", "foreigner", "household_business", "official", "party_member"}
)
# What nobody is whose only paper is another country's.
OF_VIETNAM = frozenset({"citizen", "official", "party_member"})
OF_BODIES = frozenset(
    {"enterprise", "cooperative", "household_business", "organisation", "foreign_organisation", "state_agency"}
)
NOT_ONLINE = gettext_lazy("Thủ tục này chưa nộp trực tuyến được. Hãy nộp tại quầy một cửa hoặc gửi qua bưu chính.")


def require_open_door(edition: Edition, channel: str) -> None:
    """Raises Refused where the edition is not filed here at all, or not through this channel."""
    if system := elsewhere(edition):
        raise Refused(
            "filed_elsewhere",
            _("Thủ tục này được nộp và giải quyết trên %(system)s. Hãy mở trang thủ tục để đến đúng nơi nộp.")
            % {"system": system},
        )
    if channel == Channel.ONLINE and not fileable_online(edition):
        raise Refused("not_online", NOT_ONLINE)


def may_own(edition: Edition, owner: Person | Enterprise, *, judged: bool = False) -> bool:
    """Whether the edition is for such an owner; one that names nobody is for everybody.

    Who shows another country's paper may be a foreigner or a Vietnamese who lives abroad. `judged`: by a counter with
    the paper in hand, which may know better than the catalogue what a foreigner may do.
    """
    if isinstance(owner, Enterprise):
        kinds = OF_BODIES
    else:
        kinds = OF_PERSONS if judged or owner.document_country in ("", "VN") else OF_PERSONS - OF_VIETNAM
    return not edition.applicants or bool(kinds & set(edition.applicants))


def require_owner(edition: Edition, owner: Person | Enterprise, *, judged: bool = False) -> None:
    """Raises Refused, naming for whom the procedure is."""
    if not may_own(edition, owner, judged=judged):
        raise Refused("not_for_owner", not_for_owner(edition), field="owner")


def not_for_owner(edition: Edition) -> str:
    """For whom it is, in a sentence for somebody else."""
    names = ", ".join(within_sentence(str(display.APPLICANTS[kind])) for kind in edition.applicants)
    return _("Thủ tục này dành cho: %(names)s. Hãy chọn đúng người đứng tên, hoặc nộp thay cho tổ chức của bạn.") % {
        "names": names
    }


def why_not_here(edition: Edition, channel: str, owner: Person | Enterprise) -> str:
    """Why it cannot be filed for such an owner through this channel, said before it is filled in; "" if it can."""
    try:
        require_open_door(edition, channel)
        require_owner(edition, owner)
    except Refused as refusal:
        return str(refusal.sentence)
    return ""


def require_eligible(dossier: Dossier) -> None:
    """Both of the above for a dossier that is about to be sent or received. Raises Refused."""
    require_open_door(dossier.edition, dossier.channel)
    owner = dossier.owner_enterprise or dossier.owner_person
    if owner is not None:
        require_owner(dossier.edition, owner, judged=dossier.channel != Channel.ONLINE)
