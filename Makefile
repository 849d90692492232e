# Needs Python 3.11 or newer and make; everything else is installed into .venv, from lock files with hashes.
# The stamps in .venv say what is installed there, so that a second run has nothing to do.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
UV_COMPILE := $(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	--custom-compile-command "make lock" --group build $(UPGRADE)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install demo test test-real test-engines test-editors test-fuzz test-switches test-switches-quick lint format reference mutants bench bench-engines lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-19s %s\n", $$1, $$2 }' Makefile

install: $(VENV)/.core ## Put the reconciler command into .venv/bin

demo: $(VENV)/.core ## Run the whole story on a made-up shop and a pretend Criteo
	@$(BIN)/reconciler demo

test: $(VENV)/.dev ## Run the tests
	@$(BIN)/python -m pytest -n 2 --dist worksteal

test-real: $(VENV)/.dev ## Run the tests on real shop events (downloads them once)
	@$(BIN)/python -m tests.real.fetch
	@$(BIN)/python -m pytest tests/real -q

test-engines: $(VENV)/.engines ## Run the tests on Postgres and Spark (need a Postgres server's programs, and Java)
	@$(BIN)/python -m tests.engines.postgres.server
	@$(MAKE) --no-print-directory -j 2 .random-on-spark .other-on-engines

.PHONY: .random-on-spark .other-on-engines
# Two processes, each with a Spark server of its own, and about as long. All that starts a Spark inside the tests'
# process, or interrupts one, stays together in the second.
.random-on-spark:
	@$(BIN)/python -m pytest tests/engines/spark/test_property.py -q

.other-on-engines:
	@$(BIN)/python -m pytest tests/engines -q --ignore tests/engines/spark/test_property.py

test-editors: $(VENV)/.editors ## Drive a YAML language server over the schemas (needs node with npm)
	@$(BIN)/python -m pytest tests/editors -q

test-fuzz: $(VENV)/.fuzz ## Send the emulator requests that schemathesis builds: make test-fuzz COUNT=200
	@$(VENV)/fuzz/bin/python -m tests.fuzz --count $(or $(COUNT),200)

test-switches: $(VENV)/.dev ## Run the tests that meet the pretend Criteo with each of its switches turned, one by one
	@$(BIN)/python -m tests.switches

test-switches-quick: $(VENV)/.dev ## The same with all switches turned at once, in as few runs as reach each position
	@$(BIN)/python -m tests.switches --quick

lint: $(VENV)/.dev ## Check style, format and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(VENV)/.dev ## Put the code into the one format
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

reference: $(VENV)/.dev ## Write docs/reference.md from the schemas and the compiler
	@$(BIN)/python -m tests.reference.page

mutants: $(VENV)/.dev ## Count the small mistakes in the sample's definitions that its tests notice
	@$(BIN)/python -m benchmarks.mutants

bench: $(VENV)/.dev ## Measure membership beside a reference: make bench DATA=folder REFERENCE=limit.py
	@$(BIN)/python -m benchmarks.membership $(DATA) --reference $(REFERENCE)

bench-engines: $(VENV)/.engines ## Measure the three engines side by side, and draw a chart
	@$(BIN)/python -m benchmarks.engines

lock: $(VENV)/.dev ## Resolve the lock files again (UPGRADE=--upgrade takes the newest versions)
	@$(UV_COMPILE) pyproject.toml --extra emulator -o requirements.lock
	@$(UV_COMPILE) pyproject.toml --extra emulator --extra dev -c requirements.lock -o requirements-dev.lock
	@$(UV_COMPILE) --group fuzz -c requirements-dev.lock -o requirements-fuzz.lock
	@$(UV_COMPILE) pyproject.toml --extra emulator --extra dev --extra postgres --extra spark --extra bench -c requirements-dev.lock -o requirements-engines.lock

clean: ## Remove what was installed and cached
	@rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis

# A command of the right name is not enough: version managers leave ones behind that only say "not installed".
$(VENV)/.python:
	@for python in $(or $(PYTHON),python3.13 python3.12 python3.11 python3 python); do \
		if $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
			echo "Making $(VENV) with $$($$python --version)"; \
			$$python -m venv $(VENV) && touch $@; \
			exit; \
		fi; \
	done; \
	echo "No Python 3.11 or newer that can make a virtual environment was found (looked for: $(or $(PYTHON),python3.13 to python3.11, python3, python))." >&2; \
	echo "Install one (Debian, Ubuntu: apt install python3 python3-venv), or name it: make PYTHON=/path/to/python3 $(MAKECMDGOALS)" >&2; \
	exit 1

$(VENV)/.core: requirements.lock pyproject.toml | $(VENV)/.python
	@echo "Installing reconciler (requirements.lock)"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.core
	@echo "Installing the tools for development (requirements-dev.lock)"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.engines: requirements-engines.lock $(VENV)/.dev
	@echo "Installing what Postgres and Spark need (requirements-engines.lock)"
	@$(PIP) install --require-hashes -r requirements-engines.lock
	@touch $@

$(VENV)/.fuzz: requirements-fuzz.lock $(VENV)/.dev
	@echo "Installing schemathesis into $(VENV)/fuzz (requirements-fuzz.lock)"
	@$(BIN)/python -m venv $(VENV)/fuzz
	@$(VENV)/fuzz/bin/python -m pip --disable-pip-version-check -qq install --require-hashes -r requirements-fuzz.lock
	@touch $@

$(VENV)/.editors: tests/editors/package-lock.json $(VENV)/.dev
	@command -v npm > /dev/null || { echo "npm was not found; install Node.js, which comes with it." >&2; exit 1; }
	@echo "Installing the YAML language server (tests/editors/package-lock.json)"
	@mkdir -p $(VENV)/editors && cp tests/editors/package.json tests/editors/package-lock.json $(VENV)/editors
	@npm --prefix $(VENV)/editors ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@
