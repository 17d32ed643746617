"""The report of an import: one HTML file that opens anywhere, with every row and what became of it."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.template.loader import render_to_string

from procedures.importing.comparison import Compared
from procedures.importing.results import RowResult
from procedures.models import ImportRun
from procedures.review.queries import kind_label


def write_report(run: ImportRun, results: list[RowResult], compared: Compared | None = None) -> str:
    """Store the report, with what bundled facts say otherwise; returns its name in storage."""
    page = render_to_string(
        "procedures/manage/import_report.html",
        {
            "run": run,
            "compared": compared,
            "open_queries": [(kind_label(kind), number) for kind, number in run.counts["doubts"].items()],
            "results": [
                {
                    "line": result.line,
                    "code": result.code,
                    "title": result.title,
                    "outcome": result.outcome,
                    "change": result.change,
                    "reason": result.reason,
                    "open_queries": [
                        {
                            "label": kind_label(open_query["kind"]),
                            "path": open_query["path"],
                            "raw": open_query.get("raw", "")[:200],
                        }
                        for open_query in result.open_queries
                    ],
                }
                for result in results
            ],
        },
    )
    return default_storage.save(f"imports/{run.pk}-{run.file_sha256[:12]}.html", ContentFile(page.encode()))
