# The commands people use. Each sets up what is missing first; see README.md.

# The first of these that runs and is supported; the set-up explains where there is none.
PYTHON ?= $(shell for python in python3 python3.12 python3.11; do \
    $$python -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' 2>/dev/null \
    && echo $$python && break; done || echo python3)
SOURCE ?=
EXERCISE ?=
OUTPUTS ?=
JSON ?=
RATE ?=
PARAMS ?=
REPORT ?=
PERSON ?=
IMAGE_TOPIC ?=
DATA ?=
TESTS ?= tests src

IN := $(PYTHON) scripts/bootstrap.py

.PHONY: coach test fast-test lint bench data train evaluate evaluate-errors need-data setup

coach: ## run the coach on a sample, or on SOURCE=
	@$(IN) -- scripts/coach "$(SOURCE)" "$(EXERCISE)" "$(OUTPUTS)" "$(JSON)" "$(RATE)" "$(PARAMS)" \
		"$(REPORT)" "$(PERSON)" "$(IMAGE_TOPIC)"

test: ## run every test
	@$(IN) --with test --with evaluate -- python -m pytest $(TESTS)

fast-test: ## run the tests that take seconds
	@$(IN) --with test --with evaluate -- python -m pytest -m "not slow" $(TESTS)

lint: ## check style, types and the imports between packages
	@$(IN) --with test -- ruff check .
	@$(IN) --with test -- ruff format --check .
	@$(IN) --with test -- mypy
	@$(IN) --with test -- lint-imports --no-logo --no-cache

bench: ## measure speed, memory and size
	@$(IN) -- python benchmarks/bench.py

data: need-data ## list the data sets in DATA=, and what was dropped and why
	@$(IN) --with evaluate -- python -m apsa_training.list_data --data "$(DATA)"

train: need-data ## train the shipped weights from DATA=, the folder of the data sets
	@$(IN) --with evaluate -- python -m apsa_training.train --data "$(DATA)" \
	    --config shipped_weights --out src/apsa_perception/models

evaluate: need-data ## cross-validate network, heads and baselines on DATA=; resumable
	@$(IN) --with evaluate -- python -m apsa_training.crossval --data "$(DATA)" --config irds_crossval
	@$(IN) --with evaluate -- python -m apsa_training.crossval --data "$(DATA)" --config ui_prmd_crossval
	@$(IN) --with evaluate -- python -m apsa_training.clinical --data "$(DATA)" --config kimore_clinical
	@$(IN) --with evaluate -- python -m apsa_training.ablation --data "$(DATA)" --config ablations

evaluate-errors: need-data ## evaluate the named errors on the data sets in DATA=
	@$(IN) --with evaluate -- python -m apsa_training.named_errors --data "$(DATA)" --config named_errors

need-data:
	@test -d "$(DATA)" || { echo "DATA=$(DATA) is no folder; it holds the data sets, such as irds/irds.npz" >&2; exit 2; }

setup: ## only set up
	@$(IN)
