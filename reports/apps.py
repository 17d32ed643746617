from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from procedures.public import statistics
        from reports import on_time

        statistics.register_share(on_time.of_the_province)
