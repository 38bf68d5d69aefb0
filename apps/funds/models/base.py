"""What the models of this app share."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from apps.core.fields import CounterField

DIGITS, PLACES = 14, 2


def year_field(label: str, **options: Any) -> models.PositiveSmallIntegerField:
    """A calendar year."""
    sentence = f"{label}应在 1990—2100 之间。"
    validators = [MinValueValidator(1990, sentence), MaxValueValidator(2100, sentence)]
    return models.PositiveSmallIntegerField(label, validators=validators, **options)


def amount_field(label: str, **options: Any) -> models.DecimalField:
    """Money in yuan."""
    return models.DecimalField(label, max_digits=DIGITS, decimal_places=PLACES, **options)


def pointer(to: Any, label: str, name: str, help_text: str = "") -> models.ForeignKey:
    """Another record, or none; that one stays as long as this one points to it."""
    return models.ForeignKey(
        to, models.PROTECT, null=True, blank=True, related_name=name, verbose_name=label,
        help_text=help_text,
    )  # fmt: skip


def paid_field() -> CounterField:
    """What the payments that are entered come to."""
    return CounterField("已登记兑现（元）", max_digits=DIGITS, decimal_places=PLACES)


def one_of(first: str, second: str, *, name: str, message: str) -> models.CheckConstraint:
    """Exactly one of two references is given."""
    either = Q(**{f"{first}__isnull": False, f"{second}__isnull": True})
    other = Q(**{f"{first}__isnull": True, f"{second}__isnull": False})
    return models.CheckConstraint(
        condition=either | other, name=name, violation_error_message=message
    )


def within(limit: str, *, name: str, message: str) -> models.CheckConstraint:
    """What was paid stays within a limit; without a limit nothing is paid."""
    return models.CheckConstraint(
        condition=Q(paid_yuan=0)
        | Q(**{f"{limit}__isnull": False, "paid_yuan__gte": 0, "paid_yuan__lte": models.F(limit)}),
        name=name, violation_error_message=message,
    )  # fmt: skip


def positive(*names: str, name: str, message: str, least: str = "gte") -> models.CheckConstraint:
    """Amounts of at least nought, or above it; one that is empty is none."""
    condition = Q(**{f"{column}__{least}": 0 for column in names})
    return models.CheckConstraint(condition=condition, name=name, violation_error_message=message)


def not_above(lower: str, upper: str, *, name: str, message: str) -> models.CheckConstraint:
    """One amount or day within another, where both are known."""
    condition = Q(**{f"{lower}__lte": models.F(upper)})
    return models.CheckConstraint(condition=condition, name=name, violation_error_message=message)
