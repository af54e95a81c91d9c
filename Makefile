# `make run` and `make test` need only Python >= 3.11, make and a package index.
PYTHON ?= python3
COMPILED := $(wildcard tasks/page/compiled/*.[ch])
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test test-fast lint types docs clean

run: $(VENV)/.installed
	@$(BIN)/wirehouse run --demo

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -m "not browser" -n 2

test-fast: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -m "not slow and not prefect and not browser" -n 2

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

clean:
	rm -rf $(VENV) wirehouse-home artifacts build *.egg-info

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Wirehouse needs Python 3.11 or newer; call: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt $(COMPILED) | $(VENV)/bin/python
	@echo "Installing Wirehouse into $(VENV) (a minute or two the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt $(COMPILED) | $(VENV)/bin/python
	@echo "Installing Wirehouse and its test tools into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	@touch $(VENV)/.installed $@
