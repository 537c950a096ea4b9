# Kierros: every task of the project. `make` alone lists them.
# A fresh machine needs Python 3.11 or newer and make; the first task that wants more sets it up in .venv.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# Tests start many processes, and each would compile everything anew where the environment forbids to keep bytecode.
export PYTHONDONTWRITEBYTECODE :=

# The first Python on this machine that is new enough (PYTHON=... names another).
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; break; }; done)
CYCLE ?= kaliningrad-2012
KEEP ?=
WORKERS ?= 3
PYTEST ?=
SEED ?=

BIN := .venv/bin
READY := .venv/.ready

.PHONY: help setup demo test lint format check verify bench lock clean

help: ## this list
	@echo "make TASK, where TASK is one of:"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 12

setup: $(READY) ## the environment in .venv (the other tasks do this by themselves)
	@scripts/chromium.sh
	@echo "Kierros is set up in .venv. Next: source .venv/bin/activate, then kierros up"

$(READY): requirements.lock pyproject.toml scripts/venv.sh
	@scripts/venv.sh "$(PYTHON)"
	@touch $@

demo: $(READY) ## one cycle from plan to report in a few minutes (CYCLE=name, KEEP=1 leaves it running)
	@$(BIN)/python examples/play.py "$(CYCLE)" $(if $(KEEP),--keep)

test: lint check ## lint, types, import contracts and the tests: at most ten minutes

check: $(READY) ## the tests alone, without the slow ones (PYTEST="-k word" for some of them)
	@scripts/postgres.sh
	@scripts/chromium.sh
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not slow" $(PYTEST)

lint: $(READY) ## ruff, mypy and the import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: $(READY) ## puts the code into its form and mends what can be mended by rule
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

verify: $(READY) ## the slow tests: forty faults (SEED=number plays others), a year at full size
	@scripts/postgres.sh
	@scripts/chromium.sh
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m slow $(if $(SEED),--seed $(SEED)) $(PYTEST)

bench: $(READY) ## the measurements, each beside its floor
	$(BIN)/python -m bench

lock: ## new pins in both lock files, from pyproject.toml (UPGRADE=1 takes the newest versions)
	@scripts/lock.sh "$(PYTHON)" $(if $(UPGRADE),--upgrade)

clean: ## removes the environment and everything that was generated
	rm -rf .venv .demo build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .grimp_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
