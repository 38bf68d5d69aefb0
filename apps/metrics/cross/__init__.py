"""Cross tables: any record type × rows × columns × measure, every cell a link to its records."""

from apps.metrics.cross.definition import Definition, Item, Part
from apps.metrics.cross.tabulating import SHARES, Cell, Table, as_shares, tabulate

__all__ = ["SHARES", "Cell", "Definition", "Item", "Part", "Table", "as_shares", "tabulate"]
