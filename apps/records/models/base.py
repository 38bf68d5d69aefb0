from collections.abc import Collection
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils import timezone

from apps.core.conditions import broken
from apps.records.scope import Scope

RECORD_PERMISSIONS = ("view", "add", "change", "delete", "import", "export")


class TrackedQuerySet(models.QuerySet):
    """Rows of a record type. Composable reads are methods; every read for a user starts from
    ``visible_to``.
    """

    def visible_to(self, scope: Scope) -> "TrackedQuerySet":
        path: str = getattr(self.model, "scope_path", "")
        return self.filter(scope.q(path)) if path else self if scope.paths else self.none()

    def counted(self) -> "TrackedQuerySet":
        """Rows that figures count: reviewed ones, where there is a review."""
        return self


class RecordQuerySet(TrackedQuerySet):
    def counted(self) -> "RecordQuerySet":
        return self.filter(state=Record.State.APPROVED)


class Tracked(models.Model):
    """What every row keeps: its version, who made and changed it, and the import it came with."""

    # column with the path of the owning unit; empty: shared by everybody
    scope_path: ClassVar[str] = ""
    # after a save: the row as it was stored before
    before: "Tracked | None" = None

    version = models.PositiveIntegerField("版本", default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False,
        related_name="+", verbose_name="创建人", db_index=False,
    )  # fmt: skip
    created_at = models.DateTimeField("创建时间", default=timezone.now, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False,
        related_name="+", verbose_name="修改人", db_index=False,
    )  # fmt: skip
    updated_at = models.DateTimeField("修改时间", default=timezone.now, editable=False)
    batch = models.ForeignKey(
        "records.ImportBatch", models.SET_NULL, null=True, editable=False,
        related_name="+", verbose_name="导入批次",
    )  # fmt: skip
    remarks = models.TextField("备注", blank=True)
    # values of the fields that the office added ("f<pk>") and its tags ("t<pk>": true)
    extra = models.JSONField("自设内容", default=dict, blank=True, editable=False)

    objects = TrackedQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = RECORD_PERMISSIONS

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Conditions are decided here, without the query that Django asks for each of them."""
        faults = list(broken(self, exclude or ()))
        try:
            super().validate_constraints(exclude)
        except ValidationError as error:
            raise ValidationError(error.update_error_dict({NON_FIELD_ERRORS: faults})) from None
        if faults:
            raise ValidationError({NON_FIELD_ERRORS: faults})

    def get_constraints(self) -> list[Any]:
        """What Django asks the database about."""
        return [
            (model, [row for row in found if not isinstance(row, models.CheckConstraint)])
            for model, found in super().get_constraints()
        ]

    def label_of(self, name: str) -> str:
        """What a code or choice of this row is called."""
        label: str = getattr(self, f"get_{name}_display")()
        return label


class Reference(Tracked):
    """A row that everybody shares and nobody reviews: districts, pools, schemes."""

    class Meta(Tracked.Meta):
        abstract = True


class Record(Tracked):
    """A row that a unit reports. ``owner`` is the only column that scope looks at."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        SUBMITTED = "submitted", "已报送"
        APPROVED = "approved", "已审核"
        RETURNED = "returned", "退回"

    scope_path: ClassVar[str] = "owner__path"

    owner = models.ForeignKey(
        "organizations.Unit", models.PROTECT, related_name="+", verbose_name="填报单位"
    )
    state = models.CharField(
        "审核状态", max_length=10, choices=State, default=State.APPROVED, editable=False
    )

    objects = RecordQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Tracked.Meta):
        abstract = True
