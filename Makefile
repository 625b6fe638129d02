# The commands for users and developers. Each one sets up what is missing first; see README.md.

# The first supported one; the set-up reports if there is none.
PYTHON ?= $(shell for python in python3 python3.12 python3.11; do \
    $$python -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' 2>/dev/null \
    && echo $$python && break; done || echo python3)
DATA ?=
TESTS ?= tests src

## PYTHON: interpreter for the set-up, 3.11 or 3.12
## DATA: folder of the data sets, for data, train and evaluate
## TESTS: files or folders of the tests to run

IN := $(PYTHON) scripts/bootstrap.py

.PHONY: coach help test fast-test lint bench data train evaluate evaluate-errors need-data setup

# Options of the coach reach it through the environment: make exports the variables of its command
# line. They are listed in src/*/apsa_*/bringup/options.py.
coach: ## run the coach on a sample, or on SOURCE
	@$(IN) -- python -m apsa_feedback.commands.coach --sample samples/squat.mp4

help: ## list targets and variables
	@$(PYTHON) scripts/make_help.py Makefile

test: ## run every test
	@$(IN) --with test --with evaluate -- python -m pytest $(TESTS)

fast-test: ## run the tests that take seconds
	@$(IN) --with test --with evaluate -- python -m pytest -m "not slow" $(TESTS)

lint: ## check style and types
	@$(IN) --with test -- ruff check .
	@$(IN) --with test -- ruff format --check .
	@$(IN) --with test -- mypy

bench: ## measure speed, memory and size
	@$(IN) -- python benchmarks/bench.py

data: need-data ## list the content of DATA, with what was dropped and why
	@$(IN) -- python -m apsa_training.list_data --data "$(DATA)"

train: need-data ## train the shipped weights again from DATA
	@$(IN) --with evaluate -- python -m apsa_training.train --data "$(DATA)" --out models

evaluate: need-data ## measure network, heads and baselines on DATA, by subject; resumes after a stop
	@$(IN) --with evaluate -- python -m apsa_training.crossval \
	    --data "$(DATA)/irds/irds.npz" --json benchmarks/results/irds.json
	@$(IN) --with evaluate -- python -m apsa_training.crossval \
	    --data "$(DATA)/ui_prmd/ui_prmd_kinect.npz" --json benchmarks/results/ui_prmd.json
	@$(IN) --with evaluate -- python -m apsa_training.clinical \
	    --data "$(DATA)/kimore/kimore.npz" --json benchmarks/results/kimore.json
	@$(IN) --with evaluate -- python -m apsa_training.ablation \
	    --data "$(DATA)" --json benchmarks/results/ablations.json

evaluate-errors: need-data ## measure the named errors on DATA
	@$(IN) --with evaluate -- python -m apsa_training.evaluation.errors --data "$(DATA)"

need-data:
	@test -d "$(DATA)" || { echo "DATA is '$(DATA)'; expected a folder with the data sets, such as irds/irds.npz" >&2; exit 2; }

setup: ## set up only
	@$(IN)
