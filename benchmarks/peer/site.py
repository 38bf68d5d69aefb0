"""The peer: an admin as it is declared in an afternoon, without scope, masks, review or history."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from import_export import resources
from import_export.admin import ImportExportModelAdmin
from import_export.fields import Field
from import_export.widgets import ForeignKeyWidget

from apps.organizations.models import Unit
from apps.talents.models import Person

# What is written into its workbook: the fields that the product's workbook has, by their own names.
FIELDS = (
    "name", "id_type", "id_number", "sex", "birth_date", "ethnic", "native_place",
    "political_status", "work_started_on", "education", "degree", "school", "major", "title",
    "title_level", "unit", "owner", "post", "rank", "belonging", "mobile", "speciality",
    "entered_on",
)  # fmt: skip


class PersonResource(resources.ModelResource):
    """Rows in and out; units are found by name, every row is validated, all rows or none."""

    unit = Field("unit", "unit", ForeignKeyWidget(Unit, "name"))
    owner = Field("owner", "owner", ForeignKeyWidget(Unit, "name"))

    class Meta:
        model = Person
        fields = FIELDS
        import_id_fields: tuple[str, ...] = ()  # every row is a new person
        clean_model_instances = True
        use_transactions = True


class PersonAdmin(ImportExportModelAdmin):
    resource_classes = [PersonResource]
    list_display = (
        "name", "sex", "birth_date", "education", "title_level", "unit", "post",
        "political_status", "entered_on",
    )  # fmt: skip
    list_filter = ("sex", "education", "title_level", "belonging")
    list_select_related = ("unit",)
    list_per_page = 50
    search_fields = ("name", "search")
    raw_id_fields = ("unit", "owner")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_change_permission = has_view_permission


class PeerSite(admin.AdminSite):
    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated


site = PeerSite("peer")
site.register(Person, PersonAdmin)
