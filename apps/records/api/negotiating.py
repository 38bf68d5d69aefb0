from __future__ import annotations

from typing import Any

from rest_framework.negotiation import DefaultContentNegotiation


class AlwaysAnswering(DefaultContentNegotiation):
    """The best fitting format; the usual one where none fits, so that nobody is refused for it."""

    def select_renderer(
        self, request: Any, renderers: Any, format_suffix: str | None = None
    ) -> tuple[Any, str]:
        accepted = self.get_accept_list(request)
        for renderer in renderers[1:]:
            if renderer.media_type in accepted:
                return renderer, renderer.media_type
        return renderers[0], renderers[0].media_type
