"""What a row of a list of classes says beside the class itself."""

from collections.abc import Sequence

from apps.records.importing.rows import Derived, ImportRow


def audiences(row: ImportRow) -> Sequence[Derived]:
    """A class whose row names its audience had that many person-times of it."""
    category = row.get("audiences.category")
    if not category:
        return ()
    values = {"training_class": row, "category": category}
    if row.get("head_count") is not None:
        values["person_times"] = row.get("head_count")
    return (Derived("training.ClassAudience", values),)
