from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "journal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core.references import Column, WhenDeleted, register_column
        from journal import outbox  # noqa: F401 (its task is known to every worker)

        register_column(Column("journal.Entry", "subject", WhenDeleted.KEEP))
