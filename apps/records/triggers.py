"""Database triggers that refuse any change or removal of a line of the log."""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("records_changelog", "records_changeblock")
MESSAGE = "操作日志只能追加，不能修改或删除"


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers; SQLite and PostgreSQL."""
    for statement in _postgresql() if connection.vendor == "postgresql" else _sqlite():
        with connection.cursor() as cursor:
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers, for a migration back and for emptying a test database."""
    on = "ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for table in TABLES:
            for verb in ("update", "delete"):
                target = on.format(table=table)
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb} {target}")


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        for table in TABLES
        for verb in ("update", "delete")
    ]


def _postgresql() -> list[str]:
    function = (
        "CREATE OR REPLACE FUNCTION records_log_is_append_only() RETURNS trigger LANGUAGE plpgsql "
        f"AS $$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$"
    )
    return [function] + [
        f"CREATE OR REPLACE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION records_log_is_append_only()"
        for table in TABLES
        for verb in ("update", "delete")
    ]
