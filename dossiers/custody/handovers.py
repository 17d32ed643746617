"""Hand-over records between agencies or shifts: made by one side, confirmed by it, and then by another person of the
other side. Only what both confirmed has changed hands; between the two confirmations a parcel is with the courier.
"""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import StaffPost
from agencies.models import Agency
from core.refusals import NotAllowed, Refused, Stale
from dossiers.custody import folders as custody
from dossiers.custody.folders import How, Location
from dossiers.custody.permissions import PAPER_PREFIX
from dossiers.custody.waiting import IN_HOUSE, folders_offered
from dossiers.letters import handover
from dossiers.models import Dossier, Folder, HandOver, HandOverItem, Place
from vietnam.dates import format_moment

AT_MOST = 200  # folders in one record: what a person carries and another checks
Kind = HandOver.Kind


def begin_handover(kind: str, *, to_agency: Agency, by: Actor, at: datetime, key: str) -> HandOver:
    """A record to fill. The same `key` (of the page) of the same post gives the same record. Raises Refused."""
    post = _post(by)
    if kind == Kind.SHIFT and post.desk is None:
        raise Refused("no_desk", _("Vị trí của bạn chưa gắn với quầy nào. Hãy báo quản trị."))
    if (to_agency.pk == post.agency_id) != (kind == Kind.SHIFT):
        raise Refused("same_agency", _("Hãy chọn một cơ quan khác để bàn giao."))
    if to_agency.valid_to is not None:
        raise Refused("agency_ended", _("Cơ quan này không còn hoạt động. Hãy chọn cơ quan kế thừa."))
    record, _made = HandOver.objects.get_or_create(
        key=f"{post.pk}:{key}"[:80],
        defaults={
            "kind": kind,
            "from_agency": post.agency,
            "from_desk": post.desk,
            "to_agency": to_agency,
            "made_at": at,
        },
    )
    return record


def _post(by: Actor) -> StaffPost:
    if by.post is None:
        raise NotAllowed("not_allowed", _("Vị trí của bạn không được bàn giao hồ sơ."))
    return by.post


@transaction.atomic
def add_folder(record: HandOver, dossier: Dossier) -> bool:
    """Put the dossier's folder into the record; False when it lies there already. Raises Refused or Stale."""
    locked = _locked(record)
    _must_be_draft(locked)
    folder = _fitting(locked, dossier)
    if locked.items.filter(folder=folder).exists():
        return False
    other = HandOverItem.objects.filter(folder=folder, hand_over__taken_at__isnull=True).first()
    if other is not None:
        raise Refused(
            "in_another", _("Túi %(code)s đã nằm trong một biên bản khác chưa xong.") % {"code": dossier.code}
        )
    if locked.items.count() >= AT_MOST:
        raise Refused(
            "too_many",
            _("Một biên bản có nhiều nhất %(most)d túi. Hãy giao biên bản này rồi lập thêm.") % {"most": AT_MOST},
        )
    HandOverItem.objects.create(hand_over=locked, folder=folder, sheets=folder.sheets)
    return True


def _fitting(record: HandOver, dossier: Dossier) -> Folder:
    """Which of the dossier's folders is meant; locked. Raises Refused with where it is or where it should go."""
    known = custody.lock_folders(dossier.folders.values_list("pk", flat=True))
    if not known:
        raise Refused(
            "no_folder",
            _("Hồ sơ %(code)s chưa có túi giấy. Hãy lập túi ở trang “Tìm túi hồ sơ”.") % {"code": dossier.code},
        )
    here = [f for f in known if f.agency_id == record.from_agency_id and f.place in IN_HOUSE]
    if not here:
        folder = known[0]
        raise Refused(
            "not_here",
            _("Theo sổ, túi %(code)s không ở cơ quan bạn mà ở %(agency)s (%(place)s).")
            % {"code": dossier.code, "agency": folder.agency.local_name, "place": folder.get_place_display()},
        )
    if record.kind == Kind.SHIFT:
        return here[0]
    here.sort(key=lambda folder: folder.wanted_at_id != record.to_agency_id)
    if (wanted := here[0].wanted_at) is not None and wanted.pk != record.to_agency_id:
        raise Refused(
            "wanted_elsewhere",
            _("Túi %(code)s cần đến %(wanted)s, không phải %(to)s. Hãy để vào biên bản khác.")
            % {"code": dossier.code, "wanted": wanted.local_name, "to": record.to_agency.local_name},
        )
    return here[0]


@transaction.atomic
def add_offered(record: HandOver) -> int:
    """Everything that is waiting for this way; returns how many came in."""
    locked = _locked(record)
    _must_be_draft(locked)
    room = AT_MOST - locked.items.count()
    folders = custody.lock_folders(
        folders_offered(locked).order_by("wanted_by", "pk").values_list("pk", flat=True)[:room]
    )
    # Asked again with the folders locked: another record may have got some meanwhile.
    free = set(folders_offered(locked).filter(pk__in=[folder.pk for folder in folders]).values_list("pk", flat=True))
    items = [HandOverItem(hand_over=locked, folder=f, sheets=f.sheets) for f in folders if f.pk in free]
    return len(HandOverItem.objects.bulk_create(items))


@transaction.atomic
def remove_folder(record: HandOver, item_pk: int) -> None:
    locked = _locked(record)
    _must_be_draft(locked)
    locked.items.filter(pk=item_pk).delete()


@transaction.atomic
def drop_handover(record: HandOver) -> None:
    """Give up a draft; its folders wait again."""
    locked = _locked(record)
    _must_be_draft(locked)
    locked.items.all().delete()
    if not Folder.objects.filter(moves__hand_over=locked).exists():
        locked.delete()


@transaction.atomic
def give_handover(record: HandOver, *, by: Actor, at: datetime) -> HandOver:
    """The giver confirms: the parcel is closed and, between agencies, with the courier. Raises Refused or Stale."""
    post, locked = _post(by), _locked(record)
    if locked.given_at is not None:
        if locked.given_by_id == post.pk:
            return locked  # pressed twice
        raise _told(locked)
    folders = custody.lock_folders(locked.items.values_list("folder", flat=True))
    if not folders:
        raise Refused("empty", _("Biên bản chưa có túi nào. Hãy quét bìa từng túi rồi xác nhận."))
    gone = [f for f in folders if f.agency_id != locked.from_agency_id or f.place not in IN_HOUSE]
    if gone:
        code = gone[0].dossier.code
        raise Refused(
            "not_here", _("Túi %(code)s không còn ở cơ quan bạn. Hãy bỏ túi này khỏi biên bản.") % {"code": code}
        )
    locked.given_by, locked.given_at = post, at
    locked.save(update_fields=["given_by", "given_at"])
    if locked.kind == Kind.AGENCY:
        carried = Location(Place.COURIER, locked.from_agency, desk=locked.from_desk, holder=post)
        custody.move_all(folders, carried, by=by.label, at=at, how=How.HAND_OVER, hand_over=locked)
    return locked


@transaction.atomic
def recall_handover(record: HandOver, *, by: Actor, at: datetime) -> HandOver:
    """The giver's side takes the parcel back while nobody has taken it; the record is a draft again."""
    post, locked = _post(by), _locked(record)
    if locked.taken_at is not None:
        raise _told(locked)
    if locked.given_at is None:
        return locked
    locked.given_by = locked.given_at = None
    locked.save(update_fields=["given_by", "given_at"])
    locked.items.update(found_at=None)
    if locked.kind == Kind.AGENCY:
        folders = [item.folder for item in locked.items.select_related("folder")]
        custody.move_all(folders, custody.location_of(post), by=by.label, at=at, how=How.HAND_OVER, hand_over=locked)
    return locked


@transaction.atomic
def find_handover(record: HandOver, dossier: Dossier, *, by: Actor, at: datetime) -> bool:
    """The taker has the dossier's folder before them; False when it was found already. Raises Refused or Stale."""
    locked = _locked(record)
    _must_be_under_way(locked, _post(by))
    items = locked.items.filter(folder__dossier=dossier)
    if not items.exists():
        raise Refused(
            "not_in_record",
            _("Túi %(code)s không có trong biên bản này. Hãy để riêng và tìm xem túi phải đến đâu.")
            % {"code": dossier.code},
        )
    return bool(items.filter(found_at__isnull=True).update(found_at=at))


@transaction.atomic
def find_all(record: HandOver, *, by: Actor, at: datetime) -> None:
    """The taker has counted the parcel and misses nothing."""
    locked = _locked(record)
    _must_be_under_way(locked, _post(by))
    locked.items.filter(found_at__isnull=True).update(found_at=at)


@transaction.atomic
def take_handover(record: HandOver, *, by: Actor, at: datetime, missing: int = 0) -> HandOver:
    """The taker confirms: what was found is theirs now, the rest is missing, and the paper record is issued.

    `missing` is how many the taker says are not there; when the record says otherwise nothing is confirmed.
    Raises Refused or Stale.
    """
    post, locked = _post(by), _locked(record)
    if locked.taken_at is not None and locked.taken_by_id == post.pk:
        return locked  # pressed twice
    _must_be_under_way(locked, post)
    items = list(locked.items.select_related("folder"))
    absent = [item for item in items if item.found_at is None]
    if len(absent) != missing:
        raise Refused(
            "not_all_seen",
            _("Còn %(left)d túi chưa quét. Hãy quét tiếp, hoặc báo thiếu rồi xác nhận.") % {"left": len(absent)},
        )
    locked.items.filter(found_at__isnull=True).update(missing=True)
    custody.move_all(
        [item.folder for item in items if item.found_at],
        _where_taken(locked, post),
        by=by.label,
        at=at,
        how=How.HAND_OVER,
        hand_over=locked,
    )
    locked.taken_by, locked.taken_at = post, at
    locked.paper_code = _issue(locked, by=by, at=at)
    locked.save(update_fields=["taken_by", "taken_at", "paper_code"])
    return locked


def _where_taken(record: HandOver, post: StaffPost) -> Location:
    if record.kind == Kind.SHIFT:
        return Location(Place.DESK, record.to_agency, desk=record.from_desk, holder=post)
    return custody.location_of(post)


def _issue(record: HandOver, *, by: Actor, at: datetime) -> str:
    """The paper of a record that both sides confirmed, in Vietnamese whoever reads the page; returns its code."""
    items = record.items.select_related(
        "folder__dossier__edition",
        "folder__dossier__filer",
        "folder__dossier__owner_person",
        "folder__dossier__owner_enterprise",
    ).prefetch_related("folder__dossier__documents")
    with translation.override("vi"):
        return handover.issue_handover_record(
            record.kind,
            agency=record.from_agency,
            owner=f"{PAPER_PREFIX}:{record.uid}",
            giver=_side(record.from_agency, record.given_by, record.given_at),
            taker=_side(record.to_agency, record.taken_by, record.taken_at),
            rows=[_row(item) for item in items],
            by=by,
            at=at,
            note=record.note,
        ).code


def _row(item: HandOverItem) -> handover.Row:
    row = handover.row_of(item.folder.dossier, sheets=item.sheets, missing=item.missing, remark=item.remark)
    return replace(row, papers="Kết quả giải quyết") if item.folder.kind == Folder.Kind.RESULT else row


def _side(agency: Agency, post: StaffPost | None, at: datetime | None) -> handover.Side:
    assert post is not None, "a record is issued when both sides confirmed it"
    return handover.Side(
        agency.name,
        unit=post.desk.name if post.desk else "",
        person=post.account.full_name,
        title=post.title or str(post.get_role_display()),
        confirmed_at=at,
    )


def _locked(record: HandOver) -> HandOver:
    """The record as it is now, locked. Raises Refused when it was dropped meanwhile."""
    rows = HandOver.objects.select_for_update(of=("self",)).select_related("from_agency", "to_agency", "from_desk")
    found = rows.filter(pk=record.pk).first()
    if found is None:
        raise Refused("dropped", _("Biên bản này đã bị bỏ. Hãy lập biên bản khác."))
    return found


def _must_be_draft(record: HandOver) -> None:
    if record.given_at is not None:
        raise _told(record)


def _must_be_under_way(record: HandOver, post: StaffPost) -> None:
    """Given, not taken, and not by the one who is to take."""
    if record.taken_at is not None:
        raise _told(record)
    if record.given_at is None or record.given_by is None:
        raise Refused("not_given", _("Bên giao chưa xác nhận biên bản này. Hãy chờ bên giao xác nhận."))
    if record.given_by.account_id == post.account_id:
        raise Refused("two_people", _("Người nhận phải là người khác với người giao. Hãy để đồng nghiệp xác nhận."))


def _told(record: HandOver) -> Stale:
    """What the one who came first did."""
    post, at = (record.taken_by, record.taken_at) if record.taken_at else (record.given_by, record.given_at)
    assert post is not None, "who confirms is kept with when"
    assert at is not None, "a record that nobody confirmed refuses nobody"
    said = (
        _("%(name)s đã xác nhận nhận biên bản này lúc %(time)s.")
        if record.taken_at
        else _("%(name)s đã xác nhận giao biên bản này lúc %(time)s.")
    )
    time = format_moment(timezone.localtime(at))
    return Stale("stale", said % {"name": post.account.full_name, "time": time})


def open_records(agency_id: int) -> QuerySet[HandOver]:
    """Records of the agency that still wait for a confirmation, drafts included."""
    mine = Q(from_agency=agency_id) | Q(to_agency=agency_id, given_at__isnull=False)
    return HandOver.objects.filter(mine, taken_at__isnull=True)
