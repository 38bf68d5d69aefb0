"""Sign-in by password; permissions come from approved grants that are in force."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import QuerySet

from apps.accounts.models import Grant, User


class GrantBackend(ModelBackend):
    """An account that is disabled or past its date can neither sign in nor go on working."""

    def user_can_authenticate(self, user: Any) -> bool:
        return super().user_can_authenticate(user) and not user.is_expired

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.select_related("unit").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if obj is not None or not isinstance(user_obj, User):
            return set()
        return user_obj.standing.permissions

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return self.get_group_permissions(user_obj, obj)

    def with_perm(
        self,
        perm: str | Permission,
        is_active: bool | None = True,
        include_superusers: bool = True,
        obj: Any = None,
    ) -> QuerySet[User]:
        """Users whose grants of today hold a permission; superusers are none of ours."""
        wanted: dict[str, Any]
        if isinstance(perm, Permission):
            wanted = {"role__group__permissions": perm}
        else:
            app_label, _, codename = perm.partition(".")
            wanted = {
                "role__group__permissions__content_type__app_label": app_label,
                "role__group__permissions__codename": codename,
            }
        users = User.objects.filter(pk__in=Grant.objects.working().filter(**wanted).values("user"))
        return users if is_active is None else users.filter(is_active=is_active)
