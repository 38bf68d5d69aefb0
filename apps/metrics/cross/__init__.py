"""Cross tables: any record type × rows × columns × measure, every cell a link to its records."""

from apps.metrics.cross.definition import Definition, Item, Part
from apps.metrics.cross.tabulating import Cell, Table, tabulate

__all__ = ["Cell", "Definition", "Item", "Part", "Table", "tabulate"]
