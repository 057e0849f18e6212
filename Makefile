# Needs Python 3.11+ and make; everything else is installed into .venv and web/node_modules.
# Each step is a file that make compares by date, so that `make setup` does nothing when nothing changed.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
UV_VERSION := 0.13.9
VENV := .venv
UV := VIRTUAL_ENV=$(CURDIR)/$(VENV) $(VENV)/bin/uv

# What is installed into .venv comes before what the machine has: Python, and Node where the machine's is too old.
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

# Modules are compiled once and kept, whatever the machine says: else each process that a test starts compiles them all.
unexport PYTHONDONTWRITEBYTECODE

CORE := tests/crdt tests/fuzz tests/interop
CLIENT := server/static/index.html
# With the folders, whose dates change when a file in them is added or removed.
CLIENT_SOURCES := $(shell find web/src web/public 2>/dev/null) $(wildcard web/index.html web/vite.config.ts web/tsconfig.json)

.PHONY: help setup run test lint web-test browser-test server-test chaos-test core-test bench long chaos clean

help:
	@echo "make run     the server with a demonstration meeting; prints sign-in links"
	@echo "make test    every test but the long ones"
	@echo "make setup   only what both rest on: the environment and the web client"
	@echo "make lint    ruff, mypy, tsc, biome"
	@echo "make long    the long runs: fuzzers, kill tests, the wheel from a clean clone"
	@echo "make chaos   faults of every kind, and builds that must be caught; prints seeds and what came of them"
	@echo "make bench   load side by side with peers; writes docs/benchmarks.md"
	@echo "make clean   removes what the above have made, but not data/"

setup: $(VENV)/.installed $(CLIENT)

run: setup
	@exec rollingtext serve --demo

lint: setup
	ruff check .
	mypy
	cd web && npm run --silent check

web-test: setup
	cd web && npm run --silent test

# Three at once: most of the time, each waits, those of chaos more than others. Playwright keeps an event loop running, so
# that its tests need a process of their own anyway.
test: lint web-test tests/interop/node_modules/.package-lock.json
	$(MAKE) --no-print-directory --jobs=3 --output-sync=target browser-test server-test chaos-test core-test

browser-test: setup
	CHROMIUM="$$(scripts/chromium)" pytest -m "not long" tests/browser

core-test: setup tests/interop/node_modules/.package-lock.json
	pytest -m "not long" $(CORE)

server-test: setup tests/interop/node_modules/.package-lock.json
	pytest -m "not long" --ignore=tests/browser --ignore=tests/chaos $(CORE:%=--ignore=%)

chaos-test: setup tests/interop/node_modules/.package-lock.json
	pytest -m "not long" tests/chaos

long: setup tests/interop/node_modules/.package-lock.json
	CHROMIUM="$$(scripts/chromium)" pytest -m long

# One seed alone: make chaos CHAOS="-k 'many_times and 104'"
CHAOS ?=

chaos: setup tests/interop/node_modules/.package-lock.json
	pytest tests/chaos -m "long or not long" -rA --durations=0 $(CHAOS)

bench: setup bench/peers/node_modules/.package-lock.json
	python -m bench.run

clean:
	rm -rf $(VENV) server/static web/node_modules bench/peers/node_modules tests/interop/node_modules dist build
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .schemathesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.uv-$(UV_VERSION):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

$(VENV)/.synced: requirements.lock | $(VENV)/.uv-$(UV_VERSION)
	$(UV) pip sync --quiet --require-hashes requirements.lock
	@touch $@

$(VENV)/.installed: pyproject.toml hatch_build.py $(VENV)/.synced
	$(UV) pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.node: requirements-node.lock $(VENV)/.synced
	scripts/has-node || $(UV) pip install --quiet --require-hashes -r requirements-node.lock
	@touch $@

%/node_modules/.package-lock.json: %/package-lock.json $(VENV)/.node
	cd $* && npm ci --no-audit --no-fund
	@touch $@

$(CLIENT): web/node_modules/.package-lock.json $(CLIENT_SOURCES)
	cd web && npm run --silent build
	@touch $@
