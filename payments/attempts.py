"""Finding the attempt that a provider speaks of: once a call, as banks call in bursts."""

from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

from payments.models import Charge, CollectionAccount, Payment

M = TypeVar("M", bound=Model)
# Explanations and options are long and hardly asked for here: they are fetched when somebody does.
_PAYMENT = tuple(field.attname for field in Payment._meta.concrete_fields)
_CHARGE = tuple(field.attname for field in Charge._meta.concrete_fields if field.name != "lines")
_ACCOUNT = tuple(field.attname for field in CollectionAccount._meta.concrete_fields if field.name != "options")
_COLUMNS = ", ".join(
    f'{table}."{name}"' for table, names in (("p", _PAYMENT), ("c", _CHARGE), ("a", _ACCOUNT)) for name in names
)
# Compiled once: as a query set it takes longer to write down than to run.
_FIND = f"""
    SELECT {_COLUMNS} FROM payments_payment p JOIN payments_charge c ON c.id = p.charge_id
    LEFT JOIN payments_collectionaccount a ON a.id = p.account_id
    WHERE p.reference = %(reference)s AND p.method = ANY(%(methods)s)
"""  # noqa: S608 (names of our own columns)


def attempt_called(reference: str, methods: list[str]) -> Payment | None:
    """The attempt with that reference in one of these ways to pay, its charge and account with it. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND, {"reference": reference, "methods": methods})
        row = cursor.fetchone()
    if row is None:
        return None
    upto = len(_PAYMENT), len(_PAYMENT) + len(_CHARGE)
    payment = _loaded(Payment, _PAYMENT, row[: upto[0]])
    payment.charge = _loaded(Charge, _CHARGE, row[upto[0] : upto[1]])
    payment.account = _loaded(CollectionAccount, _ACCOUNT, row[upto[1] :]) if payment.account_id else None
    return payment


def _loaded(model: type[M], names: tuple[str, ...], values: tuple[Any, ...]) -> M:
    return model.from_db(connection.alias, names, values)
