# The same targets for people and CI. Everything lives in .venv; a fresh machine needs Python ≥ 3.11 and make.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help run test sure bench messages format test-everything screenshots clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

.venv/run.stamp: pyproject.toml constraints.txt
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

test-everything: .venv/dev.stamp ## the long form of the property tests as well
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
