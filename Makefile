# The commands of the project. `make` alone lists them.
PYTHON ?= python3
PY := .venv/bin/python
NAME ?= filing
# For `make test`: folders or options of pytest, such as ARGS=tests/engines
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup run test test-full check audit bench screenshots lock format

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

setup: ## environment, front-end files and translations, from the lock files
	@$(PYTHON) deploy/setup.py $(SETUP)

run: SETUP = --to-run
run: setup ## the whole portal at http://127.0.0.1:$PORT (8000); Ctrl-C stops it
	@$(PY) -m oss_portal.run

test: setup ## every test of the everyday run
	@$(PY) deploy/run_tests.py $(ARGS)

test-full: setup ## the same in full sizes
	@OSS_FULL=1 $(PY) deploy/run_tests.py $(ARGS)

check: setup ## format, lint, types, import contracts, migrations, translations, deployment
	@$(PY) deploy/check.py

audit: setup ## secrets in the sources, bill of materials, known vulnerabilities (asks the registries)
	@$(PY) deploy/find_secrets.py
	@$(PY) deploy/bill_of_materials.py
	@$(PY) deploy/audit.py

bench: setup ## a measure: make bench NAME=filing
	@$(PY) -m bench.$(NAME)

screenshots: setup ## the pictures of the documentation
	@$(PY) -m tests.journeys.screenshots

format: setup ## puts the sources into the project's format
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

lock: setup ## new lock files from pyproject.toml
	@$(PY) -m pip install --quiet uv
	@.venv/bin/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --quiet -o requirements.lock
	@.venv/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --quiet -c requirements.lock -o deploy/requirements.lock
