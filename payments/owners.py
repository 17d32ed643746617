"""Payable records of the apps above, known here by an opaque reference such as ``dossier:<uuid>``."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.actors import Actor


@dataclass(frozen=True)
class PayableFacts:
    """What a payment page says about the record: a title, its printed code, and where the reader goes back to."""

    title: str
    link: str
    code: str = ""


@dataclass(frozen=True)
class Resolver:
    """How an app above answers for its records; every question takes the reader and the owner reference."""

    describe: Callable[[Actor, str], PayableFacts | None]
    may_see: Callable[[Actor, str], bool]
    may_pay: Callable[[Actor, str], bool]
    may_collect: Callable[[Actor, str], bool]
    hold: Callable[[str], None]


def _nobody(_actor: Actor, _owner: str) -> bool:
    return False


def _nothing(_owner: str) -> None:
    return None


_resolvers: dict[str, Resolver] = {}


def register(
    prefix: str,
    describe: Callable[[Actor, str], PayableFacts | None],
    may_see: Callable[[Actor, str], bool],
    may_pay: Callable[[Actor, str], bool],
    may_collect: Callable[[Actor, str], bool] = _nobody,
    hold: Callable[[str], None] = _nothing,
) -> None:
    """Answer for the owners whose reference begins with ``prefix:``.

    `may_collect`: may take cash for it at a counter. `hold`: locks the record's row; it is called before a charge is
    locked to be confirmed, so that an app which locks record, then charge, never meets payments the other way round.
    """
    _resolvers[prefix] = Resolver(describe, may_see, may_pay, may_collect, hold)


def _resolver(owner: str) -> Resolver | None:
    return _resolvers.get(owner.partition(":")[0])


def describe(actor: Actor, owner: str) -> PayableFacts | None:
    """None when nobody answers for the owner, or the record is gone."""
    resolver = _resolver(owner)
    return resolver.describe(actor, owner) if resolver else None


def may_see(actor: Actor, owner: str) -> bool:
    resolver = _resolver(owner)
    return bool(resolver and resolver.may_see(actor, owner))


def may_pay(actor: Actor, owner: str) -> bool:
    resolver = _resolver(owner)
    return bool(resolver and resolver.may_pay(actor, owner))


def may_collect(actor: Actor, owner: str) -> bool:
    resolver = _resolver(owner)
    return bool(resolver and resolver.may_collect(actor, owner))


def hold(owner: str) -> None:
    """Lock the record's row for the rest of the transaction."""
    if resolver := _resolver(owner):
        resolver.hold(owner)
