# Two commands matter: `make run` (the whole cloud on this machine) and `make test`. The rest is for developers.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PYTHONPATH := layers/billing/python:.

.PHONY: run demo test unit lint types bench golden requirements synth deploy lock openapi clean

$(VENV)/installed: requirements/dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements/dev.txt
	touch $@

test: lint types ## everything: lint, types, unit, store, api, workflows, stories
	$(BIN)/pytest -n 2 --dist loadgroup

unit: $(VENV)/installed ## the rules alone, in seconds
	$(BIN)/pytest tests/unit -q

lint: $(VENV)/installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: $(VENV)/installed
	$(BIN)/mypy

lock: ## new versions; the files carry hashes and no addresses
	uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock" -o requirements/runtime.txt
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock" -o requirements/dev.txt

clean:
	rm -rf build cdk.out .local

openapi: $(VENV)/installed ## docs/api/openapi.json, from the handlers
	$(BIN)/python -m infra.openapi

requirements: $(VENV)/installed ## which test proves which requirement
	$(BIN)/python -m tests.requirements_report
