from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import references
        from payments import handlers, permissions  # noqa: F401 (register the outbox's handlers and the column)

        references.register_records("charge", references.existing_by("payments.Charge", "uid"))
