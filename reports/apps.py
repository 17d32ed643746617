from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core.references import existing_by, register_answers, register_records
        from papers.permissions import PaperRules
        from procedures.public import statistics
        from reports import on_time
        from reports.forms import making

        register_records("form_template", existing_by("reports.FormTemplate", "form"))
        register_records("report-form", existing_by("reports.KeptForm", "uid"))
        register_answers("report-form", PaperRules(making.may_read_paper))
        statistics.register_share(on_time.of_the_province)
