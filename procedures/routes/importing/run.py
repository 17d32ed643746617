"""One import: a table becomes drafts, each with what is wrong and what is unverified, and a report that says it all.

Reading the same file again changes nothing and shows the former report.
"""

import hashlib
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from procedures.models import Edition, Procedure, Route, RouteImport
from procedures.routes import checking, context
from procedures.routes.amounts import period_words, words
from procedures.routes.importing import reading, tables
from procedures.routes.importing.reading import ReadRoute, RouteQuery
from procedures.routes.steps import write_steps
from procedures.routes.versions import ROUTES
from vietnam.text import fold

DRAFT, UNCHANGED, REFUSED = "draft", "unchanged", "refused"


def import_table(content: bytes, name: str, *, by: Actor, at: datetime) -> RouteImport:
    """Read a file and keep its routes as drafts; returns the import with its report. Raises UnreadableTable."""
    sha256 = hashlib.sha256(content).hexdigest()
    former = RouteImport.objects.filter(file_sha256=sha256).first()
    if former:
        return former
    table = tables.read_tables(content, name)
    with transaction.atomic():
        found = [_keep(route, table.source, by, at) for route in reading.routes_of(table.rows)]
        return RouteImport.objects.create(
            file_name=name[-255:],
            file_sha256=sha256,
            made_at=at,
            made_by=by.label,
            report={"source": table.source, "rows": len(table.rows), "routes": found},
        )


def _keep(read: ReadRoute, source: str, by: Actor, at: datetime) -> dict[str, Any]:
    """Make the draft; the lines of the report about it."""
    line: dict[str, Any] = {
        "code": read.code,
        "name": read.name,
        "lines": list(read.lines),
        "steps": len(read.steps),
        "sum": words(checking.total(read.steps)),
        "doubts": [open_query.text for open_query in read.open_queries],
        "problems": [],
        "limits": [],
        "draft": None,
        "outcome": REFUSED,
    }
    procedure = _procedure(read.code)
    if procedure is None:
        text = _("Không có thủ tục mã %(code)s trong danh mục. Hãy nhập danh mục trước, rồi nhập lại bảng.")
        return line | {"problems": [text % {"code": read.code or "?"}]}
    edition = procedure.in_force
    case, agency_key, unknown = _scope(read, edition)
    draft = Route(
        procedure=procedure,
        case=case,
        agency_key=agency_key,
        name=read.name[:200],
        decision=source,
        source=Route.Source.IMPORT,
        open_queries=[_kept(open_query, edition) for open_query in (*read.open_queries, *unknown)],
    )
    same = Route.objects.filter(
        procedure=procedure, case=case, agency_key=agency_key, steps=write_steps(read.steps)
    ).first()
    if same is None:
        draft.steps = write_steps(read.steps)
        ROUTES.begin_draft(draft, by=by, at=at)
        if not ROUTES.blockers(draft):
            ROUTES.submit_draft(draft.pk, revision=draft.revision, by=by, at=at)
    around = context.around(draft, read.steps)
    return line | {
        "code": procedure.code,
        "doubts": [open_query["text"] for open_query in draft.open_queries],
        "problems": [problem.sentence for problem in checking.route_problems(read.steps, around)],
        "limits": _limits(draft, edition),
        "draft": (same or draft).pk,
        "outcome": UNCHANGED if same else DRAFT,
    }


def _procedure(code: str) -> Procedure | None:
    """By the national code; a province's own suffix ("1.009645.H05") is taken off where that code is unknown."""
    known = Procedure.objects.filter(current__isnull=False).select_related("current")
    return known.filter(code=code).first() or known.filter(code=code.rpartition(".H")[0] or code).first()


def _scope(read: ReadRoute, edition: Edition) -> tuple[str, str, list[RouteQuery]]:
    """(case, agency key, what could not be found): both by key or by name."""
    unknown = []
    case = _named(read.case, context.case_names(edition))
    if read.case and not case:
        text = _("Thủ tục không có trường hợp “%(case)s”. Hãy chọn trường hợp.") % {"case": read.case}
        unknown.append(RouteQuery("case", text))
    agency = _named(read.agency, list(context.agency_names().items()))
    if read.agency and not agency:
        text = _("Không có cơ quan “%(agency)s”. Hãy chọn cơ quan.") % {"agency": read.agency}
        unknown.append(RouteQuery("agency", text))
    return case, agency, unknown


def _named(said: str, known: list[tuple[str, str]]) -> str:
    return next((key for key, name in known if said == key or fold(said) == fold(name)), "") if said else ""


def _kept(open_query: RouteQuery, edition: Edition) -> dict[str, Any]:
    kept = asdict(open_query)
    if open_query.kind == "run_together" and (limits := _limits(Route(procedure=edition.procedure), edition)):
        kept["text"] += " " + _("Thời hạn công bố: %(limits)s.") % {"limits": "; ".join(limits)}
    return kept


def _limits(route: Route, edition: Edition) -> list[str]:
    return [
        f"{limit.case}: {period_words(limit.period)}" if limit.case else period_words(limit.period)
        for limit in context.published(route, edition)
    ]
