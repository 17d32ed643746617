"""Who acts in a request, a task or a call of the API: one value that rules take."""

from dataclasses import dataclass, field
from functools import cached_property

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Account, Level, Person, StaffPost
from journal.audit_log import current_request_id

SYSTEM_CHANNEL = "api"  # with a name in `system`: a connected system


@dataclass(frozen=True)
class Actor:
    """Somebody (or the system itself) who acts. `posts` are those valid now; `post` is the one acted as."""

    account: Account | None = None
    post: StaffPost | None = None
    posts: tuple[StaffPost, ...] = ()
    system: str = ""  # name of a connected system or of an automatic rule
    # A connected system never acts in a person's name: it acts as itself, and in a post's place where its scope says
    # so.
    scopes: frozenset[str] = field(default_factory=frozenset)
    channel: str = "web"
    address: str = ""
    request_id: str = field(default_factory=current_request_id)
    represents: Person | None = None  # the person for whom a connected system files
    level: int = Level.DECLARED  # how the holder of the account was identified, in this session

    @cached_property
    def person(self) -> Person | None:
        if self.represents is not None:
            return self.represents
        return getattr(self.account, "person", None) if self.account else None

    @property
    def is_anonymous(self) -> bool:
        return self.account is None and not self.system and self.post is None

    @property
    def is_staff(self) -> bool:
        return self.post is not None

    @property
    def post_id(self) -> int | None:
        return self.post.pk if self.post else None

    @property
    def connected_system(self) -> str:
        """The name of the connected system that acts; "" for people and for automatic rules."""
        return self.system if self.channel == SYSTEM_CHANNEL else ""

    @property
    def account_id(self) -> int | None:
        """The account of the person who answers for it; a connected system acts for the holder of its post."""
        if self.account is not None:
            return self.account.pk
        return self.post.account_id if self.post else None

    @property
    def role(self) -> str:
        return self.post.role if self.post else ""

    @property
    def label(self) -> str:
        """Name and title as kept in histories: in the product's language, whichever the actor reads."""
        if self.post:
            with translation.override(settings.LANGUAGE_CODE):
                title = self.post.title or str(StaffPost.Role(self.post.role).label)
                if self.system:
                    return f"{self.system} ({_('thay vị trí')} {title})"
            return f"{self.post.account.full_name}, {title}"
        if self.account:
            return self.account.full_name or self.account.username
        return self.system or "?"

    @property
    def origin(self) -> str:
        return f"{self.channel} {self.address}".strip()


ANONYMOUS = Actor()


def automatic_actor(rule: str) -> Actor:
    """The actor of an automatic transition; it can never pass for a person."""
    return Actor(system=rule, channel="automatic")
