"""Indicators of reception: what came in, by which way, and what was not taken."""

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from dossiers.models import DossierEvent, Feedback, State, SupplementRequest
from dossiers.statistics.digitisation import lines_used_again, papers_to_digitise
from dossiers.statistics.tallies import Tallied
from procedures.models import Channel, Edition
from reports.indicators.kinds import CIRCULAR_02, DECISION_766, Asked, Family, Measure, everything

_PAPERS = papers_to_digitise()


def _channel(channel: Channel, level: str = "") -> Q:
    return Q(channel=channel, **({"edition__online_level": level} if level else {}))


_PARTIAL = _channel(Channel.ONLINE) & ~Q(edition__online_level=Edition.OnlineLevel.FULL)
_OFFERED = ~Q(edition__online_level=Edition.OnlineLevel.NONE)
_ELSEWHERE = ~Q(receiving_agency__territory=F("settling_agency__territory"))
# The event that ended it; one that was withdrawn, reopened and lapsed has it at an earlier moment.
_STOPPED_AS_ASKED = DossierEvent.objects.filter(dossier=OuterRef("pk"), action="stop", at=OuterRef("closed_at"))


def _complained(asked: Asked) -> Q:
    return Q(Exists(Feedback.objects.filter(dossier=OuterRef("pk"), kind=Feedback.Kind.COMPLAINT)))


RECEPTION = (
    Measure(
        "received",
        _("Đã tiếp nhận"),
        _("Hồ sơ được tiếp nhận trong kỳ."),
        Family.RECEIVED,
        everything,
        source=CIRCULAR_02,
        tallied=Tallied(("received",)),
    ),
    Measure(
        "online_full",
        _("Trực tuyến toàn trình"),
        _("Tiếp nhận trong kỳ, nộp trực tuyến, thủ tục cung cấp toàn trình."),
        Family.RECEIVED,
        lambda asked: _channel(Channel.ONLINE, Edition.OnlineLevel.FULL),
        source=DECISION_766,
        tallied=Tallied(("received",), _channel(Channel.ONLINE, Edition.OnlineLevel.FULL)),
    ),
    Measure(
        "online_partial",
        _("Trực tuyến một phần"),
        _("Tiếp nhận trong kỳ, nộp trực tuyến, thủ tục cung cấp một phần."),
        Family.RECEIVED,
        lambda asked: _PARTIAL,
        source=DECISION_766,
        tallied=Tallied(("received",), _PARTIAL),
    ),
    Measure(
        "counter",
        _("Trực tiếp"),
        _("Tiếp nhận trong kỳ tại quầy."),
        Family.RECEIVED,
        lambda asked: _channel(Channel.COUNTER),
        source=CIRCULAR_02,
        tallied=Tallied(("received",), _channel(Channel.COUNTER)),
    ),
    Measure(
        "post",
        _("Nhận qua bưu chính"),
        _("Tiếp nhận trong kỳ, gửi đến qua bưu chính."),
        Family.RECEIVED,
        lambda asked: _channel(Channel.POST),
        source=CIRCULAR_02,
        tallied=Tallied(("received",), _channel(Channel.POST)),
    ),
    Measure(
        "elsewhere",
        _("Phi địa giới"),
        _("Tiếp nhận trong kỳ tại nơi có địa bàn khác địa bàn của cơ quan giải quyết."),
        Family.RECEIVED,
        lambda asked: _ELSEWHERE,
        tallied=Tallied(("received",), _ELSEWHERE),
    ),
    Measure(
        "online_offered",
        _("Thủ tục có cung cấp trực tuyến"),
        _("Tiếp nhận trong kỳ bằng bất cứ cách nào, của thủ tục có cung cấp trực tuyến."),
        Family.RECEIVED,
        lambda asked: _OFFERED,
        source=DECISION_766,
        tallied=Tallied(("received",), _OFFERED),
    ),
    Measure(
        "to_digitise",
        _("Có giấy tờ phải số hóa"),
        _(
            "Tiếp nhận trong kỳ, có giấy tờ phải số hóa. Giấy tờ chỉ xuất trình, văn bản xác minh và giấy tờ mật không "
            "phải số hóa."
        ),
        Family.RECEIVED,
        lambda asked: Q(Exists(_PAPERS)),
        source=DECISION_766,
    ),
    Measure(
        "digitised",
        _("Số hóa khi tiếp nhận"),
        _("Tiếp nhận trong kỳ, mọi giấy tờ phải số hóa đều có bản điện tử."),
        Family.RECEIVED,
        lambda asked: Q(Exists(_PAPERS), ~Exists(_PAPERS.filter(file=None))),
        source=DECISION_766,
    ),
    Measure(
        "reused",
        _("Dùng lại giấy tờ"),
        _("Tiếp nhận trong kỳ, có giấy tờ lấy từ kho, không phải nộp lại."),
        Family.RECEIVED,
        lambda asked: Q(Exists(lines_used_again())),
        source=DECISION_766,
    ),
    Measure(
        "supplemented",
        _("Phải bổ sung"),
        _("Tiếp nhận trong kỳ, đã có ít nhất một lần yêu cầu bổ sung."),
        Family.RECEIVED,
        lambda asked: Q(Exists(SupplementRequest.objects.filter(dossier=OuterRef("pk")))),
    ),
    Measure(
        "complained",
        _("Có phản ánh"),
        _("Tiếp nhận trong kỳ, người dân đã gửi phản ánh về hồ sơ."),
        Family.RECEIVED,
        _complained,
    ),
    Measure(
        "not_received",
        _("Không tiếp nhận"),
        _("Bị từ chối tiếp nhận trong kỳ."),
        Family.ENDED,
        lambda asked: Q(state=State.NOT_RECEIVED),
        tallied=Tallied(("not_received",)),
    ),
    Measure(
        "stopped",
        _("Dừng giải quyết"),
        _("Dừng giải quyết trong kỳ: người nộp rút, hoặc quá thời gian chờ bổ sung."),
        Family.ENDED,
        lambda asked: Q(state=State.STOPPED),
        tallied=Tallied(("stopped",)),
    ),
    Measure(
        "withdrawn",
        _("Người nộp rút"),
        _("Dừng giải quyết trong kỳ vì người nộp rút hồ sơ; có trong số dừng giải quyết."),
        Family.ENDED,
        lambda asked: Q(Exists(_STOPPED_AS_ASKED), state=State.STOPPED),
    ),
)
