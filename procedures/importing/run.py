"""An import from beginning to end: each row ends imported, with named open queries or without, or refused."""

from collections import Counter
from datetime import datetime
from pathlib import Path

from django.db import transaction

from journal import audit_log
from procedures.editions import publishing, rows, source_updates
from procedures.editions.bundled import bundled_competence
from procedures.editions.document import Facts, is_receivable
from procedures.importing import comparison, corrections, extract, report
from procedures.importing.authority import proposed_agency
from procedures.importing.results import IMPORTED, REFUSED, WITH_QUERIES, RowResult
from procedures.importing.rows import FieldNames, RefusedRow, read_row
from procedures.models import Competence, Edition, Field, ImportRun
from vietnam.text import fold


def import_file(path: Path, by: str, at: datetime) -> ImportRun:
    """Import an extract and write its report. Raises extract.UnreadableExtract and then changes nothing.

    One transaction: a crash leaves nothing half imported. The same file again changes nothing but leaves a run.
    """
    lines = extract.read_extract(path)
    sha256 = extract.sha256_of(path)
    with transaction.atomic():
        run = ImportRun.objects.create(file_name=path.name, file_sha256=sha256, started_at=at, started_by=by)
        results, facts = _read(lines)
        misread = corrections.misread_acts(line.row for line in lines if line.row is not None)
        corrections.correct_act_numbers(misread, at)
        for outcome in publishing.offer_documents(list(facts.values()), Edition.Origin.IMPORT, by, at):
            result = results[outcome.code]
            result.change = outcome.change
            if outcome.change == "kept":
                result.outcome = WITH_QUERIES
                result.open_queries.append({"kind": source_updates.DIFFERS, "path": "offered/import"})
        everything = [*results.values()]
        everything.sort(key=lambda result: result.line)
        run.counts = counts_of(everything)
        if set(run.counts["changes"]) - {"unchanged"}:
            rows.analyse_tables()
        compared = comparison.compare_with_bundled((line.row for line in lines if line.row is not None), field_names())
        run.report = report.write_report(run, everything, compared)
        run.finished_at = at
        run.save()
        audit_log.record_entry("catalogue.imported", f"import:{run.pk}", by=by, file=path.name, **run.counts["rows"])
    return run


def _read(lines: list[extract.Line]) -> tuple[dict[str, RowResult], dict[str, Facts]]:
    """(result by code or by line, facts by code). A code that comes again is refused; the first row stands."""
    names = field_names()
    covered = covered_levels()
    results: dict[str, RowResult] = {}
    documents: dict[str, Facts] = {}
    for line in lines:
        result = RowResult(line.number, "", "", REFUSED, line.problem)
        if line.row is not None:
            result.code = str(line.row.get("code", ""))[:30]
            result.title = str(line.row.get("name", ""))[:300]
            try:
                facts = read_row(line.row, names)
                if facts["code"] in documents:
                    raise RefusedRow(f"the code stands in line {results[facts['code']].line} already")
            except RefusedRow as error:
                result.reason = str(error)
            else:
                _name_gaps(facts, covered)
                result.code = facts["code"]
                result.receivable = is_receivable(facts)
                result.open_queries = list(facts.get("doubts", []))
                result.outcome = WITH_QUERIES if result.open_queries else IMPORTED
                documents[facts["code"]] = facts
                results[facts["code"]] = result
                continue
        results[f"line {line.number}"] = result
    return results, documents


def field_names() -> FieldNames:
    """Fields of the table of competences, and those that other procedures brought."""
    fields = bundled_competence("competence")["fields"]
    of_one_ministry = {row["key"] for row in fields if row.get("ministry")}
    by_ministry: dict[tuple[str, str], Facts] = {}
    by_name: dict[str, Facts] = {
        field.search_key: {"key": field.key, "name": field.name}
        for field in Field.objects.exclude(key__in=of_one_ministry).order_by("-pk")
    }
    for row in fields:
        known: Facts = {"key": row["key"], "name": row["names"][0]}
        for name in row["names"]:
            if row.get("ministry"):
                by_ministry[row["ministry"], fold(name)] = known
            else:
                by_name[fold(name)] = known
    return FieldNames(by_ministry, by_name)


def covered_levels() -> set[tuple[str, str]]:
    """(field key or procedure code, level) for which somebody is known to settle."""
    known = Competence.objects.filter(case="", territory_code="").values_list("field__key", "procedure__code", "level")
    return {(field_key or code, level) for field_key, code, level in known}


def _name_gaps(facts: Facts, covered: set[tuple[str, str]]) -> None:
    for level in ("province", "commune"):
        if level not in facts["levels"] or {(facts["field"]["key"], level), (facts["code"], level)} & covered:
            continue
        agency = proposed_agency(level, facts.get("authority", ""))
        open_query: Facts = {"kind": "no_competence", "path": f"settled_by/{level}", "raw": facts.get("authority", "")}
        facts.setdefault("doubts", []).append(open_query | ({"proposal": {"value": agency}} if agency else {}))


def counts_of(results: list[RowResult]) -> dict[str, dict[str, int]]:
    """Rows by outcome and by change, receivable ones apart, and open queries by kind (of receivable procedures)."""
    receivable = [result for result in results if result.receivable]
    return {
        "rows": {"read": len(results), **Counter(result.outcome for result in results)},
        "receivable": {"read": len(receivable), **Counter(result.outcome for result in receivable)},
        "changes": dict(Counter(result.change for result in results if result.change)),
        "doubts": dict(Counter(d["kind"] for result in receivable for d in result.open_queries).most_common()),
        "refusals": dict(Counter(result.reason for result in results if result.outcome == REFUSED)),
    }
