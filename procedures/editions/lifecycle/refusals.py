"""Why something was not done with an edition, as a sentence for the person who tried."""

from django.utils.functional import Promise


class EditionRefused(Exception):
    """Nothing has changed. `code` is for machines, `sentence` for people; `field` is the fact that was wrong."""

    def __init__(self, code: str, sentence: str | Promise, *, field: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence
        self.field = field

    def __str__(self) -> str:
        return str(self.sentence)
