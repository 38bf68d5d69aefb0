"""`make bench` runs from an empty machine to its table."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIGURES = (
    "列表首页 50 条", "两个条件筛选", "按姓名一部分搜索“伟”", "按全拼搜索“zhangwei”",
    "按首字母搜索“zw”", "人才详情页", "首页（工作台）", "列表时间增长 4 → 40 人", "全部指标",
    "浏览后内存（两个工作进程）",
    "年度报告：起草", "年度报告：PDF", "年度报告：Word", "导出 40 行", "导入 40 行", "导入：写入",
    "导入：上传到预览页", "领导看板", "交叉表：法定统计表一", "交叉表：学历 × 职称级别",
    "导入：全程用时",
)  # fmt: skip
HEAD = ["项目", "实测", "目标", "Django 后台（同次）", "倍数", "Horilla"]
BESIDE = (
    "列表首页 50 条", "两个条件筛选", "按姓名一部分搜索“伟”", "人才详情页", "导出 40 行",
    "导入 40 行", "导入：写入",
)  # fmt: skip


def test_benchmark_prints_every_figure():
    """On SQLite whatever the tests run on."""
    environment = {name: text for name, text in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--people", "40"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    _, _, _, head, _, *lines = done.stdout.splitlines()
    assert [cell.strip() for cell in head.split("│")] == HEAD
    for figure in FIGURES:
        assert any(line.startswith(figure) for line in lines), figure
    assert [line for line in lines if "未测" in line] == []
    cells = [[cell.strip() for cell in line.split("│")] for line in lines if "│" in line]
    for figure in BESIDE:
        row = next(row for row in cells if row[0].startswith(figure))
        assert row[3] != "—", row
        assert row[4].startswith("× "), row
