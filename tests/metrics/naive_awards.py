"""What the naive evaluator must know of awards."""

TABLES = ("awards.AwardScheme", "awards.Award", "awards.AwardRecipient")
SHARED = {"awards.AwardScheme"}
SPANS: dict = {}
EVENTS = {"awards.Award": "conferred_on", "awards.AwardRecipient": "award__conferred_on"}
KEYS = {"scheme": "name"}


def is_named(naive, row, values):
    return values[0] in naive.world.follow(row, "scheme").name


def has_member_unit(naive, row, values):
    world = naive.world
    return any(
        world.counts(held, naive.scope)
        and held.unit_id is not None
        and world.follow(held, "unit__is_member") == (values == ["1"])
        for held in world.rows["awards.AwardRecipient"]
        if held.award_id == row.pk
    )


FILTERS = {
    ("awards.Award", "scheme_name"): is_named,
    ("awards.Award", "member_unit"): has_member_unit,
}
