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
    "导入：上传到预览页",
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
    assert [cell.strip() for cell in head.split("│")] == ["项目", "实测", "目标", "同类产品"]
    for figure in FIGURES:
        assert any(line.startswith(figure) for line in lines), figure
    assert [line for line in lines if "未测" in line] == []
