# Two commands do all the set-up: `make run` and `make test`. What is there already is not done again.
VENV := .venv
PY := $(VENV)/bin/python
ARGS ?=
export VENV PYTHON

.PHONY: help run test coverage lint soak benchmarks clean
.NOTPARALLEL:

help: ## say what there is to make
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' $(MAKEFILE_LIST)

run: $(VENV)/.run-stamp ## open the window, or without a display do its job in the terminal (ARGS="bench resnet_v2_50" …)
	@scripts/setup.sh system run
	@$(PY) main.py $(ARGS)

test: lint ## everything CI runs (ARGS="-k layout" …)
	@scripts/setup.sh system test
	$(PY) -m pytest $(ARGS)

coverage: lint ## the tests with their coverage, of branches too, and its floor: half as long again
	@scripts/setup.sh system test
	$(PY) -m pytest --cov $(ARGS)

lint: $(VENV)/.test-stamp ## ruff, mypy and import-linter
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	$(VENV)/bin/lint-imports

soak: $(VENV)/.test-stamp ## attack for an hour: mutated files, then the window (ARGS="--files 5000 --events 2000 --seed 2")
	@scripts/setup.sh system test
	$(PY) -m tests.attack.soak $(ARGS)

benchmarks: $(VENV)/.run-stamp ## measure beside peers, into build/benchmarks (PEERS=1 installs them; ARGS="--quick memory" …)
	@scripts/setup.sh system run
	@if [ -n "$(PEERS)" ]; then scripts/setup.sh system peers && scripts/setup.sh python peers; fi
	@$(PY) -m benchmarks $(ARGS)

# The stamps hold the last set-up's time: it is done anew when what it installs has changed.
$(VENV)/.run-stamp: pyproject.toml constraints.txt scripts/setup.sh
	@scripts/setup.sh python run
	@touch $@

$(VENV)/.test-stamp: pyproject.toml constraints.txt scripts/setup.sh
	@scripts/setup.sh python test
	@touch $@ $(VENV)/.run-stamp

clean: ## remove what was made, .venv too
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
