"""The one renderer of forms: own templates for a form and its fields, Django's for its widgets."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.forms.renderers import DjangoTemplates
from django.template.backends.base import BaseEngine
from django.utils.functional import cached_property


class FormRenderer(DjangoTemplates):
    """Renders ``{{ form }}`` and each field by ``templates/forms``."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"

    @cached_property
    def engine(self) -> BaseEngine:
        import django.forms  # noqa: PLC0415 -- app ready

        built_in = Path(django.forms.__file__).parent / "templates"
        return self.backend(
            {
                "APP_DIRS": False,
                "DIRS": [Path(settings.BASE_DIR) / "templates", built_in],
                "NAME": "forms",
                "OPTIONS": {},
            }
        )


RENDERER = FormRenderer()  # one, so that its templates are read once
