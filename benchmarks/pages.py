"""Pages as a member of staff opens them: list, filters, search, person, first page."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.test import Client
from django.urls import NoReverseMatch

from apps.accounts import services
from apps.accounts.models import User
from apps.records import registry
from apps.records.actors import Actor
from apps.talents.models import Person
from benchmarks.measuring import NotMeasured, Page, page
from benchmarks.table import Row

BACKEND = "apps.accounts.backends.GrantBackend"
LIST_SIZE = 50
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


def list_page(client: Client) -> Row:
    return Row(
        "列表首页 50 条", str(first_page(client)), "≤ 60 ms，≤ 8 SQL，≤ 80 KB",
        "5,500 ms，1,404 SQL，936 KB",
    )  # fmt: skip


def two_filters(client: Client) -> Row:
    url = address("list", size=LIST_SIZE, education__at_least="21", sex="2")
    return Row("两个条件筛选", str(page(client, url)), "≤ 60 ms", "407 ms，272 SQL")


def search(what: str, text: str) -> Callable[[Client], Row]:
    def measure(client: Client) -> Row:
        found = page(client, address("list", size=LIST_SIZE, q=text))
        return Row(f"按{what}搜索“{text}”", str(found), "≤ 60 ms", "934 ms")

    return measure


def person(client: Client) -> Row:
    """Somebody with records on every tab, where there is one."""
    full = Person.objects.filter(title_level="412", memberships__pool__code="expert").first()
    chosen = full or Person.objects.order_by("pk")[0]
    found = page(client, address("detail", chosen.pk))
    return Row("人才详情页", str(found), "≤ 60 ms，≤ 12 SQL", "229 ms，147 SQL")


def dashboard(client: Client) -> Row:
    found = page(client, "/", times=5)
    return Row("首页（工作台）", str(found), "≤ 80 ms，≤ 12 SQL", "37.7 s，51,300 SQL")


PAGES: dict[str, Callable[[Client], Row]] = {
    "列表首页 50 条": list_page,
    "两个条件筛选": two_filters,
    "按姓名一部分搜索": search("姓名一部分", "伟"),
    "按全拼搜索": search("全拼", "zhangwei"),
    "按首字母搜索": search("首字母", "zw"),
    "人才详情页": person,
    "首页（工作台）": dashboard,
}
