# Needs only Python 3.11+ and make. Everything lands in .venv; nothing outside this folder is changed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
BENCH := build/bench

.PHONY: run demo test test-all faults soak fuzz check format snap bench docs build clean

run: $(STAMP)  ## start the reader
	@$(BIN)/tui-reader

demo: $(STAMP)  ## start the reader on its bundled demo site
	@$(BIN)/tui-reader demo

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "tui-reader needs Python 3.11 or newer; try: make run PYTHON=python3.13"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1" -c constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e . --group dev
	@touch $(STAMP)

test: $(STAMP)  ## run the tests
	$(BIN)/python -m pytest -n auto --dist worksteal

test-all:  ## run the tests on every Python from 3.11 to 3.14 found here
	$(PYTHON) tests/every_python.py

faults: $(STAMP)  ## run the fault suite, print its table and write it into docs/reliability.md
	$(BIN)/python -m pytest -n auto --dist worksteal -m "row and not soak" --faults=docs/reliability.md

soak: $(STAMP)  ## the fault suite's long loops: kills by the thousand, documents made up for many minutes
	$(BIN)/python -m pytest -n auto -m soak --timeout 3600

fuzz: $(STAMP)  ## make up other documents and values than `make test`, for a long time (TUI_READER_FUZZ=how many)
	TUI_READER_FUZZ=$${TUI_READER_FUZZ:-20000} $(BIN)/python -m pytest -m "row or soak" -k "made_up or mutated" --timeout 3600 tests/faults
	TUI_READER_FUZZ=$${TUI_READER_FUZZ:-20000} $(BIN)/python -m pytest -n auto -m hypothesis --timeout 3600 tests/unit

check: $(STAMP)  ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

snap: $(STAMP)  ## accept the screens as they are now as the reference
	$(BIN)/python -m pytest tests/tui --snapshot-update

$(BENCH)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $(BENCH)/.installed

bench: $(BENCH)/.installed  ## measure with what a user has installed and nothing else; see benchmarks/README.md
	$(BENCH)/bin/python -m benchmarks

docs: $(STAMP)  ## write docs/keys.md, docs/config.md and the README's screenshot anew
	$(BIN)/python -m tui_reader.cli.docs docs

build: $(STAMP)
	$(BIN)/python -m build

clean:
	rm -rf $(VENV) dist .pytest_cache .mypy_cache .ruff_cache
