"""Rules of awards, their schemes and recipients."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from apps.awards.models import Award, AwardRecipient
from apps.core.errors import DomainError
from apps.records import registry
from apps.records.actors import Actor
from apps.records.models import Record
from tests.factories import (
    AwardFactory,
    AwardRecipientFactory,
    AwardSchemeFactory,
    PersonFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db

AWARDS = registry.get("awards.Award")


def messages(error):
    return [text for texts in error.value.message_dict.values() for text in texts]


def test_name_says_year_scheme_recipient_project_and_day():
    scheme = AwardSchemeFactory(name="科技进步奖")

    made = AwardFactory(scheme=scheme, recipient="张三", project="新茶品种选育")

    assert str(made) == "2022年科技进步奖·张三（新茶品种选育，2022-06-30）"


def test_what_is_still_worked_for_needs_no_day():
    scheme = AwardSchemeFactory(name="全国科普示范区")

    made = AwardFactory(
        scheme=scheme, recipient="云岭区", recipient_kind="district", status="creating",
        conferred_on=None,
    )  # fmt: skip

    assert str(made) == "2022年全国科普示范区·云岭区（创建中）"


def test_a_conferred_award_has_a_day():
    with pytest.raises(ValidationError) as error:
        AwardFactory(conferred_on=None)

    assert messages(error) == ["已获的奖项须填写表彰日期；还没有获得的，状态请选“创建中”。"]


def test_day_is_not_before_the_year():
    with pytest.raises(ValidationError) as error:
        AwardFactory(year=2022, conferred_on=datetime.date(2021, 12, 31))

    assert messages(error) == ["表彰日期早于奖项的年度（2022年），请核对。"]
    assert AwardFactory(year=2021, conferred_on=datetime.date(2022, 2, 1)).pk


def test_year_follows_from_the_day():
    assert AwardFactory(year=None, conferred_on=datetime.date(2021, 5, 1)).year == 2021
    with pytest.raises(ValidationError) as error:
        AwardFactory(year=None, status="creating", conferred_on=None)
    assert set(error.value.message_dict) == {"year"}


def test_amount_is_not_negative():
    with pytest.raises(ValidationError) as error:
        AwardFactory(amount_yuan=-1)

    assert messages(error) == ["奖金不能是负数。"]


def test_same_award_is_entered_once_but_for_another_project():
    first = AwardFactory(recipient="张三", project="甲项目")
    same = {"scheme": first.scheme, "recipient": "张三"}

    with pytest.raises(ValidationError) as error:
        AwardFactory(**same, project="甲项目")

    assert messages(error) == ["该获奖者同一天的这一奖项已登记；获奖项目不同的请填写获奖项目。"]
    AwardFactory(**same, project="乙项目")
    assert Award.objects.count() == 2


def test_what_is_worked_for_is_entered_once():
    first = AwardFactory(status="creating", conferred_on=None)

    with pytest.raises(ValidationError) as error:
        AwardFactory(
            scheme=first.scheme, recipient=first.recipient, status="creating", conferred_on=None
        )

    assert messages(error) == ["该获奖者这一年度创建中的这一奖项已登记。"]


@pytest.mark.parametrize("given", [(), ("person", "unit"), ("person", "name"), ("unit", "name")])
def test_recipient_is_exactly_one(given):
    values = {"person": PersonFactory(), "unit": UnitFactory(), "name": "技术攻关团队"}
    row = {name: values[name] for name in given}

    with pytest.raises(ValidationError) as error:
        AwardRecipientFactory(**{"person": None, **row})

    assert messages(error) == ["人才、单位、其他获奖者须填写其中一项，且只填一项。"]
    award = AwardFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        AwardRecipient.objects.create(award=award, owner=award.owner, **row)


def test_an_award_has_several_recipients_each_once():
    award, person = AwardFactory(), PersonFactory()
    AwardRecipientFactory(award=award, person=person)
    AwardRecipientFactory(award=award, person=PersonFactory(), order=2)
    AwardRecipientFactory(award=award, person=None, name="技术攻关团队", order=3)

    with pytest.raises(ValidationError) as error:
        AwardRecipientFactory(award=award, person=person)

    assert messages(error) == ["该人才已登记为这个奖的获奖者。"]
    assert award.recipients.count() == 3


def test_unit_on_the_certificate_becomes_the_recipient():
    unit = UnitFactory(name="区第二中学")

    award = AwardFactory(recipient="区第二中学", recipient_kind="unit")

    assert award.recipients.get().unit == unit
    assert award.recipients.get().owner == award.owner
    AWARDS.save(award, by=Actor.system())
    assert award.recipients.count() == 1


def test_nobody_is_made_a_recipient_by_name_alone():
    PersonFactory(name="张三")

    assert not AwardFactory(recipient="张三", recipient_kind="person").recipients.exists()
    assert not AwardFactory(recipient="没有的单位", recipient_kind="unit").recipients.exists()


def test_award_of_a_clerk_gets_its_recipient_when_it_is_approved(world):
    clerk = Actor(user=world.user("clerk", world.ours))
    award = AwardFactory(
        by=clerk, owner=world.ours, recipient=world.ours.name, recipient_kind="unit"
    )
    assert not award.recipients.exists()

    award.state = Record.State.APPROVED
    AWARDS.save(award, by=Actor(user=world.user("staff")))

    assert award.recipients.get().unit == world.ours
    assert award.recipients.get().state == Record.State.APPROVED


def test_awards_take_on_the_new_name_of_their_scheme():
    award = AwardFactory(scheme=AwardSchemeFactory(name="科技奖"), recipient="张三")
    scheme = award.scheme
    scheme.name = "科技进步奖"

    registry.of(type(scheme)).save(scheme, by=Actor.system())

    award.refresh_from_db()
    assert str(award) == "2022年科技进步奖·张三（2022-06-30）"


def test_scheme_with_awards_cannot_be_deleted():
    award = AwardFactory()

    with pytest.raises(DomainError, match="还有 1 条获奖记录用到它"):
        registry.get("awards.AwardScheme").delete(award.scheme, by=Actor.system())
