"""What the database knows of its tables. It plans well only for tables that it has counted."""

from collections.abc import Iterable

from django.db import connection, models, transaction

SAMPLE = 1_000  # rows of each index that SQLite looks at: the counting stays short at any size


def recount(tables: Iterable[type[models.Model]]) -> None:
    """Count tables anew once the transaction is over. Called where many rows were written at once;
    SQLite would never do it by itself, PostgreSQL only a while later.
    """
    names = sorted({model._meta.db_table for model in tables})
    transaction.on_commit(lambda: _count(names), robust=True)


def _count(names: list[str]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA analysis_limit = {SAMPLE}")
        for name in names:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(name)}")
