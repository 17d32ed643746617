"""Whose file it is. An owner is a text reference such as ``dossier:<uuid>``; the app that owns the prefix answers.

    owners.register("dossier", may_read=…, may_add=…)

at start-up (AppConfig.ready). A reference with a prefix that nobody registered is refused to everybody.
"""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.actors import Actor
from digitization.models import StoredFile

MayRead = Callable[[Actor, str, StoredFile], bool]
MayAdd = Callable[[Actor, str], bool]


@dataclass(frozen=True)
class Resolver:
    may_read: MayRead
    may_add: MayAdd


_resolvers: dict[str, Resolver] = {}


def _nobody(actor: Actor, owner: str) -> bool:
    return False


def register(prefix: str, may_read: MayRead, may_add: MayAdd = _nobody) -> None:
    """Say who may read a file of owners ``prefix:…`` and who may send one there by resumable upload.

    `may_read(actor, owner, file)` and `may_add(actor, owner)` get the whole reference. Registering again replaces.
    """
    if not prefix or ":" in prefix:
        raise ValueError(f"an owner prefix is one word without a colon: {prefix!r}")
    _resolvers[prefix] = Resolver(may_read, may_add)


def may_read(actor: Actor, file: StoredFile) -> bool:
    resolver = _resolver(file.owner)
    return file.removed_at is None and resolver is not None and resolver.may_read(actor, file.owner, file)


def may_add(actor: Actor, owner: str) -> bool:
    resolver = _resolver(owner)
    return resolver is not None and resolver.may_add(actor, owner)


def _resolver(owner: str) -> Resolver | None:
    prefix, colon, rest = owner.partition(":")
    return _resolvers.get(prefix) if colon and rest else None
