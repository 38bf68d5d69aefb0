"""Every change keeps who, when, old and new."""

from apps.records.actors import Actor
from apps.records.models import ChangeLog


def test_history_shows_who_made_and_changed_a_record(world, record_type):
    user = world.user("staff")
    row = world.make(record_type, world.ours, by=Actor(user))
    row.remarks = "核对无误"
    record_type.save(row, by=Actor(user))

    lines = ChangeLog.objects.filter(record_type=record_type.label, object_id=row.pk)
    assert [line.get_action_display() for line in lines] == ["修改", "新增"]
    assert lines[0].changes == {"remarks": ["", "核对无误"]}
    assert {line.user_name for line in lines} == {user.name}

    client = world.client("staff")
    page = client.get(record_type.url("history", row.pk)).content.decode()
    assert user.name in page
    assert "备注" in page
    assert "核对无误" in page


def test_delete_is_logged_or_refused_with_a_sentence(world, record_type):
    row = world.make(record_type, world.ours)

    plan = record_type.delete(row, by=Actor.system())

    assert plan.sentence.startswith("将删除")
    assert ChangeLog.objects.filter(
        record_type=record_type.label, action="delete", object_text=str(row)[:200]
    ).exists()
