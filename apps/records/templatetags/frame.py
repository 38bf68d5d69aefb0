"""What the frame of every page needs: icons, menu, working year, district."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.records import menu, waiting, years

register = template.Library()


@register.simple_tag
def icon(name: str, title: str = "") -> SafeString:
    """An icon of the sprite; with a title it says what it means, without one it is decoration."""
    address = static("vendor/tabler-sprite.svg")
    if title:
        return format_html(
            '<svg class="icon" role="img"><title>{}</title><use href="{}#{}"></use></svg>',
            title, address, name,
        )  # fmt: skip
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', address, name
    )


@register.simple_tag(takes_context=True)
def menu_areas(context: dict[str, Any]) -> list[menu.ShownArea]:
    request: HttpRequest = context["request"]
    return menu.shown(request.user, request.path)


@register.simple_tag(takes_context=True)
def working_year(context: dict[str, Any]) -> int:
    return years.working_year(context["request"])


@register.simple_tag(takes_context=True)
def year_choices(context: dict[str, Any]) -> list[int]:
    return years.choices(context["request"])


@register.simple_tag
def place_name() -> str:
    return menu.place()


@register.simple_tag(takes_context=True)
def things_due(context: dict[str, Any]) -> dict[str, Any] | None:
    found = menu.due(context["request"])
    return {"count": found[0], "url": found[1]} if found else None


@register.simple_tag(takes_context=True)
def waiting_records(context: dict[str, Any]) -> waiting.Waiting | None:
    """What waits for review, on the reader's side of it."""
    return waiting.of(context["request"])


@register.simple_tag
def is_unencrypted() -> bool:
    return bool(settings.HTTP_ONLY)
