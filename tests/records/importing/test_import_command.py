from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.talents.models import Person

SAMPLES = Path(__file__).parents[2] / "samples"

pytestmark = pytest.mark.usefixtures("office")


def run(name, **options):
    said = StringIO()
    call_command("import_records", SAMPLES / name, stdout=said, **options)
    return said.getvalue()


def test_faulty_rows_stop_the_import():
    with pytest.raises(CommandError, match="有 47 行存在错误，没有导入任何数据"):
        run("人才花名册.xlsx")
    assert Person.objects.count() == 0


def test_valid_rows_are_imported_with_a_summary():
    said = run("人才花名册.xlsx", valid_rows=True)

    assert "人才：新增 1,154 条。" in said
    assert "入库记录：新增 1,173 条。" in said
    assert "数据行：无误 1,173 行，重复 9 行，有错误 47 行。" in said
    assert "未作为数据的行：空行 6 行，合计行 6 行，说明行 6 行。" in said
    assert "将新建单位 37 个：" in said
    assert (
        "党政人才：第 66 行“参加工作时间”为“2009.13”，月份应在 01–12 之间，请改为如 2009.03。"
        in said
    )
    assert "……共 47 处错误。" in said
    assert said.endswith("已导入。\n")
    assert Person.objects.count() == 1154


def test_check_saves_nothing():
    assert run("人才花名册.xlsx", check=True).endswith("检查完毕，没有保存。\n")
    assert Person.objects.count() == 0


def test_one_type_only():
    said = run("培训班次与学员.xlsx", label="training.TrainingClass", check=True)

    assert "培训班：新增 84 条。" in said
    assert "学员" in said


@pytest.mark.parametrize(
    ("name", "options", "sentence"),
    [
        ("没有.xlsx", {}, "没有找到文件"),
        ("人才花名册.xlsx", {"label": "talents.Nobody"}, "没有“talents.Nobody”这种记录"),
        ("expected.json", {}, "这是文本文件"),
    ],
)
def test_wrong_use_is_explained(name, options, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(name, **options)
