# Two commands matter: `make run` (the whole cloud on this machine) and `make test`. The rest is for developers.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PYTHONPATH := layers/billing/python:.
# Where it is set, each of the many processes of a test run would compile a thousand modules again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run month token audit demo test tests has313 test313 unit lint types kills mutants bench golden corpus fuzz requirements build synth deploy lock openapi clean

help: ## what each target does
	@grep -hE '^[a-z0-9]+:.*## ' Makefile | sed -E 's/^([a-z0-9]+):.*## /\1\t/' | expand -t 14

$(VENV)/installed: requirements/dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements/dev.txt
	touch $@

run: $(VENV)/installed ## the whole cloud on this machine, until Ctrl-C
	$(BIN)/python -m infra.local

month: $(VENV)/installed ## the next month of the demonstration, in a cloud that `make run` keeps running
	$(BIN)/python -m infra.local month

token: $(VENV)/installed ## an access token, in a running cloud, of AS=financeiro, operacao, consulta or administrador
	@$(BIN)/python -m infra.local token $(AS)

audit: $(VENV)/installed ## whether all that a running cloud keeps adds up: numbers, charges, payments, balances
	$(BIN)/python -m infra.local audit

demo: $(VENV)/installed ## the story: two months of three companies, checked; the last line is JSON
	$(BIN)/python -m infra.local.demo

test: ## everything: lint, types, unit, documents, store, api, workflows, stories; says how long each stage took
	@for stage in lint types tests; do \
		echo "== $$stage"; begun=$$SECONDS; $(MAKE) --no-print-directory $$stage || exit 1; \
		echo "== $$stage: $$((SECONDS - begun)) s"; \
	done

tests: $(VENV)/installed # what a file shares, a cloud or a month, is made once
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

PYTHON313 ?= $(or $(lastword $(wildcard $(HOME)/.pyenv/versions/3.13.*/bin/python3.13)),python3.13)
has313:
	@$(PYTHON313) --version >/dev/null 2>&1

test313: ## unit, documents and store on Python 3.13, Lambda's own, in an environment of its own; others with TESTS=tests/api
	test -x build/python3.13/bin/pytest || { $(PYTHON313) -m venv build/python3.13 && \
		build/python3.13/bin/pip install --quiet --require-hashes -r requirements/dev.txt; }
	build/python3.13/bin/python -m pytest -q -n 2 --dist loadfile $(or $(TESTS),tests/unit tests/documents tests/store)

unit: $(VENV)/installed ## the rules alone, in seconds
	$(BIN)/pytest tests/unit -q # one process: a second one costs as much as it saves

lint: $(VENV)/installed ## format, rules, and which context may import which
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

GOLDEN_TOOLS := -m tests.golden.run -m tests.golden.published_boletos -m tests.golden.cnab_corpus
types: $(VENV)/installed ## mypy --strict
	$(BIN)/mypy -p billing -p functions -p infra -p tests.bench -p tests.support $(GOLDEN_TOOLS)

lock: ## new versions, by uv (`pip install uv`); the files carry hashes and no addresses
	uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock" -o requirements/runtime.txt
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock" -o requirements/dev.txt

openapi: $(VENV)/installed ## docs/api/openapi.json, from the handlers
	$(BIN)/python -m infra.openapi

requirements: $(VENV)/installed ## which test proves which requirement
	$(BIN)/python -m tests.requirements_report

golden: $(VENV)/installed ## rating cases: GOLDEN_DIR=<folder> for another folder of the same form; boletos too with VECTORS=<file>
	@test -z "$(GOLDEN_DIR)" -o -d "$(GOLDEN_DIR)" || { echo "GOLDEN_DIR: no folder $(GOLDEN_DIR)"; exit 2; }
	@test -z "$(VECTORS)" -o -f "$(VECTORS)" || { echo "VECTORS: no file $(VECTORS)"; exit 2; }
	$(BIN)/python -m tests.golden.run
ifdef VECTORS
	$(BIN)/python -m tests.golden.published_boletos "$(VECTORS)"
endif

corpus: $(VENV)/installed ## what is in each bank file of CNAB_CORPUS=<folder>; JSON with CORPUS_FLAGS=--json
	@test -d "$(CNAB_CORPUS)" || { echo "CNAB_CORPUS: name the folder of bank files, as in make corpus CNAB_CORPUS=folder"; exit 2; }
	$(BIN)/python -m tests.golden.cnab_corpus "$(CNAB_CORPUS)" $(CORPUS_FLAGS)

fuzz: $(VENV)/installed ## the API, then bank files (guided by coverage; in an environment of its own), at random for SECONDS=60 each
	$(BIN)/python -m tests.fuzz.api $(or $(SECONDS),60)
	test -x build/fuzz/bin/python || $(PYTHON) -m venv build/fuzz
	build/fuzz/bin/pip install --quiet --require-hashes -r requirements/runtime.txt -r requirements/fuzz.txt
	build/fuzz/bin/python -m tests.fuzz $(or $(SECONDS),60)

kills: $(VENV)/installed ## months with the power cut ROUNDS=34 times inside the states of every run; a table, and JSON in the last line
	base=$$(mktemp -d) && $(BIN)/python -m tests.stories.kept $$base && \
		$(BIN)/python -m tests.stories.killed $$(mktemp -d) $$base $(or $(ROUNDS),34)

MUTATED_payments := tests/unit/payments tests/unit/payments_arithmetic tests/store/test_payments.py tests/api/test_payments.py tests/api/test_settlements.py tests/api/test_settled_charges.py tests/api/test_outstanding_balances.py tests/api/test_receipts.py tests/workflows/test_statement_import.py
MUTATED_invoicing := tests/unit/invoicing tests/store/test_billing_run.py tests/api/test_invoicing.py
MUTATED_bank_files := tests/unit/bank_files tests/api/test_bank_instructions.py tests/workflows/test_bank_return.py tests/workflows/test_remittance.py \
	tests/workflows/test_instructions.py tests/workflows/test_rejected_remittance.py tests/workflows/test_titles_let_go.py tests/workflows/test_replaced_titles.py -k "not any_write and not every_write and not anywhere"
MUTATED_entry := tests/unit/entry tests/api/test_requests.py tests/api/test_faults.py tests/api/test_runs.py tests/api/test_access.py tests/api/test_access_log.py tests/store/test_tenant_limit.py tests/store/test_lost_runs.py tests/store/test_runs_by_request.py tests/workflows/test_schedule.py
mutants: $(VENV)/installed ## which of MUTANTS=40 changed comparisons and amounts of CONTEXT=payments, invoicing, bank_files or entry live; none begun after SECONDS=900
	@$(if $(MUTATED_$(CONTEXT)),,echo "CONTEXT: payments, invoicing, bank_files or entry, as in make mutants CONTEXT=payments"; exit 2)
	test -x build/mutants/bin/mutmut || { $(PYTHON) -m venv build/mutants && build/mutants/bin/pip install --quiet mutmut==3.8.1; }
	PYTHONPATH="$(PYTHONPATH):$$($(BIN)/python -c 'import site; print(site.getsitepackages()[0])')" CPU_SECONDS=120 \
		MUTANTS=$(or $(MUTANTS),40) SECONDS=$(or $(SECONDS),900) build/mutants/bin/python -m tests.mutation.run build/mutants.$(CONTEXT).json \
		layers/billing/python/billing/$(CONTEXT)/*.py -- $(MUTATED_$(CONTEXT))

bench: $(VENV)/installed ## figures, in build/bench.json
	$(BIN)/python -m tests.bench

build: $(VENV)/installed ## layers and handlers for Lambda, without Docker
	$(BIN)/python -m infra.build

synth: build ## the templates for AWS, in build/cdk.aws, checked by cdk-nag; CONSOLE_ORIGIN=<https address of the console>
	CDK_OUTDIR=build/cdk.aws $(BIN)/python -m infra.app

deploy: synth ## to the account and region of the AWS profile in use; asks before it widens anybody's rights
	npx --yes aws-cdk@2 deploy --all --app build/cdk.aws --require-approval broadening --outputs-file build/outputs.json
	$(BIN)/python -m infra.publish build/outputs.json

clean: ## what was built, and the local cloud with its data
	rm -rf build cdk.out .local
