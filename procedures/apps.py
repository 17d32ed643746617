from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "procedures"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core.references import existing_by, register_records, register_subject
        from procedures import permissions  # noqa: F401

        register_records("procedure", existing_by("procedures.Procedure", "code"))
        for prefix, model in (
            ("doubt", "OpenQuery"),
            ("confirmation", "Confirmation"),
            ("import", "ImportRun"),
            ("retention", "RetentionPeriod"),
            ("competence", "Competence"),
            ("competence_change", "CompetenceChange"),
        ):
            register_records(prefix, existing_by(f"procedures.{model}", "id"))
        for subject in ("catalogue", "replacements", "route"):  # a route of no procedure goes by its level
            register_subject(subject)
