"""The client's address behind our own reverse proxies."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def client_address_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Put the client's address into REMOTE_ADDR, so that log and lock-out see the same one.

    Each of our proxies appends the address it saw, so with n proxies the n-th from the right is
    the client's; whatever stands left of it came from the client and is not believed.
    """
    count = settings.PROXY_COUNT

    def middleware(request: HttpRequest) -> HttpResponse:
        if count:
            forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
            address = forwarded[-count].strip() if len(forwarded) >= count else ""
            if address:
                request.META["REMOTE_ADDR"] = address
        return get_response(request)

    return middleware
