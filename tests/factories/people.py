"""Accounts, persons, enterprises and posts; who acts, and the client that somebody is signed in with."""

from datetime import date

from django.test import Client
from factory import LazyAttribute, LazyFunction, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from accounts.actors import Actor
from accounts.models import Account, Enterprise, Person, Representation, StaffPost
from agencies.models import Agency, Desk
from vietnam.text import fold

PASSWORD = "mat-khau-dai-01"  # noqa: S105 - of the tests' own people

# One account of the demonstration for each role.
USERS = {
    "citizen": "024158990001",
    "counter": "motcua.tinh",
    "officer": "chuyenvien.tuphap",
    "unit_head": "truongphong.tuphap",
    "leader": "lanhdao.tuphap",
    "clerk": "vanthu.tuphap",
    "supervisor": "giamsat",
    "controller": "danhmuc",
    "administrator": "quantri",
}


def agency_called(key: str) -> Agency:
    """The province's agency of that key today; "office" is the People's Committee's."""
    return Agency.objects.get(key=key, valid_to=None)


class AccountFactory(DjangoModelFactory):
    """An account that nobody can sign in to by password unless one is given."""

    class Meta:
        model = Account

    username = Sequence(lambda n: f"nguoi.dung.{n}")
    full_name = "Nguyễn Thị Ánh"
    password = None

    @classmethod
    def _create(cls, model_class, *args, username, password, **facts):
        return Account.objects.create_account(username, password, **facts)


class PersonFactory(DjangoModelFactory):
    """A citizen with an account of the same number."""

    class Meta:
        model = Person

    personal_number = Sequence(lambda n: f"0271909{n:05}")  # those that tests give themselves are lower
    full_name = "Nguyễn Thị Ánh"
    account = SubFactory(
        AccountFactory,
        username=SelfAttribute("..personal_number"),
        full_name=SelfAttribute("..full_name"),
        password=PASSWORD,
    )
    phone = "0912345678"
    search_key = LazyAttribute(lambda person: fold(person.full_name))


class EnterpriseFactory(DjangoModelFactory):
    class Meta:
        model = Enterprise

    tax_number = "0100109106"
    name = "Công ty Thử nghiệm"
    search_key = LazyAttribute(lambda enterprise: fold(enterprise.name))


class RepresentationFactory(DjangoModelFactory):
    class Meta:
        model = Representation

    person = SubFactory(PersonFactory)
    enterprise = SubFactory(EnterpriseFactory)
    ground = "Giám đốc"
    valid_from = date(2025, 1, 1)


class StaffPostFactory(DjangoModelFactory):
    """A post that somebody has held since the communes were formed."""

    class Meta:
        model = StaffPost

    account = SubFactory(AccountFactory)
    agency = LazyFunction(lambda: agency_called("office"))
    role = StaffPost.Role.OFFICER
    valid_from = date(2025, 7, 1)


def staff_actor(name: str, agency: Agency | str, role: str, desk: Desk | None = None) -> Actor:
    """Somebody new who acts in a post; the agency as it is or by its key."""
    agency = agency_called(agency) if isinstance(agency, str) else agency
    account = AccountFactory(username=name, full_name=name)
    return holder_of(StaffPostFactory(account=account, agency=agency, role=role, desk=desk))


def staff_actors(posts: list[tuple[str, Agency, str, Desk | None]]) -> list[Actor]:
    """Several at once (name, agency, role, desk), in two statements: half the tests begin with a whole cast."""
    accounts = []
    for name, *_post in posts:
        account = AccountFactory.build(username=name, full_name=name)
        account.set_password(None)
        account.fill_search_key()
        accounts.append(account)
    Account.objects.bulk_create(accounts)
    made = [
        StaffPostFactory.build(account=account, agency=agency, role=role, desk=desk)
        for account, (_name, agency, role, desk) in zip(accounts, posts, strict=True)
    ]
    return [holder_of(post) for post in StaffPost.objects.bulk_create(made)]


def holder_of(post: StaffPost) -> Actor:
    """Who holds the post, acting in it."""
    return Actor(account=post.account, post=post, posts=(post,), channel="web", address="127.0.0.1")


def signed_in(who: Actor | Account) -> Client:
    """A client of their own."""
    client = Client()
    account = who if isinstance(who, Account) else who.account
    client.force_login(account, backend="accounts.backends.AccountBackend")
    return client
