"""Who may read a paper. The app that owns the papers' subject answers; this one knows only an opaque reference."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from papers.models import Paper

MayRead = Callable[[Any, str, "Paper"], bool]
_resolvers: dict[str, MayRead] = {}


def register(prefix: str, may_read: MayRead) -> None:
    """`may_read(actor, owner reference, paper)` answers for every owner written `<prefix>:…`."""
    _resolvers[prefix] = may_read


def may_read(actor: Any, paper: Paper) -> bool:
    """Refuses a paper whose kind of owner nobody registered."""
    resolver = _resolvers.get(paper.owner.partition(":")[0])
    return bool(resolver and resolver(actor, paper.owner, paper))
