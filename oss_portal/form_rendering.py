"""How Django's forms become the design system's markup: `{{ form }}`, `{{ form.field.as_field_group }}`."""

from django.forms.renderers import TemplatesSetting


class GovukRenderer(TemplatesSetting):
    """Label above, hint below it, the error at the field, a summary with links on top (templates/forms/).

    The controls themselves are templates/django/forms/widgets/. A class given to a widget is added
    to the design system's own, for instance `govuk-input--width-10`.
    """

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
