# The commands of the project; `make` alone lists them.
SHELL := /bin/bash
PORT ?= 8000
DEMO ?= 1
YEAR ?=
FILE ?=
REPLACE ?=
PEOPLE ?=
POSTGRES ?=
export PORT DEMO YEAR FILE REPLACE

.DEFAULT_GOAL := help
.PHONY: help run test check format report bench backup restore

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

bench: ## 性能测量（PEOPLE=100000；POSTGRES=1 用临时的 PostgreSQL）
	@scripts/bench.sh $(if $(PEOPLE),--people $(PEOPLE)) $(if $(filter 1,$(POSTGRES)),--postgres)

backup: ## 备份数据库与附件到 var/backups
	@scripts/backup.sh create

restore: ## 恢复备份：make restore FILE=… （REPLACE=1 覆盖现有数据）
	@scripts/backup.sh restore
