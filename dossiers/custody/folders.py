"""Where the paper of a dossier is: at any moment each folder has one place and one holder.

`move` and `move_all` are the only writers of a place; they lock the folders and keep each move in the same transaction.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import StaffPost
from agencies.calendars import calendar_of
from agencies.models import Agency, Desk
from core.refusals import Refused
from dossiers.access.record_reference import dossier_of
from dossiers.models import OPEN_STATES, Dossier, Folder, FolderMove, HandOver, HandOverItem, Place
from papers.models import Paper
from vietnam import working_time
from vietnam.codes import dossier_codes_meant
from vietnam.input_methods import keys_meant
from vietnam.typed import plain_characters
from vietnam.working_time import Period, Unit

How = FolderMove.How
# Received for another agency: the paper follows the electronic dossier within one working day (Bắc Ninh, Decision
# 1582/2025/QĐ-UBND). The result goes back the same way.
FOLLOWS = Period(Decimal(1), Unit.WORKING_DAY)
AT_ONCE = 50  # codes in one scan
_CODE = re.compile(r"(?:[A-Y]\d{2}(?:\.\d{1,3}){0,3}|\d{3}\.\d{2}\.\d{2}\.[A-Y]\d{2})-\d{6}-\d{4,8}")
_REFERENCE = re.compile(r"dossier:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE)  # on cover sheets
_PAPER = re.compile(r"/paper/([\w-]{6,24})")
_SHELF = re.compile(r"KE-[0-9A-Z][0-9A-Z./-]{0,50}\Z")


@dataclass(frozen=True)
class Location:
    """A place for a folder: what kind, whose, and who answers for it there."""

    place: Place
    agency: Agency
    desk: Desk | None = None
    holder: StaffPost | None = None
    shelf: str = ""
    tracking_number: str = ""


def location_of(post: StaffPost) -> Location:
    """Where things are that this post has in hand."""
    if post.role == StaffPost.Role.COUNTER:
        return Location(Place.DESK, post.agency, desk=post.desk, holder=post)
    return Location(Place.DEPARTMENT, post.agency, holder=post)


def follows_by(agency: Agency, at: datetime) -> datetime:
    """Until when paper sent by `agency` at `at` is to be where it is wanted, on the sender's calendar."""
    until = working_time.due(calendar_of(agency), at, FOLLOWS).at
    assert until is not None, "only an open pause leaves a period without an end"
    return until


@transaction.atomic
def open_folder(dossier: Dossier, kind: str, spot: Location, *, by: str, at: datetime, how: str) -> Folder:
    """The dossier's folder of that kind, made at `spot` when there is none yet."""
    folder, made = Folder.objects.get_or_create(dossier=dossier, kind=kind, defaults={**vars(spot), "since": at})
    if made:
        _keep([folder], spot, by=by, at=at, how=how)
    return folder


def move_folders(
    folder: Folder, to: Location, *, by: str, at: datetime, how: str, hand_over: HandOver | None = None, note: str = ""
) -> None:
    """Move one folder; the folder passed in is brought up to date."""
    move_all([folder], to, by=by, at=at, how=how, hand_over=hand_over, note=note)
    folder.refresh_from_db()


@transaction.atomic
def move_all(
    folders: Iterable[Folder],
    to: Location,
    *,
    by: str,
    at: datetime,
    how: str,
    hand_over: HandOver | None = None,
    note: str = "",
) -> None:
    """Move folders to one place, in a constant number of statements. `by` is the label of who says so.

    What was wanted there is wanted no more. A folder's moves never go back in time.
    """
    locked = lock_folders(folder.pk for folder in folders)
    if not locked:
        return
    moment = max(at, *(folder.since for folder in locked))
    rows = Folder.objects.filter(pk__in=[folder.pk for folder in locked])
    if to.place == Place.APPLICANT:
        rows.update(wanted_at=None, wanted_by=None)
    elif to.place != Place.COURIER:
        rows.filter(wanted_at=to.agency).update(wanted_at=None, wanted_by=None)
    rows.update(**vars(to), since=moment)
    _keep(locked, to, by=by, at=moment, how=how, hand_over=hand_over, note=note)


def lock_folders(pks: Iterable[int]) -> list[Folder]:
    """The folders as they are now, locked in one order for everybody."""
    return list(Folder.objects.select_for_update(of=("self",)).filter(pk__in=list(pks)).order_by("pk"))


def _keep(
    folders: list[Folder],
    to: Location,
    *,
    by: str,
    at: datetime,
    how: str,
    hand_over: HandOver | None = None,
    note: str = "",
) -> None:
    FolderMove.objects.bulk_create(
        FolderMove(folder=folder, **vars(to), at=at, by=by[:200], how=how, hand_over=hand_over, note=note[:300])
        for folder in folders
    )


def want_folder(folder: Folder, agency: Agency, until: datetime, *, since: datetime) -> None:
    """The folder is to be at `agency` by `until`, counted from `since`; nothing is wanted of one that is there."""
    there = folder.agency_id == agency.pk and folder.place not in (Place.COURIER, Place.APPLICANT)
    folder.wanted_at, folder.wanted_by = (None, None) if there else (agency, until)
    folder.wanted_since = since
    folder.save(update_fields=["wanted_at", "wanted_by", "wanted_since"])


@transaction.atomic
def place_folder(
    folder: Folder, to: Location, *, by: Actor, at: datetime, how: str = How.SCANNED, note: str = ""
) -> None:
    """Somebody who has the folder before them says where it is now.

    Between agencies a record is made that both sides confirm; what turns up without one needs a note that says why.
    Raises Refused.
    """
    (locked,) = lock_folders([folder.pk])
    record = under_way(locked)
    if record is not None:
        raise Refused(
            "under_way",
            _("Túi đang trên đường theo một biên bản chưa xác nhận. Hãy mở biên bản đó để nhận hoặc thu hồi."),
        )
    if locked.agency_id != to.agency.pk and not note.strip():
        raise Refused(
            "no_record",
            _("Theo sổ, túi đang ở %(agency)s. Hãy ghi vì sao túi đến đây mà không có biên bản bàn giao.")
            % {"agency": locked.agency.local_name},
            field="note",
        )
    move_folders(locked, to, by=by.label, at=at, how=how, note=note.strip())
    folder.refresh_from_db()


def under_way(folder: Folder) -> HandOver | None:
    """The record by which the folder was given and that nobody has taken yet."""
    return HandOver.objects.filter(items__folder=folder, given_at__isnull=False, taken_at__isnull=True).first()


def missing_or_misplaced(folders: QuerySet[Folder], *, at: datetime) -> QuerySet[Folder]:
    """Folders that are not where they should be at `at`; each with `missed` (a taker did not find it)."""
    missed = HandOverItem.objects.filter(
        folder=OuterRef("pk"), missing=True, hand_over__taken_at__gte=OuterRef("since")
    ).order_by()
    elsewhere = Q(
        kind=Folder.Kind.PAPERS,
        wanted_at__isnull=True,
        place__in=(Place.DESK, Place.DEPARTMENT),
        dossier__state__in=OPEN_STATES,
        dossier__step__isnull=False,
    ) & ~Q(agency=F("dossier__step__agency"))
    return folders.annotate(missed=Exists(missed)).filter(Q(wanted_by__lt=at) | Q(missed=True) | elsewhere)


def folder_scanned(text: str) -> tuple[list[Dossier], list[str]]:
    """The dossiers named by what a scanner typed, and the codes that no dossier has.

    The text is a code, the QR of a cover sheet or of a paper, or several of them that ran together.
    """
    meant = _codes(text)[:AT_ONCE]
    codes = list(dict.fromkeys(code for codes in meant for code in codes))
    uids = _REFERENCE.findall(text)[:AT_ONCE]
    found = list(Dossier.objects.sent().filter(Q(code__in=codes) | Q(uid__in=uids)))
    found.sort(key=lambda dossier: codes.index(dossier.code) if dossier.code in codes else len(codes))
    known = {dossier.code for dossier in found}
    unknown = {codes[0] for codes in meant if known.isdisjoint(codes)}
    for paper in Paper.objects.filter(code__in=_PAPER.findall(text)[:AT_ONCE]):
        if (dossier := dossier_of(paper.owner)) is not None:
            found.append(dossier)
    if not found and not unknown:
        unknown = {plain_characters(text).strip()[:60]}
    return list({dossier.pk: dossier for dossier in found}.values()), sorted(unknown)


def dossiers_scanned(text: str) -> list[Dossier]:
    """As `scanned`, but Refused when a code names no dossier."""
    found, unknown = folder_scanned(text)
    if unknown:
        raise unknown_code(unknown)
    return found


def unknown_code(codes: list[str]) -> Refused:
    if not any(codes):
        return Refused("no_code", _("Hãy quét bìa của túi, hoặc gõ mã hồ sơ."), field="code")
    return Refused(
        "unknown_code",
        _("Không có hồ sơ nào mang mã “%(code)s”. Hãy quét lại.") % {"code": ", ".join(codes)},
    )


def each_scanned(text: str, do: Callable[[Dossier], object]) -> list[str]:
    """Do something with each dossier that was scanned; returns the codes it was done with.

    One that is refused holds up no other. Raises Refused at the end with what was not done, and why.
    """
    found, unknown = folder_scanned(text)
    done, refusals = [], [unknown_code(unknown)] if unknown else []
    for dossier in found:
        try:
            do(dossier)
        except Refused as refusal:
            refusals.append(refusal)
        else:
            done.append(str(dossier.code))
    if refusals:
        if len(refusals) == 1:
            raise refusals[0]
        raise Refused(refusals[0].code, " ".join(str(refusal.sentence) for refusal in refusals))
    return done


def _codes(text: str) -> list[list[str]]:
    """Each code that was scanned or typed, with every way to read it, the likeliest first."""
    found: list[list[str]] = []
    for line in text.splitlines():
        written = _CODE.findall(plain_characters(line).upper())
        meant = [] if written else dossier_codes_meant(line)
        found += [[code] for code in dict.fromkeys(written)] or ([meant] if meant else [])
    return found


def shelf_scanned(text: str, archive: Agency) -> str:
    """The shelf of a shelf label (KE-A1-03) of an agency's archive, empty when the text is none. A label that an input
    method took for Vietnamese (KE-Á-03) is the one shelf in use that it can be."""
    tidy = "".join(plain_characters(text).split()).upper()
    if _SHELF.match(tidy):
        return tidy
    meant = [shelf for shelf in keys_meant(tidy) if _SHELF.match(shelf)]
    if not meant:
        return ""
    known = Folder.objects.filter(agency=archive, place=Place.ARCHIVE, shelf__in=meant).values_list("shelf", flat=True)
    shelves = set(known)
    return shelves.pop() if len(shelves) == 1 else ""


def shelf_named(text: str, archive: Agency) -> str:
    """The shelf as scanned, or as typed with or without the prefix of labels. Raises Refused."""
    tidy = "".join(plain_characters(text).split()).upper()
    shelf = shelf_scanned(tidy, archive) or shelf_scanned(f"KE-{tidy}", archive)
    if shelf and not _codes(tidy):
        return shelf
    sentence = _("Mã kệ chỉ gồm chữ không dấu, số và dấu - . /, ví dụ KE-A1-03. Hãy nhập lại.")
    if keys_meant(tidy):
        sentence += " " + _("Nhãn quét ra chữ có dấu là do bộ gõ tiếng Việt đang bật: hãy tắt bộ gõ rồi quét lại.")
    raise Refused("bad_shelf", sentence)
