"""How the naive evaluator reads the area 政策资金."""

from datetime import date

TABLES = (
    "funds.PolicyItem", "funds.Fund", "funds.Budget", "funds.Application", "funds.Disbursement",
)  # fmt: skip
SHARED = {"funds.PolicyItem"}
SPANS = {"funds.Fund": ("started_on", "ended_on")}
EVENTS = {
    "funds.Budget": "year", "funds.Application": "asked_on", "funds.Disbursement": "paid_on",
}  # fmt: skip
SECONDS = {"funds.Application": "approval_year", "funds.Disbursement": "approval_year"}
KEYS = {"item": "name"}


def _paid(naive, item, values):
    """Whether something was paid for an item in the period, by those who count."""
    days = [
        row.paid_on
        for row in naive.world.rows["funds.Disbursement"]
        if row.item_id == item.pk and naive.world.counts(row, naive.scope)
    ]
    paid = any(naive.period.start <= day <= naive.period.end for day in days)
    return paid == (values == ["1"])


def _recipient(naive, row, values):
    return ("person" if row.person_id else "unit") in values


def _budgeted(naive, row, values):
    return (row.budget_id is not None) == (values == ["1"])


def _recognised(naive, row, values):
    """Whether the recipient is recognised as one of these on the last day."""
    day = naive.period.end
    return any(
        held.person_id == row.person_id
        and held.catalogue in values
        and held.starts_on <= day < (held.ends_on or date.max)
        and naive.world.counts(held, naive.scope)
        for held in naive.world.rows["talents.Recognition"]
    )


FILTERS = {
    ("funds.PolicyItem", "paid"): _paid,
    ("funds.Application", "claimant_kind"): _recipient,
    ("funds.Disbursement", "recipient_kind"): _recipient,
    ("funds.Disbursement", "budgeted"): _budgeted,
    ("funds.Disbursement", "recognition"): _recognised,
}
