"""Many new rows of one table: what ``bulk_create`` writes, put together column by column."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Sequence
from typing import Any

from django.db import connection, connections, models, transaction

ROWS = 500  # of one statement
_PARAMETERS = 65_535  # of one statement of PostgreSQL
_PLAIN_SAVERS = (models.Field.pre_save, models.DateField.pre_save, models.DateTimeField.pre_save)
# Types whose values are equal only where they are written alike, so that one stands for all.
_ALIKE = frozenset((str, dt.date, dt.datetime, type(None)))


def insert(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model and give them their keys: all of them or none."""
    if not rows:
        return
    model = type(rows[0])
    fields = [f for f in model._meta.concrete_fields if not (f.primary_key or f.generated)]
    most = max(1, min(ROWS, _most_parameters() // len(fields)))
    with transaction.atomic(savepoint=False):
        for start in range(0, len(rows), most):
            _insert(model, fields, rows[start : start + most])


def _most_parameters() -> int:
    if connection.vendor != "sqlite":
        return connection.features.max_query_params or _PARAMETERS
    connection.ensure_connection()
    return int(connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER))


def _insert(
    model: type[models.Model], fields: Sequence[models.Field], rows: Sequence[models.Model]
) -> None:
    for field in fields:
        if field.remote_field:
            _settle(field, rows)
    columns = [_prepared(field, rows) for field in fields]
    parameters = [value for line in zip(*columns, strict=True) for value in line]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in fields)
    line = f"({', '.join(['%s'] * len(fields))})"
    statement = (
        f"INSERT INTO {quote(model._meta.db_table)} ({names}) "  # noqa: S608 -- names of the model
        f"VALUES {', '.join([line] * len(rows))} RETURNING {quote(str(model._meta.pk.column))}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        keys = cursor.fetchall()
    for row, (key,) in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias


def _settle(field: Any, rows: Sequence[models.Model]) -> None:
    """Take over the key of a record that was saved after the row had been pointed to it."""
    for row in rows:
        target = row._state.fields_cache.get(field.name)
        if target is not None and getattr(row, field.attname) is None:
            if target.pk is None:
                raise ValueError(f"{field}: the record it points to is not saved")
            setattr(row, field.name, target)


def _prepared(field: Any, rows: Sequence[models.Model]) -> list[Any]:
    """The values of a column as the database takes them."""
    is_timed = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    if type(field).pre_save in _PLAIN_SAVERS and not is_timed:
        values = [getattr(row, field.attname) for row in rows]
    else:
        values = [field.pre_save(row, True) for row in rows]
    database = connections[connection.alias]  # itself: the usual one stands in for it a call
    known: dict[Any, Any] = {}
    prepared = []
    for value in values:
        if type(value) not in _ALIKE:
            prepared.append(field.get_db_prep_save(value, database))
            continue
        if value not in known:
            known[value] = field.get_db_prep_save(value, database)
        prepared.append(known[value])
    return prepared
