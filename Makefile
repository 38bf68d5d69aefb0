# The commands of the project; `make` alone lists them.
SHELL := /bin/bash
PORT ?= 8000
DEMO ?= 1
YEAR ?=
export PORT DEMO YEAR

.DEFAULT_GOAL := help
.PHONY: help run test check format report bench

help: ## 列出命令
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

run: ## 安装并在本机启动（PORT=8000；DEMO=0 不载入演示数据）
	@scripts/run.sh

test: ## 全部测试：SQLite、PostgreSQL、浏览器
	@scripts/test.sh

check: ## 代码检查
	@scripts/check.sh

format: ## 整理代码格式
	@scripts/check.sh format

report: ## 生成年度报告，例如 make report YEAR=2022
	@scripts/report.sh

bench: ## 性能测量
	@scripts/bench.sh

