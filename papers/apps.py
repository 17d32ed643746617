from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "papers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import references
        from papers import permissions  # noqa: F401 (registers the column)

        references.register_records("paper_template", references.existing_by("papers.PaperTemplate", "form"))
