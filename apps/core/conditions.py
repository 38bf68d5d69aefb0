"""Whether a row satisfies a check constraint, decided in Python: bulk saving names the faulty
row without a query per row.
"""

import operator
from collections.abc import Callable
from typing import Any

from django.db.models import F, Model, Q

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "exact": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "in": lambda value, options: value in options,
}


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
    if name == "pk":
        return row.pk
    field: Any = row._meta.get_field(name)
    return getattr(row, field.attname)


def _compare(child: Any, row: Model) -> bool | None:
    try:
        path, wanted = child
    except TypeError:
        raise TypeError(f"cannot decide {child!r}") from None
    name, _, lookup = path.partition("__")
    value = _value(row, name)
    if isinstance(wanted, F):
        wanted = _value(row, str(wanted.name))  # type: ignore[attr-defined]
    if lookup == "isnull":
        return (value is None) is bool(wanted)
    compare = _COMPARE.get(lookup or "exact")
    if compare is None:
        raise TypeError(f"cannot decide lookup {lookup}")
    if value is None or wanted is None:
        return None
    return compare(value, wanted)
