"""A bulk edit sets added fields, and puts tags on and takes them off without losing others."""

from apps.training.models import TrainingClass
from tests.records.test_bulk import hidden


def offered(client, classes, rows):
    ticks = {"action": "edit", "row": [str(row.pk) for row in rows]}
    return client.post(classes.url("bulk"), ticks)


def planned(client, classes, rows, field, **more):
    sent = hidden(offered(client, classes, rows)) | {"field": field, "stage": "ask"}
    return client.post(classes.url("bulk"), sent | more)


def carry_out(client, classes, plan, **more):
    return client.post(classes.url("bulk"), hidden(plan) | {"stage": "do"} | more, follow=True)


def test_a_field_is_set_for_many(staff, three, added, classes, read):
    page = read(offered(staff, classes, three))
    assert "导师" in page
    assert "加上标签" in page

    plan = planned(staff, classes, three, added.mentor.key, **{f"to-{added.mentor.key}": "李四张"})
    assert "把 2 条培训班的“导师”改为“ 李四张 ”。" in read(plan)
    done = carry_out(staff, classes, plan)

    assert "已修改 2 条培训班的“导师”。" in read(done)
    assert {row.extra[added.mentor.key] for row in TrainingClass.objects.all()} == {"李四张"}


def test_tags_are_put_on_and_taken_off(staff, three, added, classes, read):
    model, both = {added.model.key}, {added.watched.key, added.model.key}
    plan = planned(staff, classes, three, "tags.add", **{"to-tags.add": [added.model.key]})

    assert "给 2 条培训班加上标签“示范班次”。" in read(plan)
    done = carry_out(staff, classes, plan)
    bearing = {row.name: set(row.extra) & both for row in TrainingClass.objects.all()}
    assert "已给 2 条培训班加上标签“示范班次”。" in read(done)
    assert bearing == {"甲班": both, "乙班": both, "丙班": model}

    plan = planned(staff, classes, three, "tags.drop", **{"to-tags.drop": [added.model.key]})
    carry_out(staff, classes, plan)
    assert not TrainingClass.objects.filter(extra__has_key=added.model.key).exists()
    assert TrainingClass.objects.filter(extra__has_key=added.watched.key).count() == 2


def test_no_tag_chosen_is_said(staff, three, added, classes, read):
    assert "请勾选标签。" in read(planned(staff, classes, three, "tags.add"))
