"""For administrators: dossiers of another system on their way in, with a report for each row."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.administration import require_province
from accounts.models import StaffPost
from accounts.permissions import open_to
from core.csv_files import csv_download
from core.pagination import page_of
from core.refusals import Refused
from exchange.models import MovingBatch, MovingRow
from exchange.moving_in import batches, report, work

Role = StaffPost.Role
State = MovingRow.State
_TONES = {State.GOOD: "on-time", State.WRITTEN: "on-time", State.WRONG: "overdue", State.KEPT: "due-soon"}
_ICONS = {"on-time": "tick", "overdue": "warning", "due-soon": "clock", "waiting": "clock"}


@open_to(Role.ADMINISTRATOR)
@require_safe
def moving(request: HttpRequest) -> HttpResponse:
    """The batches, newest first, and how one is made."""
    require_province(request.actor)
    page = page_of(MovingBatch.objects.defer("mapping"), request, by=("-id",))
    return render(request, "exchange/moving.html", {"page": page})


@open_to(Role.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def moving_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One batch: what stands in it, row by row; checked, put in force, withdrawn or deleted by a press."""
    require_province(request.actor)
    batch = get_object_or_404(MovingBatch, pk=pk)
    refused = ""
    if request.method == "POST":
        try:
            _do(request, batch)
            gone = request.POST.get("do") == "delete"
            return redirect("manage-moving") if gone else redirect("manage-moving-batch", pk)
        except Refused as refusal:
            refused = str(refusal)
    batch.refresh_from_db()
    chosen = request.GET.get("state", "")
    chosen = chosen if chosen in State.values else ""
    page = page_of(batches.rows_of(batch, chosen).defer("data"), request, by=("number",))
    counts = batches.counts_of(batch)
    context = {
        "batch": batch,
        "page": page,
        "rows": [_shown(row) for row in page.items],
        "counts": [(state, State(state).label, counts[state]) for state in State.values if counts[state]],
        "noted": counts["noted"],
        "good": counts[State.GOOD],
        "chosen": chosen,
        "refused": [{"text": refused, "target": "reason" if request.POST.get("do") == "withdraw" else ""}]
        if refused
        else [],
    }
    return render(request, "exchange/moving_batch.html", context, status=422 if refused else 200)


@open_to(Role.ADMINISTRATOR)
@require_safe
def moving_report(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Every row with what is wrong with it, as a file for a spreadsheet."""
    require_province(request.actor)
    batch = get_object_or_404(MovingBatch, pk=pk)
    return csv_download(_lines(batch), name=f"chuyen-du-lieu-{batch.pk}")


def _lines(batch: MovingBatch) -> Iterator[list[str]]:
    yield [_("Hàng"), _("Mã hồ sơ cũ"), _("Tình trạng"), _("Hồ sơ ở đây"), _("Cần sửa"), _("Cần biết")]
    for row in batches.rows_of(batch).defer("data").order_by("number").iterator(chunk_size=2000):
        said = ["; ".join(map(report.sentence_of, some)) for some in (row.problems, row.notes)]
        code = (row.dossier.code or "") if row.dossier else ""
        yield [str(row.number), row.code, str(State(row.state).label), code, *said]


def _shown(row: MovingRow) -> dict[str, object]:
    tone = _TONES.get(State(row.state), "waiting")
    return {
        "row": row,
        "tone": tone,
        "icon": _ICONS[tone],
        "problems": [report.sentence_of(each) for each in row.problems],
        "notes": [report.sentence_of(each) for each in row.notes],
    }


def _do(request: HttpRequest, batch: MovingBatch) -> None:
    """Raises Refused."""
    what = request.POST.get("do", "")
    if what == "delete":
        batches.delete_batch(batch, by=request.actor)
        messages.success(request, _("Đã xóa đợt; chưa có hồ sơ nào của đợt được tạo."))
        return
    if what == "withdraw" and batch.withdrawn_at is None:
        batches.begin_withdrawal(batch, reason=request.POST.get("reason", "").replace("\x00", ""), by=request.actor)
    if what in MovingBatch.Work.values:
        work.ask_work(batch, what, by=request.actor)
        messages.success(request, _("Đang làm. Hãy tải lại trang sau ít phút để xem kết quả."))
