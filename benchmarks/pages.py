"""Pages as a member of staff opens them: list, filters, search, person, dashboards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.test import Client
from django.urls import NoReverseMatch, reverse

from apps.accounts import services
from apps.accounts.models import User
from apps.records import registry
from apps.records.actors import Actor
from apps.records.history import log_change
from apps.records.models import ChangeLog
from apps.talents.models import Person
from benchmarks.measuring import NotMeasured, Page, page

BACKEND = "apps.accounts.backends.GrantBackend"
LIST_SIZE = 50
Measure = Callable[[Client], Page]
PAGES_SEEN: tuple[dict[str, str | int], ...] = (
    {"size": LIST_SIZE},
    {"size": LIST_SIZE, "page": 3},
    {"education__at_least": "21", "sex": "2"},
    {"q": "zw"},
)


def client_of(role: str) -> Client:
    """A browser where somebody of a role is signed in."""
    by = Actor.system("性能测量")
    user, _ = services.create_user(username=f"bench-{role}", name="测量员", by=by)
    services.approve_grant(services.grant(user=user, role=role, by=by), by=by)
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    client.force_login(User.objects.get(pk=user.pk), backend=BACKEND)
    return client


def address(action: str, *args: int, **params: str | int) -> str:
    """A page of the people; NotMeasured when there is none yet."""
    try:
        url = registry.of(Person).url(action, *args)
    except NoReverseMatch:
        raise NotMeasured("页面尚未提供") from None
    return f"{url}?{urlencode(params)}" if params else url


def first_page(client: Client) -> Page:
    return page(client, address("list", size=LIST_SIZE))


def listed(**params: str) -> Measure:
    """The list with some of its filters."""
    return lambda client: page(client, address("list", size=LIST_SIZE, **params))


def somebody() -> Person:
    """With records on every tab, where there is such a person."""
    full = Person.objects.filter(title_level="412", memberships__pool__code="expert").first()
    return full or Person.objects.order_by("pk")[0]


@dataclass(frozen=True, slots=True)
class Figure:
    """One page that is measured, with its target and what Horilla takes for it."""

    name: str
    measure: Measure
    target: str
    peer: str = "—"


def somebody_saves() -> None:
    """What makes dashboards count anew."""
    log_change(ChangeLog.Action.UPDATE, by=Actor.system("性能测量"), record=somebody())


def dashboard(name: str, route: str) -> tuple[Figure, Figure]:
    """A dashboard that nobody has opened since something was saved, and the next time."""
    target, peer = "≤ 80 ms，10 万人 ≤ 150 ms；≤ 12 SQL", "37.7 s，51,300 SQL"

    def opened(client: Client, before: Callable[[], object]) -> Page:
        return page(client, reverse(route), times=5, before=before)

    return (
        Figure(f"{name}，有改动后重新统计", lambda c: opened(c, somebody_saves), target, peer),
        Figure(name, lambda c: opened(c, lambda: None), target, peer),
    )


FIGURES = (
    Figure(
        "列表首页 50 条", first_page, "≤ 60 ms，≤ 8 SQL，≤ 80 KB", "5,500 ms，1,404 SQL，936 KB"
    ),
    Figure(
        "两个条件筛选", listed(education__at_least="21", sex="2"), "≤ 60 ms", "407 ms，272 SQL"
    ),
    Figure("按姓名一部分搜索“伟”", listed(q="伟"), "≤ 60 ms", "934 ms"),
    Figure("按全拼搜索“zhangwei”", listed(q="zhangwei"), "≤ 60 ms", "934 ms"),
    Figure("按首字母搜索“zw”", listed(q="zw"), "≤ 60 ms", "934 ms"),
    Figure(
        "人才详情页", lambda client: page(client, address("detail", somebody().pk)),
        "≤ 60 ms，≤ 12 SQL", "229 ms，147 SQL",
    ),
    *dashboard("首页（工作台）", "home"),
    *dashboard("领导看板", "dashboards-board"),
)  # fmt: skip
