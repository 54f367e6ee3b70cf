# PORT= and QUARTERDECK_DATA= (and every other setting in the README) may be given to any target.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test test-postgres test-clients bench screenshots fmt lint types layers js pytest lock clean dev

PYTHON := .venv/bin/python
JS_BIN := .venv/js/node_modules/.bin
TEMPLATES = $(shell find templates -name '*.html')
JS_TESTS = $(shell find tests/js -name '*.test.js')
COMPILE := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header
# The set-up may have put Node into .venv.
export PATH := $(CURDIR)/.venv/bin:$(PATH)

help: ## show this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' Makefile

run: ## set up what is missing and serve on http://127.0.0.1:8000
	@scripts/setup run
	@exec $(PYTHON) manage.py serve

# Nothing that is tested touches the data of a server that runs here.
test: export QUARTERDECK_DATA = $(CURDIR)/var/test
test: lint types layers js pytest ## set up what is missing, then check and test everything

test-postgres: export QUARTERDECK_DATA = $(CURDIR)/var/test-postgres
# Without those that know no database.
test-postgres: dev ## the tests of the Python again, on a PostgreSQL that is installed and started for them
	@echo "== tests: Python, on PostgreSQL"
	@scripts/with-postgres $(PYTHON) -m pytest --ignore tests/engine --ignore tests/chromium

test-clients: export QUARTERDECK_DATA = $(CURDIR)/var/test-clients
test-clients: ## other people's clients (Playwright, Puppeteer, browser-use, agent-browser), installed and run unmodified
	@scripts/setup clients
	@echo "== tests: other people's clients"
	@$(PYTHON) -m pytest -m clients tests/clients

bench: dev ## measure, print tables, write JSON to bench/results/
	@$(PYTHON) -m bench

screenshots: export QUARTERDECK_DATA = $(CURDIR)/var/test
screenshots: dev ## photograph the pages, wide, narrow and dark, into docs/screenshots/
	@$(PYTHON) -m scripts.screenshots

fmt: dev ## format and repair what the tools can
	@ruff check --fix --quiet .
	@ruff format .
	@djade --target-version 5.2 $(TEMPLATES)
	@$(JS_BIN)/biome check --write

lint: dev ## ruff, djade and biome
	@echo "== lint: ruff, djade, biome"
	@ruff check .
	@ruff format --check .
	@djade --target-version 5.2 --check $(TEMPLATES)
	@$(JS_BIN)/biome ci --colors=off --error-on-warnings

types: dev ## mypy and tsc
	@echo "== types: mypy, tsc"
	@mypy
	@$(JS_BIN)/tsc --project jsconfig.json

layers: dev ## who may import whom
	@echo "== layers: import-linter"
	@lint-imports --no-logo

js: dev ## the tests of the JavaScript
	@echo "== tests: JavaScript"
	@node --test --test-reporter=spec $(JS_TESTS)

pytest: dev ## the tests of the Python, with coverage
	@echo "== tests: Python"
	@$(PYTHON) -m pytest --cov

lock: dev ## pin the dependencies again (UPGRADE=--upgrade: to their newest versions)
	@$(COMPILE) $(UPGRADE) pyproject.toml --output-file requirements.lock
	@$(COMPILE) $(UPGRADE) pyproject.toml --extra dev --constraint requirements.lock --output-file requirements-dev.lock
	@$(COMPILE) $(UPGRADE) --group pyproject.toml:node --output-file requirements-node.lock
	@$(COMPILE) $(UPGRADE) --group pyproject.toml:clients --output-file requirements-clients.lock
	@cd tests/clients && npm install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null

clean: ## remove .venv and caches; the data folder stays
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .coverage bench/results
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

dev:
	@scripts/setup dev
