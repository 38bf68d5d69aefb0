"""Whether a row satisfies a check constraint, decided in Python: a row that is saved costs no query
for each of them, and bulk saving names the faulty row.
"""

import operator
from collections.abc import Callable, Collection, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, F, Model, Q
from django.db.models.expressions import CombinedExpression

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "exact": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "in": lambda value, options: value in options,
}


def broken(row: Model, exclude: Collection[str] = ()) -> Iterator[ValidationError]:
    """What the check constraints of a row find wrong; those that read a column of ``exclude``,
    whose value is faulty by itself, are left to the database.
    """
    for constraint in row._meta.constraints:
        if not isinstance(constraint, CheckConstraint):
            continue
        condition = constraint.condition
        if not isinstance(condition, Q):
            raise TypeError(f"{constraint.name} is not a Q: it cannot be decided in Python")
        if exclude and not _columns(condition).isdisjoint(exclude):
            continue
        if not holds(condition, row):
            yield ValidationError(
                constraint.get_violation_error_message(), code=constraint.violation_error_code
            )


def _columns(part: Any) -> set[str]:
    """The columns that a condition reads."""
    if isinstance(part, Q):
        return set().union(*(_columns(child) for child in part.children))
    if isinstance(part, tuple):
        return {part[0].partition("__")[0]} | _columns(part[1])
    if isinstance(part, CombinedExpression):
        return _columns(part.lhs) | _columns(part.rhs)
    return {str(part.name)} if isinstance(part, F) else set()  # type: ignore[attr-defined]


def holds(condition: Q, row: Model) -> bool:
    """SQL's meaning: a comparison with NULL is unknown, which does not break a constraint.

    Raises TypeError for a condition that it cannot decide, so that no constraint is passed over.
    """
    return _evaluate(condition, row) is not False


def _evaluate(condition: Q, row: Model) -> bool | None:
    results = [
        _evaluate(child, row) if isinstance(child, Q) else _compare(child, row)
        for child in condition.children
    ]
    if condition.connector == Q.AND:
        result = False if False in results else None if None in results else True
    elif condition.connector == Q.OR:
        result = True if True in results else None if None in results else False
    else:
        raise TypeError(f"cannot decide {condition.connector}")
    return (None if result is None else not result) if condition.negated else result


def _value(row: Model, name: str) -> Any:
    """The value of a column; of a reference whose record is not saved yet, that record."""
    if name == "pk":
        return row.pk
    field: Any = row._meta.get_field(name)
    value = getattr(row, field.attname)
    return row._state.fields_cache.get(name) if value is None and field.is_relation else value


def _wanted(wanted: Any, row: Model) -> Any:
    """What a value is compared with: a constant, another column or a sum of columns."""
    if isinstance(wanted, F):
        return _value(row, str(wanted.name))  # type: ignore[attr-defined]
    if not isinstance(wanted, CombinedExpression):
        return wanted
    if wanted.connector != CombinedExpression.ADD:
        raise TypeError(f"cannot decide {wanted.connector}")
    parts = [_wanted(part, row) for part in (wanted.lhs, wanted.rhs)]
    return None if None in parts else sum(parts)


def _compare(child: Any, row: Model) -> bool | None:
    try:
        path, wanted = child
    except TypeError:
        raise TypeError(f"cannot decide {child!r}") from None
    name, _, lookup = path.partition("__")
    value = _value(row, name)
    wanted = _wanted(wanted, row)
    if lookup == "isnull":
        return (value is None) is bool(wanted)
    compare = _COMPARE.get(lookup or "exact")
    if compare is None:
        raise TypeError(f"cannot decide lookup {lookup}")
    if value is None or wanted is None:
        return None
    if lookup and isinstance(value, Model):
        return None  # what is not saved yet has no place in an order
    return compare(value, wanted)
