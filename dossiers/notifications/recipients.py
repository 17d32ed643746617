"""Who is notified of what happens to a dossier, and where they read it."""

from collections.abc import Iterable, Iterator

from django.urls import reverse

from accounts.models import Account, StaffPost
from dossiers.models import Dossier
from notices.choices import Recipient

Role = StaffPost.Role
AT_MOST = 20
_REACHED = ("account__email", "account__language")
# What telling reads of a dossier; for many at once also what only some audiences read of each.
LOADED = ("edition", "settling_agency", "filer__account")
LOADED_FOR_MANY = (*LOADED, "holder__account", "step", "owner_person__account")
_COLUMNS = (
    *("uid", "code", "state", "substate", "owner_name", "contact_email", "contact_phone"),
    *("received_at", "due_at", "answer_due_at", "fee_amount", "fee_settled_at"),
    *("owner_person", "holder", "step", "receiving_agency"),
    *("edition__title", "edition__title_en", "settling_agency__name", "settling_agency__name_en"),
    *("filer__account__email", "filer__account__language"),
)


def dossier_to_notify_of(pk: int) -> Dossier:
    """With the columns that notices repeat: PostgreSQL needed longer to plan the reading of all than to read."""
    return Dossier.objects.select_related(*LOADED).only(*_COLUMNS).get(pk=pk)


def recipients_of(name: str, dossier: Dossier) -> list[Recipient]:
    """The recipients of an audience of the life-cycle table (`applicant`, `holder`, `head`, …)."""
    return _AUDIENCES[name](dossier)


def each_once(audiences: Iterable[str], dossier: Dossier) -> Iterator[tuple[str, list[Recipient]]]:
    """Each audience with those who are in none before it: a head at whose step the dossier stands is told once.

    Applicants are told other things than staff, and in any case.
    """
    told: set[int] = set()
    for audience in audiences:
        found = recipients_of(audience, dossier)
        if audience != "applicant":
            found = [each for each in found if each.account is None or each.account.pk not in told]
            told |= {each.account.pk for each in found if each.account is not None}
        yield audience, found


def link_for(audience: str, dossier: Dossier) -> str:
    if audience == "applicant":
        return reverse("my-dossier", args=[dossier.uid])
    return reverse("dossier", args=[dossier.code])


def staff_recipients(posts: list[StaffPost]) -> list[Recipient]:
    return [Recipient(post.account, post.account.email, post.account.language) for post in posts]


def by_language(found: list[Recipient]) -> dict[str, list[Recipient]]:
    """Who reads which language: they get the same text."""
    readers: dict[str, list[Recipient]] = {}
    for each in found:
        readers.setdefault(each.language, []).append(each)
    return readers


def posts_of(agency_id: int | None, roles: list[str]) -> list[StaffPost]:
    posts = StaffPost.objects.filter(agency_id=agency_id, role__in=roles, valid_to__isnull=True)
    return list(posts.select_related("account").only(*_REACHED).order_by("id")[:AT_MOST])


def _applicants(dossier: Dossier) -> list[Recipient]:
    """The filer's and the owner's accounts, each once; the addresses given with the dossier are the filer's."""
    accounts: dict[int, Account] = {}
    owner = dossier.owner_person if dossier.owner_person_id != dossier.filer_id else None
    for person in (dossier.filer, owner):
        if person is not None and person.account is not None:
            accounts[person.account.pk] = person.account
    language = next((account.language for account in accounts.values()), "vi")
    found = [Recipient(account, "", account.language) for account in accounts.values()]
    given = (dossier.contact_email, language, dossier.contact_phone)
    filer = dossier.filer.account
    if filer is not None:
        return [Recipient(filer, *given), *(each for each in found if each.account != filer)]
    return [*found, Recipient(None, *given)]


def _holder(dossier: Dossier) -> list[Recipient]:
    """Who holds the step; while nobody does, everybody who could take it."""
    if dossier.holder is not None:
        return staff_recipients([dossier.holder])
    if dossier.step is None:
        return []
    return staff_recipients(posts_of(dossier.step.agency_id, [dossier.step.role]))


def _counter(dossier: Dossier) -> list[Recipient]:
    return staff_recipients(posts_of(dossier.receiving_agency_id, [Role.COUNTER]))


def _head(dossier: Dossier) -> list[Recipient]:
    return staff_recipients(posts_of(dossier.settling_agency_id, [Role.UNIT_HEAD, Role.LEADER]))


def _supervisor(dossier: Dossier) -> list[Recipient]:
    """Who supervises the settling agency: its own, else the province's."""
    own = posts_of(dossier.settling_agency_id, [Role.SUPERVISOR])
    every = StaffPost.objects.filter(role=Role.SUPERVISOR, valid_to__isnull=True).select_related("account")
    return staff_recipients(own or list(every.only(*_REACHED).order_by("id")[:AT_MOST]))


def _receiving_head(dossier: Dossier) -> list[Recipient]:
    return staff_recipients(posts_of(dossier.receiving_agency_id, [Role.UNIT_HEAD, Role.LEADER]))


def _consulted(dossier: Dossier) -> list[Recipient]:
    """Those who hand work out at the bodies whose opinion is waited for."""
    agencies = dossier.opinions.filter(ended_at=None).values_list("agency_id", flat=True)[:AT_MOST]
    return [one for agency in agencies for one in staff_recipients(posts_of(agency, [Role.UNIT_HEAD, Role.OFFICER]))]


def _asker(dossier: Dossier) -> list[Recipient]:
    """Who asked for the correction decided last: at the end of a dossier nobody holds it who would be told."""
    last = dossier.corrections.exclude(decided_at=None).select_related("asked_by__account").order_by("-decided_at")[:1]
    return staff_recipients([one.asked_by for one in last if one.asked_by.valid_to is None])


def _working(dossier: Dossier) -> list[Recipient]:
    """Whoever has to act next among staff: the counter until it has received the dossier, then who holds the step."""
    return _counter(dossier) if dossier.received_at is None else _holder(dossier)


def _answering(dossier: Dossier) -> list[Recipient]:
    """Whoever should answer the applicant's message: who has the dossier, before receipt the counter, else the head."""
    return _working(dossier) or _head(dossier)


_AUDIENCES = {
    "applicant": _applicants,
    "holder": _holder,
    "working": _working,
    "counter": _counter,
    "head": _head,
    "supervisor": _supervisor,
    "receiving_head": _receiving_head,
    "consulted": _consulted,
    "asker": _asker,
    "answering": _answering,
}
