"""People: found and kept by the paper that they are known by, searched by name, number or telephone, put right by a
counter.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Authorisation, FormerNumber, Person
from accounts.signals import account_notice, person_changed
from agencies.models import Territory
from core.refusals import Refused
from core.sealed_numbers import masked_number, number_word
from core.word_search import having_words, in_byte_order
from journal import audit_log
from journal.kept import Kept
from vietnam.dates import BirthDate, may_be_same_birth
from vietnam.documents import IdentityDocument, passport_number
from vietnam.identity import InvalidNumber, PersonalNumber, fits_birth_date
from vietnam.phone import normalise_phone
from vietnam.text import fold, normalise_name

LIMIT = 20
LONGEST_NAME = 150  # a few letters become two when they are composed or written large
# What the card says and nobody changes without having seen it.
CARD_FIELDS = ("personal_number", "full_name", "birth_date", "sex")
_DOCUMENT_FIELDS = ("personal_number", "document_kind", "document_country", "document_number")


_DIFFERS = _(
    "Họ tên hoặc ngày sinh không khớp với số định danh này trong hệ thống. Hãy xem lại từng chữ trên căn cước; nếu căn "
    "cước đúng như đã nhập, quầy một cửa sửa lại khi người đó xuất trình căn cước."
)


class PersonDiffers(Refused):
    """The number is on record with another name or day of birth. `fields` names them; the sentence reveals nothing."""

    def __init__(self, person: Person, fields: tuple[str, ...]) -> None:
        super().__init__("person_differs", _DIFFERS, field="full_name")
        self.person, self.fields = person, fields


class BirthDateDiffers(Refused):
    """The day of birth cannot be that of the number's holder: the number itself tells the year."""

    def __init__(self) -> None:
        sentence = _("Năm sinh không khớp với số định danh. Hãy xem lại cả hai trên căn cước.")
        super().__init__("birth_date_differs", sentence, field="birth_date")


def require_fitting_birth(number: str, born: BirthDate | None) -> None:
    """Raises `BirthDateDiffers`."""
    if not fits_birth_date(number, born):
        raise BirthDateDiffers


class CorrectionRefused(Refused):
    """A person's record cannot be put right so; the sentence says why and what to do."""

    def __init__(self, sentence: str | Promise, field: str | None = None) -> None:
        super().__init__("not_corrected", sentence, field=field)


@dataclass(frozen=True)
class Difference:
    """One fact that the record and the card (or what was typed) state differently."""

    field: str
    recorded: Any
    stated: Any


def find_by_number(number: str) -> Person | None:
    """The person with this number, typed or scanned in any spacing. Raises
    `vietnam.identity.InvalidNumber`."""
    return find_by_document(IdentityDocument.meant(number))


def find_by_document(document: IdentityDocument) -> Person | None:
    """The person who is known by this paper."""
    return Person.objects.select_related("territory").filter(**columns_of(document)).first()


def people_with_number(number: str) -> list[Person]:
    """Everybody known by a paper of whatever kind and country with this number; none when it cannot be one."""
    try:
        wanted = passport_number(number)
    except InvalidNumber:
        return []
    known = Q(personal_number=wanted) | Q(document_number=wanted)
    return list(Person.objects.select_related("territory").filter(known, merged_into=None).order_by("id")[:LIMIT])


def columns_of(document: IdentityDocument) -> dict[str, str]:
    """The fields of a person that hold a paper."""
    if document.is_personal:
        return {"personal_number": document.number}
    return {
        "document_kind": document.kind.value,
        "document_country": document.country,
        "document_number": document.number,
    }


def differences(person: Person, *, full_name: str = "", birth_date: BirthDate | None = None) -> list[Difference]:
    """Where a name or a day of birth does not fit the record; what either side leaves open does not count.

    Names are compared without accents and case: cards, keyboards and old records write "Hòa" and "Hoà". A recorded day
    of birth that cannot be the number's own is no fact: whoever states another is believed.
    """
    found = []
    if full_name and fold(full_name) != fold(person.full_name):
        found.append(Difference("full_name", person.full_name, normalise_name(full_name)))
    believed = person.may_be_born(person.birth_date)
    if birth_date and person.birth_date and believed and not may_be_same_birth(birth_date, person.birth_date):
        found.append(Difference("birth_date", person.birth_date, birth_date))
    return found


def find_or_create_person(
    number: str | IdentityDocument,
    *,
    full_name: str,
    birth_date: BirthDate | None = None,
    sex: str = "",
    phone: str = "",
    email: str = "",
    address: str = "",
    territory: Territory | None = None,
    today: date | None = None,
) -> tuple[Person, bool]:
    """The person known by this paper, made from the other facts when there is none; and whether it was made. A text is
    the number of a Vietnamese card.

    Facts of a known person are never changed here (`correct_person` and `change_details` do), and must fit. Two callers
    at once get one person. A twelve-digit number tells the sex when `sex` is empty. Raises `PersonDiffers`,
    `BirthDateDiffers`, `vietnam.identity.InvalidNumber`, `vietnam.phone.InvalidPhone`.
    """
    document = number if isinstance(number, IdentityDocument) else IdentityDocument.meant(number, today=today)
    name, phone = normalise_name(full_name)[:LONGEST_NAME], normalise_phone(phone)
    if document.is_personal:
        require_fitting_birth(document.number, birth_date)
        sex = sex or str(PersonalNumber(document.number).sex)
    person, created = Person.objects.get_or_create(
        **columns_of(document),
        defaults={
            "full_name": name,
            "birth_date": birth_date,
            "sex": sex,
            "phone": phone,
            "email": email.strip(),
            "address": address.strip(),
            "territory": territory,
            "search_key": search_key(name, document.number, phone),
        },
    )
    if not created and (unlike := differences(person, full_name=name, birth_date=birth_date)):
        raise PersonDiffers(person, tuple(each.field for each in unlike))
    return person, created


def change_details(person: Person, **facts: object) -> Person:
    """Write the given fields of a person and keep the search key true. A contact that changes is confirmed no more."""
    for channel in ("phone", "email"):
        if channel in facts and facts[channel] != getattr(person, channel):
            facts.setdefault(f"{channel}_confirmed_at", None)
    for field, value in facts.items():
        setattr(person, field, value)
    person.search_key = search_key(person.full_name, person.stated_number, person.phone)
    person.save(update_fields=[*facts, "search_key"])
    return person


@transaction.atomic
def change_contact(person: Person, *, phone: str, email: str, at: datetime, **facts: object) -> Person:
    """Write another telephone and e-mail of a person, and other details given with them.

    Compared with what is stored, whatever the caller's copy says by now. A holder is told at the contacts of until now
    that others are about to take their place: codes go there.
    """
    row = Person.objects.select_for_update().get(pk=person.pk)
    replaced = [old for old, new in ((row.phone, phone), (row.email, email)) if old and old != new]
    if row.account and replaced:
        account_notice.send(sender=Person, account=row.account, kind="contact_changed", facts={}, at=at)
    return change_details(row, phone=phone, email=email, **facts)


@transaction.atomic
def confirm_contact(person: Person, *, phone: str, email: str, by: Actor, at: datetime) -> Person:
    """Keep the telephone and e-mail that the person confirmed at a counter; empty ones are taken away."""
    before = Person.objects.select_for_update().get(pk=person.pk)
    confirmed = {"phone_confirmed_at": at if phone else None, "email_confirmed_at": at if email else None}
    row = change_contact(before, phone=phone, email=email, at=at, **confirmed)
    changed = [field for field in ("phone", "email") if getattr(before, field) != getattr(row, field)]
    _record("contact_confirmed", row, by, changed=changed)
    return row


@transaction.atomic
def correct_person(person: Person, *, by: Actor, reason: str, at: datetime, **facts: Any) -> Person:
    """Put right what the card says (`CARD_FIELDS`), by somebody who has seen it; the record keeps both.

    A corrected number that is on record for somebody of the same name is the same person: both records become one.
    Returns the record that holds from now on. Raises `CorrectionRefused`.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.merged_into_id:
        raise CorrectionRefused(_("Hồ sơ người này đã gộp vào hồ sơ khác. Hãy tìm lại theo số định danh."))
    number = facts.get("personal_number", person.personal_number) or ""
    require_fitting_birth(number, facts.get("birth_date", person.birth_date if "personal_number" in facts else None))
    before = {field: getattr(person, field) for field in facts}
    changed = {field: value for field, value in facts.items() if before[field] != value}
    if not changed:
        return person
    former = person.documents
    if other := _other_record(person, changed):
        if differences(other, full_name=changed.get("full_name", person.full_name)):
            raise CorrectionRefused(
                _("Số này đang thuộc một người có họ tên khác. Hãy xem lại căn cước; nếu đúng, báo quản trị viên."),
                "personal_number",
            )
        return merge_people(person, into=other, by=by, reason=reason, at=at)
    if changed.get("personal_number") or changed.get("document_number"):
        changed |= {"claimed_number": "", "self_declared": False}
    if person.account:
        account_notice.send(sender=Person, account=person.account, kind="details_corrected", facts={}, at=at)
    change_details(person, **changed)
    _keep_former(person, former, at)
    written = [field for field in facts if field in changed]
    if person.account and "full_name" in changed:
        person.account.full_name = person.full_name
        person.account.save(update_fields=["full_name", "search_key"])
    _record("person_corrected", person, by, reason=reason, before=_plain(before, written), after=_plain(facts, written))
    person_changed.send(sender=Person, person=person, merged=None, by=by, at=at)
    return person


def _other_record(person: Person, changed: dict[str, Any]) -> Person | None:
    """Who is on record already by the paper that is to be written."""
    if changed.get("personal_number"):
        wanted = {"personal_number": changed["personal_number"]}
    elif changed.get("document_number") or changed.get("document_country"):
        wanted = {name: changed.get(name, getattr(person, name)) for name in _DOCUMENT_FIELDS[1:]}
    else:
        return None
    return Person.objects.select_for_update().filter(**wanted).exclude(pk=person.pk).first()


@transaction.atomic
def merge_people(old: Person, *, into: Person, by: Actor, reason: str, at: datetime) -> Person:
    """Let everything of `old` belong to `into`; `old` stays as an empty record that says where it went.

    The account of `old` goes along unless `into` has one, which raises `CorrectionRefused`.
    """
    locked = {p.pk: p for p in Person.objects.select_for_update().filter(pk__in=(old.pk, into.pk)).order_by("pk")}
    old, into = locked[old.pk], locked[into.pk]
    account = old.account
    if account and into.account_id:
        raise CorrectionRefused(_("Cả hai hồ sơ đều có tài khoản. Hãy báo quản trị viên để khóa bớt một tài khoản."))
    former, paper = old.documents, {name: getattr(old, name) for name in _DOCUMENT_FIELDS[1:]}
    old.account, old.personal_number, old.claimed_number, old.merged_into = None, None, "", into
    old.document_kind = old.document_country = old.document_number = ""
    old.save(update_fields=["account", *_DOCUMENT_FIELDS, "claimed_number", "merged_into"])
    # Who was merged into `old` is led to by it no longer: their looks and what is to be erased are found one step away.
    old.merged.update(merged_into=into)
    if paper["document_number"] and not into.document_number:  # one is still found by the card of before
        change_details(into, **paper)
    _keep_former(into, former, at)
    if account:
        change_details(into, account=account)
    _record("people_merged", into, by, reason=reason, merged=old.pk, moved=_move_references(old, into))
    person_changed.send(sender=Person, person=into, merged=old, by=by, at=at)
    return into


def erase_person(person: Person, *, at: datetime) -> None:
    """Empty the record of somebody without an account of whom nothing else is kept; the row stays for what names it.

    With it go the records that were merged into it, and the words of authorisations to or from them.
    """
    with transaction.atomic():
        for each in [person, *person.merged.all()]:
            each.personal_number, each.birth_date, each.territory = None, None, None
            each.phone_confirmed_at = each.email_confirmed_at = None
            for name in ("document_kind", "document_country", "document_number", "claimed_number", "full_name"):
                setattr(each, name, "")
            each.sex = each.phone = each.email = each.address = each.search_key = ""
            each.save()
            granted = Authorisation.objects.filter(Q(grantor_person=each) | Q(grantee=each))
            granted.update(grantor_number="", grantor_name="", paper="")
            each.former_numbers.all().delete()
        audit_log.record_entry("person_erased", f"person:{person.pk}", by="retention", at=at.isoformat())


def _move_references(old: Person, into: Person) -> dict[str, int]:
    """Let every row of every app that points at `old` point at `into`; returns how many by column."""
    moved = {}
    for relation in Person._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and relation.one_to_many) or relation.related_model is Person:
            continue
        promise = getattr(relation.related_model, "kept", None)
        if isinstance(promise, Kept) and relation.field.name not in promise.may_change:
            continue  # written once: it goes on naming the record that ended
        rows = relation.related_model._base_manager.filter(**{relation.field.name: old})
        try:
            with transaction.atomic():
                count = rows.update(**{relation.field.name: into})
        except IntegrityError:
            raise CorrectionRefused(
                _("Cả hai hồ sơ có dữ liệu trùng nhau, ví dụ cùng đại diện một doanh nghiệp. Hãy báo quản trị viên.")
            ) from None
        if count:
            moved[f"{relation.related_model._meta.label_lower}.{relation.field.name}"] = count
    return moved


def _keep_former(person: Person, former: list[IdentityDocument], at: datetime) -> None:
    """Keep by what the person was known, unless they still are."""
    gone = [each for each in former if each not in person.documents]
    FormerNumber.objects.bulk_create(FormerNumber(person=person, number=each.key, until=at) for each in gone)


def _plain(facts: dict[str, Any], fields: list[str]) -> dict[str, Any]:
    """As the history keeps them: of numbers the last signs."""
    return {field: _as_history(field, facts.get(field)) for field in fields}


def _as_history(field: str, value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return masked_number(value) if value and field in ("personal_number", "document_number") else value


def _record(verb: str, person: Person, by: Actor, **changes: Any) -> None:
    audit_log.record_entry(verb, f"person:{person.pk}", by=by, **changes)


def search_key(full_name: str, number: str, phone: str) -> str:
    return " ".join(filter(None, (fold(full_name), number_word(number), phone)))[:300]


def search_people(text: str, *, within: QuerySet[Person] | None = None, limit: int = LIMIT) -> list[Person]:
    """People whose name or telephone has words beginning as typed, or whose number is typed in whole; at most `limit`,
    by name."""
    people = Person.objects.filter(merged_into=None) if within is None else within
    return list(
        having_words(people, text).select_related("territory").order_by(in_byte_order("search_key"), "id")[:limit]
    )
