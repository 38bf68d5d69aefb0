"""Awards made of chance: still worked for, without money, with several recipients or none."""

from __future__ import annotations

from apps.awards.models import Award, AwardRecipient, AwardScheme
from tests.metrics.chance import STATES, Chance, owned

SCHEMES = (
    "科技进步奖", "技术发明奖", "科技突出贡献奖", "优秀企业家", "优秀青年创新创业人才",
    "招商引资奖", "科普社区", "全国科普示范区",
)  # fmt: skip


def build(chance: Chance, units: list, people: list) -> None:
    schemes = [
        AwardScheme.objects.create(
            name=name, kind=chance.one("prize", "honour", "selection"),
            status=chance.one("in_place", "intended", "stopped"),
            effect=chance.one("priority", "on_record", "none"),
        )
        for name in SCHEMES
    ]  # fmt: skip
    for unit in units:
        unit.is_member = chance.one(True, False)
        unit.save()
    awards = [_award(chance, units, schemes, number) for number in range(220)]
    Award.objects.bulk_create(awards)
    AwardRecipient.objects.bulk_create(
        row for award in awards for row in _recipients(chance, award, units, people)
    )


def _award(chance: Chance, units: list, schemes: list, number: int) -> Award:
    status = chance.one("conferred", "conferred", "creating")
    day = chance.one(chance.day(), chance.day(2022, 2022))
    return Award(
        scheme=chance.one(*schemes), year=2022, level=chance.one("1", "2", "3", "4", "5"),
        recipient=f"甲{number}", name=f"甲{number}", status=status,
        recipient_kind=chance.one("person", "person", "unit", "team", "community", "district"),
        conferred_on=day if status == "conferred" else chance.one(None, day),
        amount_yuan=chance.one(None, 0, 5000, chance.random.randint(0, 9_999_999) / 100),
        appraisal=chance.one("priority", "on_record", "none"), **owned(chance, units),
    )  # fmt: skip


def _recipients(chance: Chance, award: Award, units: list, people: list) -> list:
    """None, or some, each once."""
    given = [
        *({"person": row} for row in chance.random.sample(people, chance.one(0, 0, 1, 2))),
        *({"unit": row} for row in chance.random.sample(units, chance.one(0, 0, 1, 2))),
        *({"name": "团队"} for _ in range(chance.one(0, 1))),
    ]
    return [
        AwardRecipient(award=award, owner=award.owner, state=chance.one(*STATES), **who)
        for who in given
    ]
