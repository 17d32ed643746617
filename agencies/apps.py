from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "agencies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core.references import existing_by, register_records

        register_records("agency", existing_by("agencies.Agency", "id"))
        register_records("calendar", existing_by("agencies.WorkCalendar", "key"))
