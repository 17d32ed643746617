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
    return in_words(*largest_unit(minutes))


def largest_unit(minutes: int) -> tuple[str, int]:
    """("day", 2): what `in_short` says of it, so that its words can be kept; the sign is dropped."""
    size = abs(minutes)
    if size >= MINUTES_OF_WORKING_DAY:
        return "day", size // MINUTES_OF_WORKING_DAY
    return ("hour", size // 60) if size >= 60 else ("minute", size)


def in_words(unit: str, count: int) -> str:
    """ "2 ngày" of ("day", 2)."""
    if unit == "day":
        return ngettext("%(count)s ngày", "%(count)s ngày", count) % {"count": count}
    if unit == "hour":
        return ngettext("%(count)s giờ", "%(count)s giờ", count) % {"count": count}
    return ngettext("%(count)s phút", "%(count)s phút", count) % {"count": count}
