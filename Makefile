# The only list of commands: people, hooks and CI all call these.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
GOLD ?= ../shared/gold
LISTS ?= ../shared/datasets/eu-iran-human-rights/32011R0359.csv ../shared/datasets/ofac-sdn/sdn.csv

.PHONY: help serve test check fmt audit sbom fuzz bench soak train-names lock clean setup

setup: $(VENV)/.ready  ## everything the other targets need, in .venv

$(VENV)/.ready: requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("dadkhah needs Python 3.11 or newer; set PYTHON=/path/to/python3.11") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	  (apt-get install -y --no-install-recommends python3-venv && rm -rf $(VENV) && $(PYTHON) -m venv $(VENV))
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

help:  ## this list
	@sed -nE 's/^([a-z-]+):.*  ## (.*)/\1\t\2/p' Makefile | expand -t 14

serve: setup  ## check and build the graph, serve it on port PORT
	$(BIN)/dadkhah build
	$(BIN)/dadkhah serve --port $(PORT)

check: setup  ## lint, types, layers, fast tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q -m "not slow" -n 2

test: setup  ## everything
	sh tests/system.sh
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 2 --dist loadfile --ignore=tests/faults
	$(BIN)/pytest tests/faults

fmt: setup  ## format code and Turtle
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/dadkhah fmt

bench: setup  ## the service beside its peers
	$(BIN)/python -m bench

soak: setup  ## all given attacks, again and again
	$(BIN)/python -m bench soak

train-names: setup  ## learn the weights of name comparison anew
	$(BIN)/dadkhah train-names --gold $(GOLD) $(addprefix --list ,$(LISTS))

lock:  ## after a change of dependencies in pyproject.toml
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --extra dev pyproject.toml -o requirements/dev.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --constraint requirements/dev.txt pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --constraint requirements/dev.txt --extra bench pyproject.toml -o requirements/bench.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --constraint requirements/dev.txt --extra ftm pyproject.toml -o requirements/ftm.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --constraint requirements/dev.txt --extra spark pyproject.toml -o requirements/spark.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --constraint requirements/dev.txt --extra pdf pyproject.toml -o requirements/pdf.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --constraint requirements/dev.txt --extra security pyproject.toml -o requirements/security.txt

# the tools for these three stand apart from those of the tests
SECURITY := build/security-tools

$(SECURITY)/.ready: requirements/security.txt
	$(PYTHON) -m venv $(SECURITY)
	$(SECURITY)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/security.txt
	@touch $@

# what is known of the locked versions; asks the database of advisories of PyPI, and fails where it cannot be asked
audit: $(SECURITY)/.ready  ## advisories on the locked versions
	$(SECURITY)/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off -r requirements/run.txt

# what the service is made of, with licences: CycloneDX 1.6 in build/sbom.json
sbom: $(SECURITY)/.ready  ## components and licences, in build/
	$(PYTHON) -m venv --clear build/sbom-environment
	build/sbom-environment/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(SECURITY)/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible \
	  --mc-type application -o build/sbom.json build/sbom-environment/bin/python
	$(SECURITY)/bin/python deploy/licences.py build/sbom.json > build/licences.tsv

# FUZZ_SECONDS for each target
FUZZ_SECONDS ?= 60
fuzz: $(SECURITY)/.ready  ## each parser for FUZZ_SECONDS
	for target in query turtle parameters; do \
	  mkdir -p build/fuzz/$$target && \
	  PYTHONPATH=src $(SECURITY)/bin/python fuzz/$$target.py -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 -artifact_prefix=build/fuzz/$$target/ build/fuzz/$$target || exit 1; \
	done

clean:  ## remove what was built
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
