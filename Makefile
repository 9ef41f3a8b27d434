# Everything starts here. A machine needs Python 3.11 or newer (with venv), make and git: no more.
#
#   make demo     install what is needed and run a society of PEOPLE people
#   make test     install what is needed and check everything
#   make help     the rest

PEOPLE ?= 50000
WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin

# Nothing of the caller's Python leaks in, and nothing is written beside the user's own packages.
unexport PYTHONPATH
unexport PYTHONHOME
export PYTHONNOUSERSITE := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help install install-test demo test lint format types contracts units bench docs site validation locks clean

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Prints the newest suitable Python, or says what to do.
FIND_PYTHON = \
	found=; \
	for name in $(PYTHON) python3 python3.13 python3.12 python3.11 python3.14; do \
		if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			found="$$name"; break; \
		fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "glasshouse needs Python 3.11 or newer, and none was found." >&2; \
		echo "On Debian: apt install python3 python3-venv. Elsewhere: make PYTHON=/path/to/python3 ..." >&2; \
		exit 2; \
	fi

install: ## make .venv with what a run and the bench need (again only when the lock changes)
	@$(FIND_PYTHON); "$$found" tools/install.py $(VENV) run

install-test: ## make .venv with what the tests need as well
	@$(FIND_PYTHON); "$$found" tools/install.py $(VENV) test

demo: install ## run the scenario `as-told` and explain what happened
	@out=runs/demo; n=1; \
	while [ -e "$$out" ]; do n=$$((n + 1)); out="runs/demo-$$n"; done; \
	$(BIN)/glasshouse run as-told --people $(PEOPLE) --out "$$out"

test: install-test ## check style, types, contracts and behaviour
	@$(MAKE) --no-print-directory lint types contracts units

lint: install-test ## check style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: install-test ## mend style and format where a machine can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: install-test ## check types
	$(BIN)/mypy

contracts: install-test ## check which floor of the house imports which
	$(BIN)/lint-imports

units: install-test ## run the tests alone
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup

bench: install ## compare with Mesa, measure threads, sizes and bytes, say where the time goes
	$(BIN)/glasshouse bench

docs: install-test ## write the generated pages of docs/ again
	$(BIN)/python tools/write_docs.py

site: install-test ## build the documentation site in build/site, tutorials and all
	$(BIN)/python tools/write_site.py build/site

validation: install ## run what others published and write docs/validation.md
	$(BIN)/python tools/write_validation.py

# Needs uv and a package index; the addresses stay out of the result.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url
locks: ## write the locks again from locks/*.in
	$(LOCK) locks/test.in -o locks/test.txt
	$(LOCK) -c locks/test.txt locks/run.in -o locks/run.txt

clean: ## remove what make made, except runs/
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
	rm -rf src/*.egg-info
