# The commands of the house. Each sets up what it needs; nothing but Python 3.11 and make is expected.
.DEFAULT_GOAL := help
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
BUSY ?=
BENCH ?=
RUNTIME := .venv/.runtime
DEVELOPMENT := .venv/.development

.PHONY: help run reset test check soak bench screenshots messages format shell chromium

help: ## show this list
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

$(RUNTIME): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Python 3.11 or later is needed; say where it is: make PYTHON=/path/to/python3.11 …" >&2; exit 1; }
	@.venv/bin/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@echo "Installing what the shop runs on, the first time for about a minute …"
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(DEVELOPMENT): requirements-dev.txt $(RUNTIME)
	@echo "Installing what testing needs …"
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

run: export PORT := $(PORT)
run: export BUSY := $(BUSY)
run: $(RUNTIME) ## run the shop with everything it needs (PORT=8000; BUSY=1 for a console with work to do)
	@exec .venv/bin/python -m config.embedded.run

reset: $(RUNTIME) ## forget all data of this clone
	@.venv/bin/python -m config.embedded reset

chromium: $(DEVELOPMENT)
	@.venv/bin/python -m tests.chromium

# Else each process of the run, some thirty, compiles the shop and the tests anew; images say so.
test soak: export PYTHONDONTWRITEBYTECODE :=
test: $(DEVELOPMENT) chromium ## run every test but the soak
	@.venv/bin/python -m pytest -n 2 --dist loadgroup -q

check: $(DEVELOPMENT) ## lint, types, import rules, migrations, deployment
	@.venv/bin/python -m tests.check

soak: $(DEVELOPMENT) chromium ## the slow and destructive runs
	@.venv/bin/python -m pytest -m soak -q

bench: $(DEVELOPMENT) ## figures beside their floors (BENCH=name for one)
	@.venv/bin/python -m tests.benchmarks $(BENCH)

screenshots: $(DEVELOPMENT) chromium ## take the pictures of docs/tour.md anew
	@SCREENSHOTS=docs/screenshots .venv/bin/python -m pytest tests/story/test_story_in_browser.py -q
	@SCREENSHOTS=docs/screenshots .venv/bin/python -m pytest tests/tour -m soak -q

messages: $(DEVELOPMENT) ## collect strings to translate into locale/
	@.venv/bin/python -m tests.messages

format: $(DEVELOPMENT) ## let ruff put the code in order
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

shell: $(RUNTIME) ## a Python prompt with the models at hand
	@.venv/bin/python manage.py shell
