# Everything works on a fresh machine with Python 3.11+ and make; `make run` is the whole product.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup run test test-all check bench train lock screenshots realsite clean

help:            ## show this list
	@grep -E '^[a-z-]+: *.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */  make \1\t/' | expand -t 20

setup: $(READY)  ## build .venv from the hashed requirements, and nothing else

$(READY): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name it with: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run: setup       ## start everything: the sample county, collect, work and desk
	@$(BIN)/qingxin run

test: setup      ## the tests that need nothing but this folder (what is missing is skipped, and said)
	$(BIN)/python -m pytest -m "not slow and not crash and not realsite"

test-all: setup  ## every test: crashes, PostgreSQL, browser, WordPress (needs Debian's packages)
	$(BIN)/python -m pytest -m "not realsite"

check: setup     ## format, lint, layers, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy monitor spiders models alerts sample_county tests benchmarks

bench: setup     ## measure, and write docs/benchmarks.md
	$(BIN)/python -m benchmarks.all

train: setup     ## train the reader anew from the corpus in this repository
	$(BIN)/qingxin train --no-labels

lock:            ## pin the requirements again (needs uv); hashes only, no registry's host name
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header -q -o requirements.lock
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header -q -c requirements.lock -o requirements-dev.lock

screenshots: setup ## pictures of every page into docs/images (needs Debian's chromium)
	$(BIN)/python -m docs.screenshots

realsite: setup  ## read a real WordPress from Debian's packages on loopback
	$(BIN)/python -m pytest -m realsite -rs

clean:           ## remove what was built; data/ stays
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
