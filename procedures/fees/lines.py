"""One line of what a dossier costs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ComputedLine:
    """One line of a charge; amounts in đồng, None while unverified. `name_en` may be empty.

    `quantity` is what the line covers in all: `covered` in one of `each`, `times` over.
    """

    name: str
    name_en: str
    kind: str
    per: str
    quantity: int
    unit_amount: int | None
    amount: int | None
    exempt: str = ""
    exempt_en: str = ""
    legal_basis: str = ""
    # Who of those named pays less and how much is left to pay, in percent; empty when nobody was named.
    relief: str = ""
    relief_en: str = ""
    percent: int = 100
    needs_value: bool = False  # a line of a value band, while no value was given
    set_by: str = ""  # "province": its Council decides the amount
    counts_from: int | None = None
    counts_to: int | None = None
    each: str = ""
    covered: int = 1
    times: int = 1
    cut: int = 0  # what a cap takes off one of `each`, before a relief

    @property
    def is_unverified(self) -> bool:
        return self.amount is None

    @property
    def stepped(self) -> bool:
        """Whether more than a quantity and an amount of one makes up the line."""
        return bool(self.counts_from or self.counts_to or self.each or self.cut)
