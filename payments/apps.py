from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import references
        from payments import handlers, papers, permissions  # noqa: F401 (register the outbox's handlers and the column)

        for prefix, model, key in (
            ("charge", "Charge", "uid"),
            ("refund", "Refund", "uid"),
            ("stray", "StrayMoney", "id"),
            ("collection-account", "CollectionAccount", "key"),
            ("receipt-series", "ReceiptSeries", "id"),
            ("statement-line", "StatementLine", "id"),
            ("cash-closing", "CashClosing", "id"),
        ):
            references.register_records(prefix, references.existing_by(f"payments.{model}", key))
        references.register_answers("cash-closing", papers.SHEET_RULES)
        references.register_answers("refund", papers.REFUND_RULES)
