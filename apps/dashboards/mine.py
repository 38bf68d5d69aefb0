"""我的联系专家: what a leader sees of the experts and units he keeps in touch with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Max, Q, QuerySet
from django.urls import reverse

from apps.awards.models import Award, AwardRecipient
from apps.contacts.models import ContactLink, Leader, ServiceRequest, Visit
from apps.contacts.selectors import DUE_DAYS, OVERDUE_DAYS, is_open, quarter_of
from apps.core.periods import Span
from apps.records import registry
from apps.records.attachments.showing import photos
from apps.records.scope import Scope
from apps.reports.models import Report
from apps.talents.models import ExpertTitle, Person, Pool, PoolMembership, Recognition
from apps.talents.models.people import age_on

STALE = timedelta(days=365)
HONOURS = 6  # on a card; the rest is on the person's own page
States = {"overdue": ("late", "逾期"), "due": ("due", "待走访"), "done": ("done", "已走访")}


@dataclass(frozen=True, slots=True)
class Asked:
    """One open request on a card."""

    text: str
    dates: str
    url: str
    is_late: bool


@dataclass(slots=True)
class Card:
    """One expert or unit on one page. ``state`` is overdue, due or done; ``waited`` in days since
    the last visit, or since the link began.
    """

    link: ContactLink
    name: str
    url: str = ""
    photo: str = ""
    line: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    requests: list[Asked] = field(default_factory=list)
    state: str = "done"
    waited: int = 0

    @property
    def mark(self) -> tuple[str, str]:
        return States[self.state]

    @property
    def last(self) -> str:
        if not self.visits:
            return f"还没有走访，结对已 {self.waited} 天"
        ago = "当天" if not self.waited else f"{self.waited} 天前"
        visit = self.visits[0]
        return f"{visit.visited_on:%Y-%m-%d} {visit.label_of('form')}（{ago}）"

    @property
    def raised(self) -> int:
        return sum(visit.difficulties for visit in self.visits)

    @property
    def solved(self) -> int:
        return sum(visit.solved for visit in self.visits)

    @property
    def visits_url(self) -> str:
        return f"{registry.of(Visit).url('list')}?{urlencode({'link': self.link.pk})}"


@dataclass(frozen=True, slots=True)
class Mine:
    """Everything on the page. ``on`` is the day it looks at, ``is_past`` whether that is over."""

    leader: Leader
    on: date
    is_past: bool
    cards: list[Card]
    reports: list[Report]

    @property
    def waiting(self) -> list[Card]:
        """Those that wait for a visit, the longest first."""
        found = [card for card in self.cards if card.state != "done"]
        return sorted(found, key=lambda card: -card.waited)

    @property
    def overdue(self) -> int:
        return sum(card.state == "overdue" for card in self.cards)

    @property
    def asked(self) -> list[tuple[Card, Asked]]:
        """Open requests of all of them, the late ones first."""
        found = [(card, request) for card in self.cards for request in card.requests]
        return sorted(found, key=lambda pair: not pair[1].is_late)

    @property
    def late(self) -> int:
        return sum(request.is_late for _, request in self.asked)


class Reader:
    """Reads for a user: rows of his scope, of the record types that he may see."""

    def __init__(self, user: Any) -> None:
        self.user, self.scope = user, Scope.of(user)

    def rows(self, model: Any) -> QuerySet:
        record_type = registry.of(model)
        if not self.user.has_perm(record_type.permission("view")):
            return model.objects.none()
        return record_type.queryset(self.scope)

    def reports(self) -> list[Report]:
        """Reports that wait for comments."""
        if not self.user.has_perm("reports.view_report"):
            return []
        rows = Report.objects.visible_to(self.scope).filter(status=Report.Status.CONSULTING)
        return list(rows.select_related("unit", "owner"))


def leader_of(user: Any) -> Leader | None:
    """The leader who uses an account."""
    return Leader.objects.filter(user=user.pk).first()


def own_links(leader: Leader, reader: Reader) -> QuerySet:
    """The links of a leader that he may see."""
    names = registry.of(ContactLink).named_by
    return reader.rows(ContactLink).filter(leader=leader).select_related(*names, "owner")


def page_of(leader: Leader, user: Any, today: date) -> Mine:
    """The page of a leader; the number of queries is fixed."""
    reader = Reader(user)
    on = looked_at(reader, today)
    lasting = own_links(leader, reader).filter(Span("starts_on", "ends_on").q(on))
    cards = [Card(link, str(link.person or link.unit)) for link in lasting.order_by("pk")]
    _people(cards, reader, on)
    _units(cards, reader)
    _visits(cards, reader, on)
    _requests(cards, reader, on)
    return Mine(leader, on, on < today, cards, reader.reports())


def looked_at(reader: Reader, today: date) -> date:
    """Today; where nobody has noted a visit for a year, the end of the year of the last one."""
    last: date | None = reader.rows(Visit).aggregate(last=Max("visited_on"))["last"]
    if last is None or today - last <= STALE:
        return today
    return date(last.year, 12, 31)


def _people(cards: list[Card], reader: Reader, on: date) -> None:
    """What is known of the experts."""
    keys = [card.link.person_id for card in cards if card.link.person_id]
    rows = reader.rows(Person).filter(pk__in=keys).select_related("unit")
    people = {person.pk: person for person in rows}
    pictures = photos(people.values())
    pools, honours = _pools(people, reader, on), _honours(people, reader, on)
    record_type = registry.of(Person)
    for card in cards:
        person = people.get(card.link.person_id)
        if person is None:
            continue
        card.url, card.photo = record_type.url("detail", person.pk), pictures.get(person.pk, "")
        card.line = _words(person.unit, person.post)
        facts = [
            ("基本情况", _about(person, on)),
            ("人才队伍", "、".join(pools[person.pk])),
            ("职称技能", _words(person.title, person.label_of("skill_level"))),
            ("学历学位", _education(person)),
            ("荣誉称号", "；".join(honours[person.pk][:HONOURS])),
        ]
        card.facts = [(label, text) for label, text in facts if text]


def _words(*parts: Any) -> str:
    return " ".join(str(part) for part in parts if part)


def _about(person: Person, on: date) -> str:
    born = person.recognised_birth or person.birth_date
    age = f"{age_on(born, on)} 岁" if born else ""
    known = (person.label_of("sex"), age, person.label_of("political_status"))
    return "，".join(part for part in known if part)


def _education(person: Person) -> str:
    parts = (person.label_of("education"), person.label_of("degree"))
    return _words("、".join(part for part in parts if part), person.school, person.major)


def _pools(people: dict[Any, Person], reader: Reader, on: date) -> dict[Any, list[str]]:
    """Teams and other pools on the day, teams first."""
    found: dict[Any, list[str]] = defaultdict(list)
    rows = reader.rows(PoolMembership).filter(Span("joined_on", "left_on").q(on), person__in=people)
    teams_first = sorted(
        rows.select_related("pool"), key=lambda m: (m.pool.kind != Pool.Kind.TEAM, m.pool.order)
    )
    for membership in teams_first:
        found[membership.person_id].append(membership.pool.name)
    return found


def _honours(people: dict[Any, Person], reader: Reader, on: date) -> dict[Any, list[str]]:
    """Titles as an expert, recognitions that hold, awards; the latest first in each."""
    found: dict[Any, list[str]] = defaultdict(list)
    of_them = Q(person__in=people)
    titles = reader.rows(ExpertTitle).filter(of_them, Span("obtained_on", "left_on").q(on))
    for title in titles.order_by("-obtained_on", "-pk"):
        words = f"{title.label_of('level')}{title.label_of('kind')}"
        found[title.person_id].append(f"{words}（{title.obtained_on.year}年）")
    held = reader.rows(Recognition).filter(of_them, Span("starts_on", "ends_on").q(on))
    for row in held.order_by("-starts_on", "-pk"):
        words = _words(row.label_of("catalogue"), row.label_of("tier"))
        found[row.person_id].append(f"{words}（{row.starts_on.year}年）")
    given = reader.rows(AwardRecipient).filter(of_them, award__status=Award.State.CONFERRED)
    for part in given.select_related("award__scheme").order_by("-award__year", "-pk"):
        award = part.award
        found[part.person_id].append(f"{award.year}年{award.scheme.name}{award.rank}")
    return found


def _units(cards: Iterable[Card], reader: Reader) -> None:
    """What is known of the units."""
    for card in cards:
        unit = card.link.unit
        if unit is None:
            continue
        card.line = _words(unit.label_of("type"), unit.label_of("industry"))
        card.facts = [("职工人数", f"{unit.staff_count:,} 人")] if unit.staff_count else []
        record_type = registry.of(type(unit))
        if reader.user.has_perm(record_type.permission("view")) and reader.scope.covers(unit.path):
            card.url = record_type.url("detail", unit.pk)


def _visits(cards: list[Card], reader: Reader, on: date) -> None:
    """The visits of each link, the latest first, and how urgently it waits for the next one."""
    by_link: dict[Any, list[Visit]] = defaultdict(list)
    links = [card.link.pk for card in cards]
    rows = reader.rows(Visit).filter(link__in=links, visited_on__lte=on)
    for visit in rows.order_by("-visited_on", "-pk"):
        by_link[visit.link_id].append(visit)
    for card in cards:
        card.visits = by_link[card.link.pk]
        last = max([card.link.starts_on, *(visit.visited_on for visit in card.visits[:1])])
        card.waited = (on - last).days
        is_seen = bool(card.visits) and card.visits[0].visited_on >= quarter_of(on).start
        if card.waited > OVERDUE_DAYS:
            card.state = "overdue"
        elif card.waited > DUE_DAYS or not is_seen:
            card.state = "due"


def _requests(cards: list[Card], reader: Reader, on: date) -> None:
    """Open requests of the experts and units."""
    people = {card.link.person_id: card for card in cards if card.link.person_id}
    units = {card.link.unit_id: card for card in cards if card.link.unit_id}
    rows = reader.rows(ServiceRequest).filter(Q(person__in=people) | Q(unit__in=units), is_open(on))
    record_type = registry.of(ServiceRequest)
    for row in rows.order_by("due_on", "received_on", "pk"):
        card = people.get(row.person_id) or units[row.unit_id]
        is_late = row.due_on is not None and row.due_on < on
        dates = f"{row.received_on:%Y-%m-%d} 受理"
        if row.due_on:
            past = f"，超期 {(on - row.due_on).days} 天" if is_late else ""
            dates += f"，{row.due_on:%Y-%m-%d} 到期{past}"
        text = "：".join(part for part in (row.label_of("topic"), row.content) if part)
        card.requests.append(Asked(text, dates, record_type.url("detail", row.pk), is_late))


def note_url(link: ContactLink) -> str:
    """The form on which a leader notes a visit."""
    return reverse("dashboards-note-visit", args=[link.pk])
