PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
WHEEL := build/wheel

.PHONY: help demo test coverage check wheel deep sabotage docs format clean

help:
	@echo "make demo      install the library alone and run examples/demo.py"
	@echo "make test      the tests and the Markdown examples"
	@echo "make coverage  the same, watching every branch"
	@echo "make check     lint, format, types, layers, docs, and the built wheel alone"
	@echo "make deep      the long forms: properties, benchmark, simulation, examples"
	@echo "make sabotage  break one line per law and see that its test fails"
	@echo "make docs      build the documentation into site/"
	@echo "make format    format the code and write the generated pages anew"
	@echo "make clean     remove what was built, the environment included"

# Set-up is stamped: it is made again only when these files change.
$(VENV)/.stamp: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "nurturekit needs Python 3.11 or newer; try: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) -e .
	@touch $@

$(VENV)/.stamp-dev: $(VENV)/.stamp
	$(PIP) -e '.[dev]'
# lifelines asks for pandas 2 but works with 3: it is installed beside what it needs of it.
	$(PIP) --no-deps lifelines autograd autograd-gamma formulaic interface_meta wrapt
# Ibis asks for dateutil 2 but works with 4: it too is installed beside what it needs.
	$(PIP) --no-deps ibis-framework atpublic parsy pyarrow-hotfix sqlglot toolz
	@touch $@

demo: $(VENV)/.stamp
	$(BIN)/python examples/demo.py

test: $(VENV)/.stamp-dev
	$(BIN)/python -m pytest -n 2 --dist loadfile

# Watching every branch makes the laws twice as slow: not on every change.
coverage: $(VENV)/.stamp-dev
	$(BIN)/python -m pytest -n 2 --dist loadfile --cov --cov-branch --cov-report=term:skip-covered

check: $(VENV)/.stamp-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict
	$(BIN)/lint-imports --no-logo
	set -e; for page in scripts/*_page.py; do $(BIN)/python $$page --check; done
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	$(MAKE) --no-print-directory wheel

# The wheel must work on its own: a fresh environment, the runtime dependencies, no checkout.
wheel: $(VENV)/.stamp-dev
	rm -rf $(WHEEL)
	$(BIN)/python -m build --wheel --no-isolation --outdir $(WHEEL) . >/dev/null
	$(PYTHON) -m venv $(WHEEL)/venv
	$(WHEEL)/venv/bin/python -m pip install --quiet --disable-pip-version-check \
		-c constraints.txt $(WHEEL)/*.whl
	cd $(WHEEL) && venv/bin/python -I -c 'import nurturekit; nurturekit.preset("blended")'
	cd $(WHEEL) && venv/bin/nurturekit --help >/dev/null
	@echo "the wheel works alone"

deep: $(VENV)/.stamp-dev
	-$(BIN)/python benchmarks/single.py
	-$(BIN)/python benchmarks/engines.py
	-$(BIN)/python benchmarks/planning.py
	-$(BIN)/python benchmarks/tables.py
	$(BIN)/python benchmarks/assignment.py
	$(BIN)/python scripts/engines_matrix.py --check
	$(BIN)/python scripts/year_simulation.py --leads 300
	$(BIN)/python -m pytest -m deep
	$(BIN)/python examples/real/olist.py
	$(BIN)/python examples/real/loan_offers.py
	$(BIN)/python examples/real/repeated_calls.py
	NURTUREKIT_HYPOTHESIS=deep $(BIN)/python -m pytest -n 2 --dist loadfile tests/laws

sabotage: $(VENV)/.stamp-dev
	$(BIN)/python scripts/sabotage.py

docs: $(VENV)/.stamp-dev
	set -e; for page in scripts/*_page.py; do $(BIN)/python $$page; done
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

format: $(VENV)/.stamp-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	set -e; for page in scripts/*_page.py; do $(BIN)/python $$page; done

clean:
	rm -rf $(VENV) build dist site .coverage .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
