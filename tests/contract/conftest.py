"""Which record types a contract test runs over."""

from apps.records import registry
from apps.records.registry import RecordType
from tests.world import ROLES


def own_fields(record_type: RecordType) -> int:
    """Columns of the type itself, without those that every record has."""
    fields = record_type.model._meta.concrete_fields
    return sum(f.editable and f.name not in ("owner", "remarks") for f in fields)


def type_id(record_type: RecordType) -> str:
    return record_type.label


def pytest_generate_tests(metafunc):
    """``record_type`` runs over the registry, ``owned_type`` over what units own,
    ``small_type`` over those of up to twelve fields.
    """
    if "record_type" in metafunc.fixturenames:
        metafunc.parametrize("record_type", registry.types(), ids=type_id)
    if "owned_type" in metafunc.fixturenames:
        owned = [t for t in registry.types() if t.model.scope_path]
        metafunc.parametrize("owned_type", owned, ids=type_id)
    if "small_type" in metafunc.fixturenames:
        small = [t for t in registry.types() if own_fields(t) <= 12]
        metafunc.parametrize("small_type", small, ids=type_id)
    if "role" in metafunc.fixturenames:
        metafunc.parametrize("role", ROLES)
