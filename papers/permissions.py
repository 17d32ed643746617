"""Who may read a paper: the app whose record it belongs to answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core import references
from core.references import Column, WhenDeleted
from papers.models import Paper


@dataclass(frozen=True)
class PaperRules:
    """What a record's app answers about its papers; `may_read` gets the actor and the whole record reference."""

    may_read: Callable[[Any, str, Paper], bool]


def may_read_paper(actor: Any, paper: Paper) -> bool:
    """Refuses a paper whose kind of record nobody answers for."""
    rules = references.answers_for(paper.owner, PaperRules)
    return rules is not None and rules.may_read(actor, paper.owner, paper)


references.register_column(Column("papers.Paper", "owner", WhenDeleted.PROTECT))
