# Two commands for a newcomer: `make demo` shows the main job on the built-in sample, `make test` checks everything.
# Both set up what they need in .venv, from the versions pinned in requirements.lock. Only Python 3.11 or newer with venv is needed.

PYTHON ?= python3
BIN := .venv/bin
SAMPLE := src/musnad/sample
PIP := $(BIN)/python -m pip --disable-pip-version-check
.DEFAULT_GOAL := help
.PHONY: help demo desk test lint unit rules lock reference bench clean

help:  ## This list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1	/' | expand -t 20

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "musnad needs Python 3.11 or newer; try: make PYTHON=python3.12 demo" >&2; exit 1; }
	$(PYTHON) -m venv .venv || { echo "no venv here; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@touch $@

.venv/.user: .venv/.made pyproject.toml requirements.lock
	$(PIP) install --quiet --constraint requirements.lock --editable .
	@touch $@

.venv/.dev: .venv/.made pyproject.toml requirements.lock
	$(PIP) install --quiet --constraint requirements.lock --editable '.[dev,web,postgres,export]'
	@touch $@ .venv/.user

demo: .venv/.user  ## Read the built-in sample: a report in the terminal, all of them in out/sample.html and out/sample.jsonl
	@mkdir -p out
	@$(BIN)/musnad read $(SAMPLE)/pages/16-mission-extended.txt --metadata $(SAMPLE)/metadata.csv --format text
	@$(BIN)/musnad read $(SAMPLE)/pages --metadata $(SAMPLE)/metadata.csv --format jsonl --out out/sample.jsonl
	@$(BIN)/musnad read $(SAMPLE)/pages --metadata $(SAMPLE)/metadata.csv --format html --out out/sample.html
	@echo
	@echo "One report is shown above. All reports of the sample:"
	@echo "  out/sample.html    open it in a browser; click a mark or a card and see the other"
	@echo "  out/sample.jsonl   one report a line, for programs"

.venv/.desk: .venv/.made pyproject.toml requirements.lock
	$(PIP) install --quiet --constraint requirements.lock --editable '.[web]'
	@touch $@ .venv/.user

desk: .venv/.desk  ## Open the sample's record in the browser: read, explore, correct (Ctrl-C closes it)
	@mkdir -p out
	@$(BIN)/musnad add $(SAMPLE)/pages --metadata $(SAMPLE)/metadata.csv --record out/sample.db
	@$(BIN)/musnad serve --record out/sample.db

test: lint unit rules  ## Style, types, tests and every rule's own examples

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

unit: .venv/.dev
	$(BIN)/python -m pytest -n 2 --dist loadfile

rules: .venv/.dev
	$(BIN)/musnad rules check

lock: .venv/.made  ## Write requirements.lock anew: the newest versions that fit together (needs uv)
	printf 'torch==2.13.0\n' > .venv/overrides.txt
	uv pip compile pyproject.toml --all-extras --universal --no-emit-index-url --no-header --no-annotate --python-version 3.11 \
	  --override .venv/overrides.txt --output-file requirements.lock --upgrade
	sed -i '1i # Every version that musnad is built and tested with, all extras: used as pip constraints (make lock writes it anew).' requirements.lock

reference: .venv/.dev  ## Write docs/reference/ from the code
	$(BIN)/python docs/make_reference.py

bench: .venv/.user  ## Speed, start-up and memory on this machine
	$(BIN)/python benchmarks/speed.py

clean:  ## Remove what the commands above made
	rm -rf .venv out build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
