"""Walking through the product without a browser: every address as one role gets it."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.urls import Resolver404, get_resolver, resolve

from tests.e2e.reading import read

ROLES = ("head", "staff", "clerk1", "leader", "sysadmin", "secadmin", "auditor")
LEFT_OUT = re.compile(r"^/(static|accounts/logout|admin/jsi18n)/|[()]")
# The same page once more: its rows in another order, its panel of columns with the way back.
SAME = {"page", "sort"}
PANEL = "/layout/"


@dataclass
class Answer:
    """One page as one role gets it."""

    path: str
    status: int
    kind: str = ""
    title: str = ""  # a fragment has none
    texts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


def pattern_of(path):
    """The address pattern with the names of the parameters that make another page of it; empty
    when there is none.
    """
    parts = urlsplit(path)
    try:
        route = resolve(parts.path).route
    except Resolver404:
        return ""
    names = set() if route.endswith(PANEL) else {name for name, _ in parse_qsl(parts.query)}
    return f"{route}?{'&'.join(sorted(names - SAME))}"


def routes():
    """Every address pattern of the product."""

    def walk(patterns, prefix):
        for entry in patterns:
            route = prefix + str(entry.pattern)
            if hasattr(entry, "url_patterns"):
                yield from walk(entry.url_patterns, route)
            else:
                yield route

    return sorted(set(walk(get_resolver().url_patterns, "")))


def filled(route):
    """An address of this pattern: first record, first of several words."""
    text = re.sub(r"\(\?P<\w+>\[0-9\]\+\)|<int:\w+>", "1", route)
    text = re.sub(r"\(\?P<\w+>(\w+)\|[^)]*\)", r"\1", text)
    text = re.sub(r"<\w+:\w+>|<\w+>", "1", text)
    return "/" + text.lstrip("^").removesuffix("$").removesuffix("\\Z")


class Crawler:
    """Opens pages as one role, several at once."""

    def __init__(self, product, state):
        self.product = product
        self.cookies = "; ".join(f"{c['name']}={c['value']}" for c in state["cookies"])
        self.answers: dict[str, Answer] = {}
        self.taken: set[str] = set()

    def open(self, path):
        connection = HTTPConnection("127.0.0.1", self.product.port, timeout=60)
        headers = {"Cookie": self.cookies, "Accept-Language": "zh-CN", "Accept": "text/html"}
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        body, kind = response.read(), response.headers.get("Content-Type", "")
        answer = Answer(path, response.status, kind.partition(";")[0])
        connection.close()
        if response.status in (301, 302):
            answer.links = [response.headers["Location"]]
        elif answer.kind == "text/html":
            page = read(body.decode())
            answer.texts, answer.links, answer.title = page.texts, page.links, page.title
        return answer

    def wanted(self, path):
        """Whether to open this address: one of each pattern is enough."""
        if LEFT_OUT.search(path) or path in self.answers:
            return False
        pattern = pattern_of(path)
        if not pattern or pattern in self.taken:
            return False
        self.taken.add(pattern)
        return True

    def run(self, starts):
        todo = [path for path in starts if self.wanted(path)]
        with ThreadPoolExecutor(4) as pool:
            while todo:
                found = list(pool.map(self.open, todo))
                self.answers |= {answer.path: answer for answer in found}
                links = [self.local(answer, link) for answer in found for link in answer.links]
                todo = [path for path in dict.fromkeys(links) if path and self.wanted(path)]
        return self

    def local(self, answer, link):
        parts = urlsplit(urljoin(self.product.url + answer.path, link))
        if parts.scheme != "http" or parts.port != self.product.port:
            return ""
        return parts.path + (f"?{parts.query}" if parts.query else "")


def crawl_as_everybody(states, product):
    """What each role finds by its links; then the others' addresses are tried by everybody.

    Of the maintenance entrance, which is made of one class, two lists stand for all.
    """
    found, known = {}, {}
    for role, state in states.items():
        found[role] = Crawler(product, state).run(["/"])
        for path in found[role].answers:
            known.setdefault(pattern_of(path).rpartition("?")[0], path)
    for route in routes():
        known.setdefault(route, filled(route))
    ours = [path for path in known.values() if not path.startswith("/admin/")]
    for crawler in found.values():
        crawler.run([*ours, "/admin/", "/admin/talents/person/", "/admin/accounts/user/"])
    return found
