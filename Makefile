# MavPrep Analytics. `make` builds .venv, `make help` lists the recipes; `make demo` and `make test` need nothing set up before.
PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := setup
.PHONY: help setup lint-sql demo ui dashboard test test-long check fix bench bench-exports bench-metrics bench-mastery bench-publication bench-reports bench-dashboard wheel lock chromium clean stop

help: ## list the recipes
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

.venv/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check "pip>=25"
	$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

setup: .venv/.installed ## make .venv with every dependency of the lock file

demo: setup ## the whole nightly job on a simulated campus, on embedded services
	$(BIN)/mavprep demo

ui: setup ## the Dagster UI on the demo's instance
	$(BIN)/mavprep ui

dashboard: setup ## the ranking dashboards on the demo's data
	$(BIN)/mavprep demo-dashboard

stop: setup ## stop the demo's servers; its data stays
	$(BIN)/mavprep stop

chromium: # browser tests need one; without it they are skipped and say so
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
	|| echo "Chromium is not installed and cannot be: browser tests will be skipped"

test: setup chromium ## every test
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not long"

test-long: setup chromium ## every test, with many seeds and sizes
	$(BIN)/python -m pytest -n 2 --dist loadgroup

check: setup ## format, lint, types, import contracts and unit tests: under a minute
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	@changed=$$(git diff --name-only --diff-filter=d HEAD -- 'sql/*.sql'); \
	  [ -z "$$changed" ] || $(BIN)/sqlfluff lint -q --disable-progress-bar $$changed
	$(BIN)/lint-imports >/dev/null || $(BIN)/lint-imports
	@$(BIN)/mypy & types=$$!; $(BIN)/python -m pytest tests/unit -q -n 2; unit=$$?; wait $$types && exit $$unit

lint-sql: setup ## every SQL file, not only the changed ones of `make check`
	$(BIN)/sqlfluff lint -q --disable-progress-bar -p 2 sql

fix: setup ## format and mend what can be mended
	$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .
	$(BIN)/sqlfluff fix -q --disable-progress-bar sql

bench: bench-exports bench-metrics bench-mastery bench-publication bench-reports bench-dashboard ## every benchmark

bench-exports: setup # SIZE=20000000 ATTEMPTS=690000 for a table of 20 million items and a gigabyte compressed
	$(BIN)/python benchmarks/bench_exports.py
	$(BIN)/python benchmarks/bench_export_nights.py --items $(or $(SIZE),300000) --attempts $(or $(ATTEMPTS),5000)

bench-metrics bench-mastery bench-publication bench-reports bench-dashboard: setup
	$(BIN)/python benchmarks/$(subst -,_,$@).py

wheel: setup ## build dist/*.whl
	$(BIN)/python -m build --wheel --no-isolation

lock: ## renew requirements.lock (needs uv)
	uv pip compile pyproject.toml --group dev --extra oidc --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header -q -o requirements.lock

clean: stop ## remove what the demo made
	rm -rf .mavprep
