# `make run` scans the demo offline, `make test` runs everything that must hold.
# Both set up what they need in .venv first; the next time that takes no time.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: run test lint audit browser example bench load clean

run: $(VENV)/.run
	$(BIN)/voxemo-scan run manifests/demo.yaml --offline

test: $(VENV)/.test lint browser
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

# The report that is in the repository. Its date is a fixed one, so that it changes only where the
# page, the tables or the model do.
example: $(VENV)/.run
	SOURCE_DATE_EPOCH=1767225600 $(BIN)/voxemo-scan run manifests/demo.yaml --offline -o reports/example

# Speed and memory on this machine, written into docs/benchmarks.md, and what they mean for many
# machines, into docs/scaling.md; takes about twenty minutes.
bench: $(VENV)/.test
	$(PIP) --editable '.[bench]'
	$(BIN)/python -m voxemo_scan.bench
	$(BIN)/python -m voxemo_scan.bench.measure > /dev/null
	$(BIN)/python -m voxemo_scan.bench.scaling --write docs/scaling.md

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Every installed package is a pinned one, and all fit; with pip-audit, known vulnerabilities too.
audit: $(VENV)/.test
	$(BIN)/python -m tests.support.audit

# A browser for the tests of reports: the machine's own, else Debian's, else playwright's.
browser: $(VENV)/.test
	$(BIN)/python -m tests.support.browser

# Fifty people listened to while two hundred recordings are uploaded, and how they fared.
load: $(VENV)/.test
	$(BIN)/python -m voxemo_scan.web.load scenes/demo/the-lighthouse.opus

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable .
	touch $@

$(VENV)/.test: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable '.[dev]'
	touch $(VENV)/.run $@

clean:
	rm -rf $(VENV) build dist *.egg-info
