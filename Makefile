# The same targets for people and CI. Everything lives in .venv; a fresh machine needs Python ≥ 3.11 and make.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help run test test-without-browser test-everything sure bench messages format screenshots clean catalogs
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-22s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.venv/run.stamp: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 이상이 필요합니다. make PYTHON=python3.11 처럼 알려 주세요." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

.venv/dev.stamp: .venv/run.stamp
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,matching]'
	touch $@

catalogs: .venv/run.stamp
	@$(BIN)/python -m tests.tools.translations compile

run: .venv/run.stamp catalogs ## prepare everything, say how to sign in, serve (PORT, ACADEMY_INSTANCE)
	@$(BIN)/academy init
	@$(BIN)/academy demo
	@$(BIN)/academy serve

test: .venv/dev.stamp catalogs ## the whole test suite, from nothing
	@$(BIN)/python -m tests.tools.prepare
	$(BIN)/pytest -n 2

test-without-browser: .venv/dev.stamp catalogs ## the tests that need no Chromium
	$(BIN)/pytest -n 2 --ignore=tests/journeys

test-everything: .venv/dev.stamp catalogs ## the long form of the property tests as well
	@$(BIN)/python -m tests.tools.prepare
	$(BIN)/pytest -n 2 -m "everything or not everything"

sure: .venv/dev.stamp ## everything CI checks
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint academy --lint --quiet
	$(BIN)/python -m tests.tools.translations check
	$(MAKE) test

format: .venv/dev.stamp ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

messages: .venv/dev.stamp ## extract the texts, update and compile the catalogs
	$(BIN)/python -m tests.tools.translations update

bench: .venv/dev.stamp catalogs ## measure and print a table
	$(BIN)/python -m tests.tools.bench

screenshots: .venv/dev.stamp catalogs ## the two pictures of the README
	$(BIN)/python -m tests.tools.screenshots

clean: ## remove what was made, but never the instance folder
	rm -rf .venv build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info
	find academy tests translations \( -name __pycache__ -o -name '*.mo' \) -prune -exec rm -rf {} +
