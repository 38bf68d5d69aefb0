"""What a row of a list of payments says beside the payment itself."""

from apps.records.importing.rows import ImportRow

TWICE = ("period_label", "double_payment", "同一领取人、同一条款、同一期次只能兑现一次")
HEADINGS = {
    "政策项目": "item", "条款": "item", "补贴项目": "item", "发放日期": "paid_on",
    "发放金额": "amount_yuan", "兑现金额": "amount_yuan", "期次": "period_label",
}  # fmt: skip


def drop_workplace(row: ImportRow) -> None:
    """Beside a person, a column 工作单位 or 单位 is where the person works, not who is paid."""
    column = row.match.column_of("unit")
    if "person" in row.values and column is not None and column.path != "unit":
        row.values.pop("unit", None)
