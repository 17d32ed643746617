"""Posts of an agency that another one takes over: everybody goes on in the same role there; and given back."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.models import StaffPost
from agencies.models import Agency
from journal import audit_log

# [[post, the one at the other agency (itself where it only moved or ended), former last day or null, whether the other
# one was made for it], …]
Passed = list[list[int | str | bool | None]]


@transaction.atomic
def pass_posts(agency: Agency, successor: Agency, *, first_day: date, by: str) -> Passed:
    """Let whoever holds a post at `agency` on `first_day` or later hold it at `successor` from then on.

    Desks have moved already. Who holds the same role there keeps that one post. Delegations follow their post.
    """
    last_day = first_day - timedelta(days=1)
    lasting = StaffPost.objects.select_for_update().filter(Q(valid_to=None) | Q(valid_to__gte=first_day), agency=agency)
    passed: Passed = []
    made: dict[int, StaffPost] = {}
    # A post before what is delegated by it.
    for post in sorted(lasting, key=lambda post: (post.delegated_by_id is not None, post.pk)):
        former = post.valid_to.isoformat() if post.valid_to else None
        held = _held_already(post, successor)
        delegated_by = made.get(post.delegated_by_id or 0)
        if post.valid_from > last_day and held is None:  # nobody has acted in it yet
            StaffPost.objects.filter(pk=post.pk).update(agency=successor, delegated_by=delegated_by)
            passed.append([post.pk, post.pk, former, False])
            continue
        _end_post(post, last_day)
        made[post.pk] = held or StaffPost.objects.create(
            account_id=post.account_id,
            agency=successor,
            role=post.role,
            desk_id=post.desk_id,
            title=post.title,
            unit=post.unit,
            phone=post.phone,
            valid_from=first_day,
            valid_to=post.valid_to,
            delegated_by=delegated_by,
        )
        new = made[post.pk].pk
        passed.append([post.pk, new, former, held is None])
        audit_log.record_entry("post_passed", f"post:{new}", by=by, passed_from=post.pk)
    return passed


def _end_post(post: StaffPost, last_day: date) -> None:
    """Let a post hold until the end of `last_day` at most. One that would begin later is never held, not for a day: its
    last day is the one before its first."""
    if post.valid_to is None or post.valid_to > last_day:
        never = post.valid_from - timedelta(days=1)
        StaffPost.objects.filter(pk=post.pk).update(valid_to=max(last_day, never))


def _held_already(post: StaffPost, successor: Agency) -> StaffPost | None:
    return StaffPost.objects.filter(
        account=post.account_id, agency=successor, role=post.role, valid_to=None, delegated_by=None
    ).first()


@transaction.atomic
def end_posts(agency: Agency, *, last_day: date, by: str) -> Passed:
    """Let every post of `agency` hold until the end of `last_day` at most; one that would begin later is never held."""
    ended: Passed = []
    lasting = StaffPost.objects.select_for_update().filter(Q(valid_to=None) | Q(valid_to__gt=last_day), agency=agency)
    for post in lasting.order_by("pk"):
        ended.append([post.pk, post.pk, post.valid_to.isoformat() if post.valid_to else None, False])
        _end_post(post, last_day)
        audit_log.record_entry("post_ended", f"post:{post.pk}", by=by, last_day=last_day.isoformat())
    return ended


@transaction.atomic
def give_posts_back(passed: Passed, agency: Agency, *, today: date, by: str) -> None:
    """Undo `pass_posts` or `end_posts`: the former posts last as they did, those made by it end before `today`."""
    for old, new, former, was_made in passed:
        until = date.fromisoformat(former) if isinstance(former, str) else None
        if was_made:
            post = StaffPost.objects.select_for_update().get(pk=new)
            _end_post(post, today - timedelta(days=1))
        StaffPost.objects.filter(pk=old).update(agency=agency, valid_to=until)
        audit_log.record_entry("post_given_back", f"post:{old}", by=by, passed_to=new)
