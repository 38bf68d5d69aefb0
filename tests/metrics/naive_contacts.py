"""What the naive evaluator must know of links, visits and requests."""

from datetime import date, timedelta

TABLES = (
    "contacts.Leader", "contacts.ContactLink", "contacts.Visit", "contacts.ServiceRequest",
)  # fmt: skip
SHARED = {"contacts.Leader"}
SPANS = {"contacts.ContactLink": ("starts_on", "ends_on")}
EVENTS = {"contacts.Visit": "visited_on", "contacts.ServiceRequest": "received_on"}
SECONDS = {"contacts.ServiceRequest": "closed_on"}
KEYS = {"leader": "name"}


def has_side(naive, row, values):
    return any(getattr(row, f"{value}_id") is not None for value in values)


def has_side_of_link(naive, row, values):
    return has_side(naive, naive.world.follow(row, "link"), values)


def visits(naive, link, counted=True):
    rows = naive.world.rows["contacts.Visit"]
    mine = [row for row in rows if row.link_id == link.pk and naive.world.sees(row, naive.scope)]
    return [row.visited_on for row in mine if not counted or row.state == "approved"]


def is_visited(naive, row, values):
    days = visits(naive, row)
    seen = any(naive.period.start <= day <= naive.period.end for day in days)
    late = row.starts_on > naive.period.end
    return (seen or late) == (values == ["1"])


def is_visited_quarterly(naive, row, values):
    """The quarters that the tests ask about are all over by now."""
    done = True
    for year in range(naive.period.start.year, naive.period.end.year + 1):
        for first in (1, 4, 7, 10):
            start = date(year, first, 1)
            end = (start + timedelta(days=95)).replace(day=1) - timedelta(days=1)
            if naive.period.start <= start and end <= naive.period.end and row.starts_on <= end:
                done = done and any(start <= day <= end for day in visits(naive, row))
    return done == (values == ["1"])


def is_due(naive, row, values):
    on = naive.period.end
    if not (row.starts_on <= on and (row.ends_on is None or row.ends_on > on)):
        return False
    known = [day for day in visits(naive, row, counted=False) if day <= on]
    waited = (on - max([row.starts_on, *known])).days
    this_quarter = date(on.year, on.month - (on.month - 1) % 3, 1)
    if waited > 180:
        return "overdue" in values
    is_owed = waited > 90 or not any(day >= this_quarter for day in known)
    return is_owed and "due" in values


def is_open(naive, row, values):
    on = naive.period.end
    still = row.received_on <= on and (row.closed_on is None or row.closed_on > on)
    return still == (values == ["1"])


def is_late(naive, row, values):
    past = row.due_on is not None and row.due_on < naive.period.end
    return (is_open(naive, row, ["1"]) and past) == (values == ["1"])


FILTERS = {
    ("contacts.ContactLink", "side"): has_side,
    ("contacts.ContactLink", "target"): has_side,
    ("contacts.Visit", "side"): has_side_of_link,
    ("contacts.Visit", "target"): has_side_of_link,
    ("contacts.ContactLink", "visited"): is_visited,
    ("contacts.ContactLink", "visited_quarterly"): is_visited_quarterly,
    ("contacts.ContactLink", "due"): is_due,
    ("contacts.ServiceRequest", "open"): is_open,
    ("contacts.ServiceRequest", "late"): is_late,
}
