# make demo, make test: all that a fresh machine with Python 3.11, make and a package registry needs.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
# As installed packages are: where Python may not write beside the code, each start would compile it anew.
COMPILE := $(RUN) -m compileall -q monitor.py alerts archive cli commands demo diffing pipeline state watchers
FUZZ ?= 50
BENCHMARKS := $(filter-out __init__,$(basename $(notdir $(wildcard benchmarks/*.py))))

# Every file of the closure by its digest, for every system; no address of a registry stands in it.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url

.PHONY: demo test fuzz watch browse bench lint lock sbom format docs docs-check clean

demo: $(VENV)/.runtime
	$(RUN) monitor.py demo $(ARGS)

test: $(VENV)/.dev
	$(RUN) -m pytest -n auto --dist loadfile $(ARGS)

fuzz: $(VENV)/.dev # the laws alone, at random and long: make fuzz FUZZ=500 ARGS=tests/diffing
	FUZZ=$(FUZZ) $(RUN) -m pytest -n auto -m hypothesis $(ARGS)

watch: $(VENV)/.runtime
	$(RUN) monitor.py watch $(ARGS)

browse: $(VENV)/.runtime
	$(RUN) monitor.py browse $(ARGS)

bench: $(VENV)/.dev
	for name in $(BENCHMARKS); do echo "== $$name"; $(RUN) -m benchmarks.$$name || exit 1; done

lint: $(VENV)/.dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(RUN) -m docs.making --check --quick
	$(RUN) -m supply.licences
	$(RUN) -m supply.advisories

lock: # after a change of requirements*.txt; needs uv (pipx install uv)
	$(LOCK) requirements.txt -o requirements.lock
	$(LOCK) -c requirements.lock requirements-dev.txt -o requirements-dev.lock

sbom: $(VENV)/.dev
	$(RUN) -m supply.bill_of_materials > sbom.cdx.json

format: $(VENV)/.dev
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

docs: $(VENV)/.dev
	$(RUN) -m docs.making
	if command -v chromium chromium-browser google-chrome; then $(RUN) -m docs.making.screenshots; fi

docs-check: $(VENV)/.dev
	$(RUN) -m docs.making --check

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("release-monitor needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock | $(VENV)/bin/python
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(COMPILE)
	touch $@

$(VENV)/.dev: requirements-dev.lock | $(VENV)/bin/python
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(COMPILE)
	touch $@ $(VENV)/.runtime

clean:
	rm -rf $(VENV) demo-output .pytest_cache .mypy_cache .ruff_cache .hypothesis
