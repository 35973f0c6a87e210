.DEFAULT_GOAL := help
PREUVE := .venv/bin/preuve
PYTHON := .venv/bin/python

.PHONY: help setup dev demo serve test quick check format bench bench-templates bench-drafts bench-gate bench-console bench-ledger bench-simulate samples

help:  ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 17

setup:  ## Install what running needs; leaves .venv/bin/preuve
	@tools/setup

dev:
	@tools/setup --dev

demo: setup  ## Start everything, send every sample through the API, compare with what is expected
	@$(PREUVE) demo

serve: setup  ## Start everything and stay; prints the addresses
	@$(PREUVE) serve

test: dev  ## All tests: real OCR, Redis, PostgreSQL and worker processes
	@echo "test: the whole suite; Redis and PostgreSQL are started and stopped by the tests"
	@OMP_THREAD_LIMIT=1 $(PYTHON) -m pytest -n auto --dist loadfile --no-loadscope-reorder

quick: dev  ## The tests that take no more than a few seconds each
	@OMP_THREAD_LIMIT=1 $(PYTHON) -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "not slow"

check: dev  ## Format, lint, types, import rules, then all tests
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m mypy
	@$(MAKE) --no-print-directory test

format: dev  ## Format the code and mend what lint can mend
	@$(PYTHON) -m ruff format .
	@$(PYTHON) -m ruff check --fix .

bench: setup  ## Accuracy, trust, speed and memory on DATA=FOLDER (images/ and labels.jsonl)
	@test -n "$(DATA)" || { echo "bench: say which folder: make bench DATA=FOLDER" >&2; exit 2; }
	@$(PREUVE) bench $(DATA) $(ARGS)

bench-templates: setup  ## How loading and matching grow to 10,000 templates, and how many matches are right
	@$(PREUVE) templates bench $(ARGS)

bench-drafts: dev  ## How drafts from one document read others: 20 strange tills, and DATA=FOLDER if given
	@$(PYTHON) samples/make.py --layouts 6 --pictured 3 --out build/layouts
	@$(PREUVE) templates bench-drafts build/layouts $(DATA) --words build/words $(ARGS)

bench-gate: dev  ## How long the gate takes over 100,000 stored documents (kept in FOLDER=build/gate)
	@$(PYTHON) tools/bench_gate.py $(or $(FOLDER),build/gate) $(ARGS)

bench-console: dev  ## How long each page of the console takes over 100,000 receipts (kept in FOLDER=build/console)
	@$(PYTHON) tools/bench_console.py $(or $(FOLDER),build/console) $(ARGS)

bench-simulate: dev  ## How long 20 rules over 100,000 past receipts take (kept in FOLDER=build/simulate)
	@$(PYTHON) tools/bench_simulate.py $(or $(FOLDER),build/simulate) $(ARGS)

bench-ledger: dev  ## How fast eight processes write the ledger, whether all adds up, how fast a balance is
	@$(PYTHON) tools/bench_ledger.py $(ARGS)

samples: dev  ## Print and photograph the sample documents anew
	@$(PYTHON) samples/make.py
