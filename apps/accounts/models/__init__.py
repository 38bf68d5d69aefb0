from apps.accounts.models.grants import Grant, GrantQuerySet, Role
from apps.accounts.models.tokens import ApiToken
from apps.accounts.models.users import Family, Held, PasswordHistory, Standing, User

__all__ = [
    "ApiToken",
    "Family",
    "Grant",
    "GrantQuerySet",
    "Held",
    "PasswordHistory",
    "Role",
    "Standing",
    "User",
]
