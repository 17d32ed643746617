"""Working time in words, for people: 1,020 working minutes are "2 ngày làm việc 1 giờ"."""

from django.utils.translation import ngettext

from vietnam.working_time.period import MINUTES_OF_WORKING_DAY


def in_full(minutes: int) -> str:
    """Working minutes in words, eight hours a day. The sign is dropped: the caller says "còn" or "quá"."""
    days, rest = divmod(abs(minutes), MINUTES_OF_WORKING_DAY)
    hours, rest = divmod(rest, 60)
    words = []
    if days:
        words.append(ngettext("%(count)s ngày làm việc", "%(count)s ngày làm việc", days) % {"count": days})
    if hours:
        words.append(ngettext("%(count)s giờ", "%(count)s giờ", hours) % {"count": hours})
    if (rest and not days) or not words:
        words.append(ngettext("%(count)s phút", "%(count)s phút", rest) % {"count": rest})
    return " ".join(words)


def in_short(minutes: int) -> str:
    """The largest unit only, rounded down, as a badge has room for."""
    size = abs(minutes)
    if size >= MINUTES_OF_WORKING_DAY:
        days = size // MINUTES_OF_WORKING_DAY
        return ngettext("%(count)s ngày", "%(count)s ngày", days) % {"count": days}
    if size >= 60:
        return ngettext("%(count)s giờ", "%(count)s giờ", size // 60) % {"count": size // 60}
    return ngettext("%(count)s phút", "%(count)s phút", size) % {"count": size}
