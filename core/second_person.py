"""What one person writes and another decides: who wrote any part of it is kept, and the database refuses them."""

from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.refusals import LOST_ON_THE_WAY, NotAllowed, Stale
from vietnam.dates import format_moment

LOST = -2  # the revision of a page that did not say its own


class Author(Protocol):
    """Whoever acts (`accounts.actors.Actor`)."""

    @property
    def account_id(self) -> int | None: ...

    @property
    def label(self) -> str: ...


class StaleDraft(Stale):
    """Somebody else wrote the draft since the page was drawn."""


class SecondPersonMissing(NotAllowed):
    """Whoever wrote any part of it does not decide on it."""


class Draft(models.Model):
    """Something written by one or more people before another decides on it. `revision` grows with each writing; a page
    sends back the one it was drawn with."""

    revision = models.PositiveIntegerField(default=0)
    editors = ArrayField(models.BigIntegerField(), default=list)  # accounts that wrote any part of it
    edited_at = models.DateTimeField(default=timezone.now)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    edited_label = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    def note_editor(self, by: Author, at: datetime) -> None:
        """`by` writes a part of it; the caller saves."""
        self.revision += 1
        self.edited_at, self.edited_by_id, self.edited_label = at, by.account_id, by.label[:200]
        if by.account_id is not None and by.account_id not in self.editors:
            self.editors = [*self.editors, by.account_id]

    def require_unchanged(self, revision: int) -> None:
        """Raise StaleDraft when somebody wrote since the page with `revision` was drawn, or the page did not say."""
        if revision == LOST:
            raise StaleDraft("carried", LOST_ON_THE_WAY)
        if self.revision != revision:
            raise StaleDraft(
                "stale",
                _("%(who)s đã lưu bản này lúc %(time)s, sau khi bạn mở trang. Điều bạn nhập chưa được lưu.")
                % {"who": self.edited_label, "time": format_moment(timezone.localtime(self.edited_at))},
            )

    def has_second_person(self, by: Author) -> bool:
        """Whether `by` may decide: somebody known who wrote no part of it."""
        return by.account_id is not None and by.account_id not in self.editors

    def require_second_person(self, by: Author) -> None:
        if not self.has_second_person(by):
            raise SecondPersonMissing("four_eyes", second_person_sentence())


def second_person_sentence() -> str:
    return _("Người đã soạn hoặc sửa bản này không tự đưa vào áp dụng. Hãy nhờ người khác có thẩm quyền kiểm tra.")


def second_person_constraint(name: str, *, decider: str, undecided: Q) -> models.CheckConstraint:
    """The database's hold on a `Draft`: beside `undecided` rows, and those that no person of this installation wrote,
    each has a decider who is none of its editors."""
    by_another = Q(**{f"{decider}__isnull": False}) & ~Q(editors__contains=[F(decider)])
    return models.CheckConstraint(condition=undecided | Q(editors=[]) | by_another, name=name)
