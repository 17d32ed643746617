"""How the rows of an imported file ended."""

from dataclasses import dataclass, field

from procedures.editions.document import Facts

IMPORTED, WITH_QUERIES, REFUSED = "imported", "imported_with_doubts", "refused"


@dataclass
class RowResult:
    """How one row ended. `change` is new, changed, unchanged or kept (the published edition outranks the import)."""

    line: int
    code: str
    title: str
    outcome: str
    reason: str = ""
    change: str = ""
    receivable: bool = False
    open_queries: list[Facts] = field(default_factory=list)
