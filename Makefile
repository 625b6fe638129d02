# The commands for users and developers. Each one sets up what is missing first; see README.md.

# The first supported one; the set-up reports if there is none.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
    $$python -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12), (3, 13)))' 2>/dev/null \
    && echo $$python && break; done || echo python3)
DATA ?=
TESTS ?= tests src
JOBS ?= 2
SECONDS ?= 60
MINUTES ?= 30

## PYTHON: interpreter for the set-up, 3.11 to 3.13
## DATA: folder of the data sets, for data, train, train-recognition, evaluate and camera
## TESTS: files or folders of the tests to run
## JOBS: processes for test; 0: one, which prints as it goes
## SECONDS: time for each reader, for fuzz
## MINUTES: time for soak
## BAG: recording for replay: a bag or a video
## EXPECT: expected results to compare a replay with; exit code not 0 if they differ
## WRITE_EXPECT: file for the expected results of later replays
## RECORDINGS: folder, glob in quotes or recording, for assess
## OUT: folder for the results of assess
## SCHEDULER: Dask scheduler for assess, such as tcp://host:8786; empty: this machine
## WORKERS: processes for assess on this machine; empty: one for each core
## DO: progress, csv, fhir or delete, for person-data
## JUNIT: file for the comparison of a replay as JUnit XML

IN := $(PYTHON) scripts/bootstrap.py

.PHONY: coach replay assess person-data help test fast-test faults fuzz soak lint bench bench-recordings data train train-recognition evaluate evaluate-errors evaluate-stream camera need-data setup

# Options of the coach reach it through the environment: make exports the variables of its command
# line. They are listed in src/*/apsa_*/bringup/options.py.
coach: ## run the coach on a sample, or on SOURCE
	@$(IN) $(if $(filter true 1 yes on,$(HUMANS)),--with humans) -- python -m apsa_feedback.commands.coach --sample samples/squat.mp4

replay: ## play BAG as fast as possible and compare the results with EXPECT
	@$(IN) -- python -m apsa_feedback.commands.replay

assess: ## judge all RECORDINGS and write tables to OUT
	@$(IN) --with assess -- python -m apsa_perception.commands.assess --recordings "$(RECORDINGS)" \
	    --exercise "$(EXERCISE)" --out "$(OUT)" --scheduler "$(SCHEDULER)" --workers "$(WORKERS)" \
	    --params-file "$(PARAMS)" --image-topic "$(IMAGE_TOPIC)"

person-data: ## progress page, csv, fhir or delete (DO) of PERSON in the folder REPORT
	@$(IN) $(if $(filter fhir,$(DO)),--with fhir) -- python -m apsa_feedback.commands.person_data \
	    "$(DO)" "$(PERSON)" --reports "$(REPORT)"

help: ## list targets and variables
	@$(PYTHON) scripts/make_help.py Makefile

# The slow files come first, so that no process has one of them left when the others are done.
test: ## run every test, in JOBS processes
	@$(IN) --with test --with evaluate --with assess --with humans --with fhir -- python -m pytest \
	    --numprocesses $(JOBS) --dist loadfile --no-loadscope-reorder $(TESTS)

fast-test: ## run the tests that take seconds
	@$(IN) --with test --with evaluate --with assess --with humans --with fhir -- python -m pytest -m "not slow" $(TESTS)

faults: ## run the tests of what fails: input, processes, disk, network
	@$(IN) --with test --with evaluate --with assess --with humans --with fhir -- python -m pytest -m faults $(TESTS)

fuzz: ## feed each reader with random input for SECONDS=; counts in benchmarks/results/fuzz.json
	@$(IN) --with test --with evaluate -- python tests/fuzz.py --seconds $(SECONDS)

soak: ## run the coach for MINUTES= at 30 frames a second: memory, threads, latency
	@$(IN) -- python benchmarks/soak.py --minutes $(MINUTES)

lint: ## check style, types and the imports between packages
	@$(IN) --with test -- ruff check .
	@$(IN) --with test -- ruff format --check .
	@$(IN) --with test -- mypy
	@$(IN) --with test -- lint-imports --no-logo --no-cache

bench: ## measure speed, memory and size
	@$(IN) -- python benchmarks/bench.py

bench-recordings: ## measure the assessment of many recordings: speed, memory, scaling
	@OPENBLAS_NUM_THREADS=1 $(IN) --with assess -- python benchmarks/recordings.py

data: need-data ## list the data sets in DATA=, and what was dropped and why
	@$(IN) --with evaluate -- python -m apsa_training.list_data --data "$(DATA)"

train: need-data ## train the shipped weights from DATA=, the folder of the data sets
	@$(IN) --with evaluate -- python -m apsa_training.train --data "$(DATA)" \
	    --config shipped_weights --out src/apsa_perception/models

train-recognition: need-data ## train and evaluate the recogniser of exercises on DATA= and its drawings; after make train
	@$(IN) --with evaluate -- python -m apsa_training.recognition --data "$(DATA)" \
	    --out src/apsa_perception/models --json benchmarks/results/recognition.json

evaluate: need-data ## cross-validate network, heads and baselines on DATA=; resumable
	@$(IN) --with evaluate -- python -m apsa_training.crossval --data "$(DATA)" --config irds_crossval
	@$(IN) --with evaluate -- python -m apsa_training.crossval --data "$(DATA)" --config ui_prmd_crossval
	@$(IN) --with evaluate -- python -m apsa_training.clinical --data "$(DATA)" --config kimore_clinical
	@$(IN) --with evaluate -- python -m apsa_training.ablation --data "$(DATA)" --config ablations

evaluate-stream: need-data ## evaluate the coach's own path on DATA= and its drawings; after make train
	@for set in irds:$(DATA)/irds/irds.npz ui_prmd:$(DATA)/ui_prmd/ui_prmd_kinect.npz \
	    irds_drawn:runs/camera/irds_camera.npz ui_prmd_drawn:runs/camera/ui_prmd_camera.npz; do \
	    $(IN) --with evaluate -- python -m apsa_training.evaluate_stream --weights runs/folds \
	        --data "$${set#*:}" --json "benchmarks/results/stream_$${set%%:*}.json" || exit; \
	done
	@$(IN) --with evaluate -- python -m apsa_training.evaluate_stream \
	    --data "$(DATA)/kimore/kimore.npz" --json benchmarks/results/stream_kimore.json

evaluate-errors: need-data ## evaluate the named errors on the data sets in DATA=
	@$(IN) --with evaluate -- python -m apsa_training.named_errors --data "$(DATA)" --config named_errors

camera: need-data ## draw the motion data in DATA= and see it as a camera would; resumable
	@$(IN) --with evaluate --with camera -- python -m apsa_training.camera --data "$(DATA)"

need-data:
	@test -d "$(DATA)" || { echo "DATA is '$(DATA)'; expected a folder with the data sets, such as irds/irds.npz" >&2; exit 2; }

setup: ## set up only
	@$(IN)
