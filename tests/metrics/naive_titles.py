"""What the naive evaluator must know of careers, roles, titles and recognitions."""

TABLES = ("talents.Career", "talents.PublicRole", "talents.ExpertTitle", "talents.Recognition")
SHARED: set = set()
SPANS = {
    "talents.Career": ("starts_on", "ends_on"),
    "talents.PublicRole": ("elected_on", "ends_on"),
    "talents.ExpertTitle": ("obtained_on", "left_on"),
    "talents.Recognition": ("starts_on", "ends_on"),
}
EVENTS: dict = {}
SECONDS = {"talents.PublicRole": "recommended_on"}
KEYS: dict = {}


def has_moved(naive, row, values):
    return (row.origin != "" and row.origin != row.kind) == (values == ["1"])


def is_in_term(naive, row, values):
    lasting = row.managed_until is None or row.managed_until >= naive.period.end
    return lasting == (values == ["1"])


def holder_is_in_pool(naive, row, values):
    person = naive.world.by_pk["talents.Person"][row.person_id]
    return naive.passes_one(person, "pool", values, naive.period.end)


def is_at_most(naive, row, values):
    born, day = row.recognised_birth or row.birth_date, naive.period.end
    if born is None:
        return False
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return age <= int(values[0])


def is_held_at(naive, row, values):
    return values[0] in naive.world.follow(row, "training_class__place")


def is_certified(naive, row, values):
    return bool(row.certificate) == (values == ["1"])


FILTERS = {
    ("talents.Career", "moved"): has_moved,
    ("talents.ExpertTitle", "in_term"): is_in_term,
    ("talents.PublicRole", "pool"): holder_is_in_pool,
    ("talents.Person", "age_to"): is_at_most,
    ("training.Enrolment", "training_class__place"): is_held_at,
    ("training.Enrolment", "certified"): is_certified,
}
