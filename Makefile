# Everything a newcomer needs: `make run` and `make test`. Both set up .venv by themselves.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: run practice doctor rules backfill test check bench lint-report lock clean

run: .venv/.installed
	@$(BIN)/python -m bot run

practice doctor rules backfill: .venv/.installed
	@$(BIN)/python -m bot $@

test: check
	$(BIN)/python -m pytest -n 2

check: .venv/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The bot beside something else, about six minutes on a quiet machine; one of them: make bench ONLY=3
bench: .venv/.installed-dev
	@$(BIN)/python -m tests.benchmarks $(ONLY)

# How well texts are read: make lint-report FILE=messages.tsv (lines of text <tab> label, with a header)
lint-report: .venv/.installed-dev
	@test -n "$(FILE)" || { echo "Name the labelled file: make lint-report FILE=messages.tsv"; exit 2; }
	@$(BIN)/python -m tests.lint_report $(FILE)

# Pins every dependency with its hashes, without recording where they came from.
PIN := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-header --no-annotate --extra build pyproject.toml
lock: .venv/.installed-dev
	$(PIN) --upgrade -o requirements.txt
	$(PIN) --upgrade -c requirements.txt --extra dev -o requirements-dev.txt

clean:
	rm -rf .venv build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Tagwise needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3.11"; exit 2; }
	$(PYTHON) -m venv .venv

INSTALL := $(BIN)/python -m pip install -q --disable-pip-version-check

.venv/.installed: requirements.txt pyproject.toml | .venv/bin/python
	$(INSTALL) --require-hashes -r requirements.txt
	$(INSTALL) --no-build-isolation --no-deps -e .
	@touch $@

.venv/.installed-dev: requirements-dev.txt pyproject.toml | .venv/bin/python
	$(INSTALL) --require-hashes -r requirements-dev.txt
	$(INSTALL) --no-build-isolation --no-deps -e .
	@touch $@ .venv/.installed
