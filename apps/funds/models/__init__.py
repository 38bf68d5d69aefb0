from apps.funds.models.budgets import Budget, Fund
from apps.funds.models.payments import Application, Disbursement
from apps.funds.models.policies import ItemExclusion, PolicyItem

__all__ = ["Application", "Budget", "Disbursement", "Fund", "ItemExclusion", "PolicyItem"]
