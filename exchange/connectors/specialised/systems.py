"""Specialised systems as administrators keep them."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import StaffPost
from core.refusals import Refused
from core.web_addresses import address_parts
from exchange.models import SpecialisedDossier, SpecialisedSystem
from exchange.specialised_mapping import read_rules, status_words
from journal import audit_log


def save_system(
    system: SpecialisedSystem | None,
    *,
    key: str,
    name: str,
    url: str,
    secret: str,
    post: StaffPost | None,
    mapping: str,
    active: bool,
    by: Actor,
) -> SpecialisedSystem:
    """Write a new or a changed one; its mapping must be readable. An empty `secret` keeps the present one.

    Raises Refused.
    """
    rules, url = read_rules(mapping), checked_address(url)
    if post is None or post.role != StaffPost.Role.OFFICER:
        raise Refused("no_officer", _("Hãy chọn một chuyên viên của cơ quan giải quyết."), field="post")
    if system is None and not secret:
        raise Refused("no_secret", _("Hãy nhập mã truy cập."), field="secret")
    row = system or SpecialisedSystem()
    known = status_words(row.mapping)
    row.key, row.name, row.url, row.post = key, name.strip(), url, post
    row.mapping, row.procedures, row.active = mapping, list(rules.procedures), active
    row.secret = secret or row.secret
    try:
        with transaction.atomic():
            row.save()
            _reword_statuses(row, known)
            verb = "specialised_changed" if system else "specialised_added"
            audit_log.record_entry(verb, f"specialised:{row.pk}", by=by, name=row.name, post=post.pk, active=active)
    except IntegrityError:
        raise Refused("key_taken", _("Tên ngắn này đã có."), field="key") from None
    return row


def _reword_statuses(system: SpecialisedSystem, known: Mapping[str, str]) -> None:
    """Put what is kept of statuses in the words of the mapping before, `known`, into its present ones: of dossiers that
    ended nothing is heard again."""
    words = status_words(system.mapping)
    learnt = {code: said for code, said in words.items() if code != said}
    forgotten = {said: learnt.get(code, code) for code, said in known.items() if code != said and said not in words}
    for kept, said in (forgotten | learnt).items():
        SpecialisedDossier.objects.filter(system=system, status=kept).update(status=said)


def checked_address(url: str) -> str:
    """An address that dossiers may be given to. Raises Refused."""
    parts = address_parts(url)
    plain = parts is not None and parts.scheme == "http" and parts.hostname in settings.OUTGOING_PRIVATE_HOSTS
    if parts is None or (parts.scheme != "https" and not plain):
        raise Refused("bad_url", _("Địa chỉ phải bắt đầu bằng https://."), field="url")
    return url.strip()


def unknown_statuses(systems: Iterable[SpecialisedSystem]) -> dict[int, list[tuple[str, int]]]:
    """What these systems said of dossiers and their mapping does not know, by system: status and number of dossiers."""
    known = {system.pk: status_words(system.mapping) for system in systems}
    said = SpecialisedDossier.objects.filter(system__in=list(known)).exclude(status="")
    found: dict[int, list[tuple[str, int]]] = {}
    for system, status, count in said.values_list("system", "status").annotate(n=Count("pk")).order_by("-n", "status"):
        if status not in known[system]:
            found.setdefault(system, []).append((status, count))
    return found
