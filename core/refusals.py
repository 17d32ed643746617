"""Why something was not done, as a sentence for the person who tried; each subject's own refusals inherit."""

from collections.abc import Sequence
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

# Of what a page carries unseen (its revision, a key), whatever is wrong with it.
LOST_ON_THE_WAY = gettext_lazy(
    "Trang gửi lên thiếu dữ liệu đi kèm nên chưa có gì được ghi. Hãy xem lại nội dung rồi bấm lần nữa; "
    "nếu vẫn thế, hãy mở lại trang này."
)


class Refused(Exception):
    """It was refused and nothing changed. `code` is for machines, `sentence` for people (lazily translated), `field`
    the input that was wrong, `mistakes` every input that was, if there are several; `status` is how HTTP answers, and
    `seconds` the time after which it may be tried again."""

    status: ClassVar[int] = 422
    mistakes: Sequence[tuple[str, str]] = ()  # (field, sentence)
    seconds: int | None = None

    def __init__(self, code: str, sentence: str | Promise, *, field: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence
        self.field = field

    def __str__(self) -> str:
        return str(self.sentence)

    @property
    def sentences(self) -> list[str]:
        """One for each reason."""
        return [str(self.sentence)]


class RefusedForReasons(Refused):
    """Several things stand against it; the page lists them."""

    def __init__(self, code: str, sentences: Sequence[str | Promise]) -> None:
        self._sentences = tuple(sentences)
        super().__init__(code, " ".join(map(str, self._sentences)))

    @property
    def sentences(self) -> list[str]:
        return [str(sentence) for sentence in self._sentences]


class Stale(Refused):
    """Somebody else changed it first; the sentence says who and what."""

    status = 409


class NotAllowed(Refused):
    """This person, in this post, may not do it."""

    status = 403


class Unknown(Refused):
    """There is no such thing, or none that this person may know of."""

    status = 404
