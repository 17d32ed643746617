"""What is wrong with a route, in sentences that name the step and the difference.

Pure: what must be known of the context (published limits, agencies, procedures) comes as a value.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from django.utils.translation import gettext as _

from procedures.routes.amounts import FINEST, LONGEST, limit_words, period_words, words
from procedures.routes.planning import working_minutes
from procedures.routes.steps import ACTS, APPROVE, ASSIGN, ISSUE, RECEIVE, RETURN, ROLES, SUBMIT, VERIFY, Limit, Step
from procedures.routes.words import act_name, numbered
from vietnam.working_time import Period, Unit

MOST_STEPS, MOST_OPINIONS = 40, 20


@dataclass(frozen=True)
class Published:
    """A limit that the procedure publishes; `case` in words, empty where there are no cases."""

    period: Period
    case: str = ""


@dataclass(frozen=True)
class RouteContext:
    """What a route is checked against. `limits` is empty for a standard route, or while the limit is unknown."""

    limits: tuple[Published, ...] = ()
    agencies: frozenset[str] = field(default_factory=frozenset)  # agencies.Agency.key
    procedures: frozenset[str] = field(default_factory=frozenset)  # codes that a step may open
    code: str = ""  # the procedure's own


@dataclass(frozen=True)
class Problem:
    """`step` is the key of the step that is wrong; empty when it is the whole."""

    step: str
    sentence: str


def route_problems(steps: Sequence[Step], around: RouteContext) -> list[Problem]:
    """Everything that is wrong, in the order of the steps; empty when the route may come into force."""
    if not steps:
        return [Problem("", _("Quy trình chưa có bước nào. Hãy thêm bước tiếp nhận và các bước tiếp theo."))]
    if len(steps) > MOST_STEPS:
        return [Problem("", _("Quy trình có quá %(n)s bước. Hãy gộp bớt.") % {"n": MOST_STEPS})]
    found = []
    for position, step in enumerate(steps, start=1):
        said = numbered(position, step)
        for check in (_of_one, _of_time, _of_opinions, _of_opening):
            found += [Problem(step.key, f"{said}: {sentence}") for sentence in check(step, around)]
        found += [Problem(step.key, f"{said}: {sentence}") for sentence in _of_returns(position, steps)]
    return found + list(_of_order(steps)) + list(_of_sum(steps, around.limits))


def _of_one(step: Step, around: RouteContext) -> Iterator[str]:
    if not step.name:
        yield _("chưa có tên.")
    if step.carries not in ACTS:
        yield _("chưa rõ bước này mang hành động nào của vòng đời hồ sơ. Hãy chọn một hành động.")
    if step.role not in ROLES:
        yield _("chưa rõ ai làm. Hãy chọn vai trò.")
    elif step.carries in (RECEIVE, RETURN) and step.role != "counter":
        yield _("tiếp nhận và trả kết quả do cán bộ một cửa làm. Hãy chọn lại vai trò.")
    if step.agency_key and step.agency_key not in around.agencies:
        yield _("không có cơ quan “%(key)s”. Hãy chọn cơ quan trong danh sách.") % {"key": step.agency_key}


def _of_time(step: Step, around: RouteContext) -> Iterator[str]:
    if step.limit is None and step.share is None:
        if not step.opinions:
            yield _("chưa có thời hạn.")
        return
    if step.share is not None:
        if not 0 < step.share <= 1:
            yield _("phần thời hạn phải lớn hơn 0 và không quá 1.")
        return
    if step.limit is not None:
        may_be_none = step.carries == RETURN or bool(step.opinions)
        yield from _amount(step.limit, may_be_none=may_be_none)


def _amount(limit: Limit, *, may_be_none: bool = False) -> Iterator[str]:
    if limit.amount < 0 or (limit.amount == 0 and not may_be_none):
        yield _("thời hạn phải lớn hơn 0.")
    elif limit.exact % FINEST:
        yield _("thời hạn %(limit)s không chia được theo 0,25 giờ.") % {"limit": limit_words(limit)}
    elif limit.exact > LONGEST:
        yield _("thời hạn %(limit)s quá dài.") % {"limit": limit_words(limit)}


def _of_opinions(step: Step, around: RouteContext) -> Iterator[str]:
    if not step.opinions:
        return
    if step.carries not in (VERIFY, SUBMIT):
        yield _("chỉ lấy ý kiến ở bước thẩm tra hoặc bước trình, để các ý kiến về đủ trước khi phê duyệt.")
    if len(step.opinions) > MOST_OPINIONS:
        yield _("lấy quá %(n)s ý kiến cùng lúc.") % {"n": MOST_OPINIONS}
    if step.share is not None:
        yield _("bước có lấy ý kiến phải có thời hạn riêng, không chia theo phần.")
    asked: set[str] = set()
    for number, opinion in enumerate(step.opinions, start=1):
        whose = _("ý kiến thứ %(n)s: ") % {"n": number}
        if opinion.agency_key and opinion.agency_key not in around.agencies:
            yield whose + _("không có cơ quan “%(key)s”. Hãy chọn cơ quan trong danh sách.") % {
                "key": opinion.agency_key
            }
        if opinion.agency_key in asked:
            yield whose + _("cơ quan này đã được hỏi cùng lúc.")
        asked |= {opinion.agency_key} - {""}
        if opinion.role not in ROLES:
            yield whose + _("chưa rõ ai trả lời. Hãy chọn vai trò.")
        if not opinion.question:
            yield whose + _("chưa có câu hỏi.")
        if opinion.limit is None:
            yield whose + _("chưa có thời hạn.")
        else:
            yield from (whose + sentence for sentence in _amount(opinion.limit))


def _of_opening(step: Step, around: RouteContext) -> Iterator[str]:
    opening = step.opens
    if opening is None:
        return
    if opening.procedure == around.code:
        yield _("thủ tục liên thông không thể là chính thủ tục này.")
    elif opening.procedure not in around.procedures:
        yield _("không có thủ tục mã %(code)s trong danh mục để liên thông.") % {"code": opening.procedure or "?"}
    if opening.agency_key and opening.agency_key not in around.agencies:
        yield _("không có cơ quan “%(key)s”. Hãy chọn cơ quan trong danh sách.") % {"key": opening.agency_key}
    if opening.wait and step.carries in (RECEIVE, ISSUE, RETURN):
        yield _("chỉ chờ được kết quả liên thông trước khi phát hành. Hãy chuyển việc chờ về bước thẩm tra.")


def _of_returns(position: int, steps: Sequence[Step]) -> Iterator[str]:
    step = steps[position - 1]
    if step.back_to and step.carries in (RECEIVE, ASSIGN, RETURN):
        yield _("không trả lại bước trước được từ bước này.")
        return
    earlier = {other.key: other for other in steps[: position - 1]}
    for key in step.back_to:
        if key not in earlier:
            yield _("chỉ trả lại được bước đứng trước; “%(key)s” không đứng trước.") % {"key": key}
        elif earlier[key].carries == RECEIVE:
            yield _("hồ sơ đã tiếp nhận thì không trả lại bước tiếp nhận.")


def _of_order(steps: Sequence[Step]) -> Iterator[Problem]:
    """One beginning, one end, everything between reachable, and an approval by somebody else after the last check."""
    keys = [step.key for step in steps]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield Problem(key, _("Có hai bước cùng khóa “%(key)s”. Mỗi bước cần một khóa riêng.") % {"key": key})
    places: dict[str, list[int]] = {act: [] for act in ACTS}
    for place, step in enumerate(steps):
        places.get(step.carries, []).append(place)
    for act in (RECEIVE, ISSUE, RETURN):
        if not places[act]:
            yield Problem("", _("Quy trình thiếu bước “%(act)s”. Hãy thêm bước đó.") % {"act": act_name(act)})
        elif len(places[act]) > 1:
            yield Problem(
                steps[places[act][1]].key,
                _("Bước “%(act)s” có %(n)s lần; mỗi quy trình chỉ có một.")
                % {"act": act_name(act), "n": len(places[act])},
            )
    if places[RECEIVE]:
        for place in range(places[RECEIVE][0]):
            yield Problem(
                steps[place].key,
                _("%(step)s đứng trước bước tiếp nhận nên không bao giờ đến lượt.")
                % {"step": numbered(place + 1, steps[place])},
            )
    if places[RETURN]:
        for place in range(places[RETURN][-1] + 1, len(steps)):
            yield Problem(
                steps[place].key,
                _("%(step)s đứng sau bước trả kết quả nên không bao giờ đến lượt.")
                % {"step": numbered(place + 1, steps[place])},
            )
    if places[ISSUE] and places[RETURN]:
        for place in range(places[ISSUE][0] + 1, places[RETURN][-1]):
            yield Problem(
                steps[place].key,
                _("%(step)s đứng giữa bước phát hành và bước trả kết quả nên không bao giờ đến lượt.")
                % {"step": numbered(place + 1, steps[place])},
            )
    yield from _of_approval(steps, places)


def _of_approval(steps: Sequence[Step], places: dict[str, list[int]]) -> Iterator[Problem]:
    if not places[VERIFY]:
        yield Problem("", _("Quy trình thiếu bước “%(act)s”. Hãy thêm bước đó.") % {"act": act_name(VERIFY)})
    if not places[APPROVE]:
        yield Problem("", _("Quy trình thiếu bước “%(act)s”. Hãy thêm bước đó.") % {"act": act_name(APPROVE)})
    if not places[VERIFY] or not places[APPROVE]:
        return
    for place in places[VERIFY]:
        if place > places[APPROVE][-1]:
            yield Problem(
                steps[place].key,
                _("%(step)s đứng sau lần phê duyệt cuối. Kết quả thẩm tra phải được phê duyệt sau đó.")
                % {"step": numbered(place + 1, steps[place])},
            )
    if places[APPROVE][0] < places[VERIFY][0]:
        place = places[APPROVE][0]
        yield Problem(
            steps[place].key,
            _("%(step)s phê duyệt khi chưa có bước thẩm tra nào đứng trước.")
            % {"step": numbered(place + 1, steps[place])},
        )
    for place in places[APPROVE]:
        if steps[place].role == "officer" and not steps[place].agency_key:
            yield Problem(
                steps[place].key,
                _("%(step)s: người thẩm tra không tự phê duyệt. Hãy giao cho trưởng phòng hoặc lãnh đạo.")
                % {"step": numbered(place + 1, steps[place])},
            )
    if places[ISSUE] and places[APPROVE][-1] > places[ISSUE][0]:
        place = places[ISSUE][0]
        yield Problem(
            steps[place].key,
            _("%(step)s phát hành khi chưa phê duyệt xong.") % {"step": numbered(place + 1, steps[place])},
        )
    for place in places[ASSIGN]:
        if not any(later > place for later in places[VERIFY]):
            yield Problem(
                steps[place].key,
                _("%(step)s phân công nhưng không còn bước thẩm tra nào đứng sau.")
                % {"step": numbered(place + 1, steps[place])},
            )


def total(steps: Sequence[Step]) -> Fraction:
    """Working minutes of all steps; opinions count by the longest of their branch."""
    return sum((step.exact for step in steps), start=Fraction(0))


def _of_sum(steps: Sequence[Step], limits: Sequence[Published]) -> Iterator[Problem]:
    shared = [step for step in steps if step.share is not None]
    if shared:
        whole = sum((step.share or Fraction(0) for step in shared), start=Fraction(0))
        if len(shared) < len(steps):
            yield Problem("", _("Các bước hoặc cùng chia thời hạn theo phần, hoặc cùng có thời hạn riêng."))
        elif whole != 1:
            yield Problem("", _("Các phần cộng lại được %(sum)s, phải là 1.") % {"sum": float(whole)})
        return
    summed = total(steps)
    for published in limits:
        if sentence := _difference(summed, published):
            yield Problem("", sentence)


def _difference(summed: Fraction, published: Published) -> str:
    """How the sum of the steps misses a published limit; empty when it keeps it.

    Working days and hours must be met exactly. What counts in calendar time has no exact amount of working time: the
    steps may not exceed it at five working days a week.
    """
    period = published.period
    whole = Fraction(working_minutes(period))
    exact = period.unit in (Unit.WORKING_DAY, Unit.WORKING_HOUR)
    if summed == whole or (not exact and summed < whole):
        return ""
    missing = whole - summed
    differs = _("thiếu %(amount)s") if missing > 0 else _("thừa %(amount)s")
    values = {
        "sum": words(summed),
        "limit": period_words(period),
        "differs": differs % {"amount": words(abs(missing))},
        "case": published.case,
    }
    if published.case:
        return (
            _(
                "Các bước cộng lại %(sum)s, thời hạn công bố của trường hợp “%(case)s” là %(limit)s: %(differs)s. "
                "Hãy sửa thời hạn các bước, hoặc lập quy trình riêng cho trường hợp này."
            )
            % values
        )
    return (
        _("Các bước cộng lại %(sum)s, thời hạn công bố là %(limit)s: %(differs)s. Hãy sửa thời hạn các bước.") % values
    )
