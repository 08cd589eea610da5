# Everything that is done with this repository. `make help` explains each target.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --warn-undefined-variables
.DEFAULT_GOAL := help

UV_VERSION := 0.13.9
TOOLS := .run/tools
UV := $(TOOLS)/$(UV_VERSION)/bin/uv
PYTHON := .venv/bin/python
LOCAL_STACK := $(PYTHON) -m local_stack
# Each package has tests of its own, and tests of two packages may bear the same name: types are checked package by package.
PARTS := chassis clients/python deploy/images deploy/k8s deploy/local $(wildcard services/*)
REST := bench conftest.py docs proto/*.py tests

# What the user may give on the command line.
DETACH ?=
ID ?=
VIEW ?=
REPUBLISH ?=
REPLICATION ?=
SERVICE ?=
CONSUMER ?=
STREAM ?=
KEY ?=
TESTS ?=
NAMES ?=
STACK ?=
KAFKA_BOOTSTRAP ?=
# An image is built on BASE, an official slim Python by default; DOCKER_BUILD_FLAGS go to `docker build` as they are.
BASE ?=
DOCKER ?= docker
DOCKER_BUILD_FLAGS ?=
IMAGE_PREFIX ?= amplify/
IMAGE_TAG ?=
export STACK BASE DOCKER DOCKER_BUILD_FLAGS IMAGE_PREFIX IMAGE_TAG

# Python 3.11 or 3.12, under whatever name.
PYTHON3 := $(shell command -v python3.11 || command -v python3.12 || command -v python3 || echo python3)

PACKAGES := $(wildcard pyproject.toml chassis/pyproject.toml proto/pyproject.toml services/*/pyproject.toml deploy/local/pyproject.toml)
CONTRACTS := $(shell find proto -name gen -prune -o \( -name '*.proto' -o -name '*.yaml' \) -print) proto/generate.py

.PHONY: help
help: ## Explain every target
	@echo "Start with 'make run'; 'make test' proves that it works."
	@echo
	@grep -hE '^[a-z0-9-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z0-9-]+):.*## /\1\t/' | awk -F '\t' '{printf "  %-18s %s\n", $$1, $$2}'

## Running it

.PHONY: run
run: setup ## Start everything in the foreground, Ctrl-C stops it; DETACH=1 leaves it in the background, STACK=docker takes images of Kafka and MongoDB
	@exec $(LOCAL_STACK) up $(if $(DETACH),--detach)

.PHONY: stop
stop: .venv/whole ## Stop everything that 'make run' started
	@$(LOCAL_STACK) stop

.PHONY: status
status: .venv/whole ## Show what runs where
	@$(LOCAL_STACK) status

.PHONY: reset
reset: .venv/whole ## Stop everything and delete its data, messages, spans and logs
	@$(LOCAL_STACK) reset

.PHONY: logs
logs: .venv/whole ## Follow the logs; SERVICE=programme for one part only
	@$(LOCAL_STACK) logs $(SERVICE)

.PHONY: trace
trace: .venv/whole ## Show a trace from the click to the last effect; ID=<trace, event or resource id>
	@$(if $(ID),,$(error which one? make trace ID=<trace, event or resource id>))$(LOCAL_STACK) trace '$(ID)'

## Operating it

.PHONY: topics
topics: setup ## Create and verify the topics of the running stack, or of KAFKA_BOOTSTRAP with REPLICATION=<copies>; REPUBLISH=<stream> publishes a stream again from the facts
	@$(LOCAL_STACK) topics $(if $(REPUBLISH),--republish $(REPUBLISH)) $(if $(REPLICATION),--replication $(REPLICATION))

.PHONY: rebuild
rebuild: setup ## Build a read model anew while it serves; VIEW=<service>/<view>
	@$(if $(VIEW),,$(error which one? make rebuild VIEW=programme/timeline))$(LOCAL_STACK) run $(subst /, rebuild ,$(VIEW))

.PHONY: parked
parked: setup ## List what consumers have put aside; SERVICE=<service> for one only
	@for service in $(or $(SERVICE),programme assessment training finance-linkage notifications); do echo "$$service:"; $(LOCAL_STACK) run $$service parked; done

.PHONY: redrive
redrive: setup ## Try again what was put aside; SERVICE=<service> CONSUMER=<name@generation> STREAM=<stream> KEY=<id>
	@$(if $(and $(SERVICE),$(CONSUMER),$(STREAM),$(KEY)),,$(error which one? 'make parked' prints SERVICE, CONSUMER, STREAM and KEY))$(LOCAL_STACK) run $(SERVICE) redrive $(CONSUMER) $(STREAM) $(KEY)

## Changing it

# The environment must name no other Python's packages.
unexport PYTHONPATH VIRTUAL_ENV

.PHONY: setup
setup: .venv/whole .run/contracts .run/kafka ## Install everything into .venv and .run; every other target does it by itself

.PHONY: proto
proto: .venv/whole ## Build the typed Python of the contracts
	@$(PYTHON) proto/generate.py

.PHONY: contracts
contracts: setup ## Check the contracts: style, no break since the last release, catalogue current
	@$(PYTHON) proto/check.py

.PHONY: lint
lint: setup ## Check style, types and import rules
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@for part in $(PARTS); do .venv/bin/mypy $$part || exit 1; done
	@.venv/bin/mypy $(REST)
	@.venv/bin/lint-imports

.PHONY: test
test: setup ## Run every test, with a real broker, database and browser; TESTS=<path> for some only
	@$(if $(TESTS),$(PYTHON) -m pytest $(TESTS),$(MAKE) --no-print-directory -j 2 test-whole test-parts)

.PHONY: test-whole
test-whole: setup ## Run the tests of everything together: contracts, faults, and the stories on the whole platform
	@$(PYTHON) -m pytest tests

.PHONY: test-parts
test-parts: setup ## Run the tests of each part; 'make test' does both at once, each with a stack of its own
	@$(PYTHON) -m pytest --ignore deploy/k8s --ignore tests

.PHONY: test-unit
test-unit: setup ## Run the unit tests: neither broker nor database, in seconds
	@$(MAKE) --no-print-directory --output-sync -j 2 test-unit-services test-unit-shared

.PHONY: test-unit-services
test-unit-services: setup ## Run the unit tests of the services
	@$(PYTHON) -m pytest $(wildcard services/*/tests/unit)

.PHONY: test-unit-shared
test-unit-shared: setup ## Run the unit tests of what they share; 'make test-unit' does both at once
	@$(PYTHON) -m pytest chassis/tests/unit clients/python/tests deploy/local/tests/unit

.PHONY: chaos
chaos: setup ## Kill at every point (the chassis with three seeds each, the platform with one), long outages, 10,000 withdrawals; takes long
	@$(PYTHON) -m pytest tests/chaos tests/e2e/test_consent_race.py --every-seed --timeout 1800 $(TESTS)

.PHONY: planted
planted: setup ## Plant known bugs in a copy, one at a time, and demand a red test for each; NAMES=<bug> for some only
	@$(PYTHON) -m tests.chaos.planted $(NAMES)

.PHONY: bench
bench: setup ## Measure against bare drivers, side by side; NAMES=<measurement> for some only
	@$(PYTHON) -m bench $(NAMES)

## Deploying it

.PHONY: images
images: setup ## Build every image, print what each weighs, fail above its budget; NAMES=<image> for some, BASE=<image>
	@UV=$(abspath $(UV)) $(PYTHON) deploy/images/build.py $(NAMES)

.PHONY: manifests
manifests: setup ## Write what the Kubernetes manifests repeat of registry, settings and code
	@$(PYTHON) deploy/k8s/generate.py

.PHONY: k8s
k8s: setup ## Check the Kubernetes manifests without a cluster: current, built in every combination, valid, within policy
	@UV=$(abspath $(UV)) $(PYTHON) -m pytest deploy/k8s/tests $(TESTS)

.PHONY: k8s-try
k8s-try: setup ## Try the platform on the cluster of KUBECONFIG, from nothing, with the images of 'make images'; NAMES=<check> for some
	@UV=$(abspath $(UV)) PYTHONPATH=deploy/k8s $(PYTHON) -m trial $(NAMES)

# What the targets above stand on.

$(UV):
	@command -v $(PYTHON3) >/dev/null || { echo "Python 3.11 is missing: apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON3) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' || { echo "Python 3.11 or 3.12 is needed and $(PYTHON3) is $$($(PYTHON3) -V): apt-get install python3.11 python3.11-venv"; exit 1; }
	@$(PYTHON3) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python cannot make environments: apt-get install python3-venv"; exit 1; }
	@echo "Installing uv $(UV_VERSION) into $(TOOLS)"
	@$(PYTHON3) -m venv $(TOOLS)/$(UV_VERSION)
	@$(TOOLS)/$(UV_VERSION)/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/whole: $(UV) uv.lock $(PACKAGES)
	@echo "Installing what uv.lock names into .venv"
	@UV_PYTHON_DOWNLOADS=never $(UV) sync --quiet --locked --python $(PYTHON3)
	@touch $@

.run/contracts: .venv/whole $(CONTRACTS)
	@$(PYTHON) proto/generate.py
	@touch $@

# Kafka's jars, unless the environment names a broker.
.PHONY: .run/kafka
.run/kafka: .venv/whole
	@$(if $(KAFKA_BOOTSTRAP)$(filter docker,$(STACK)),true,test -e .run/kafka-*/whole || $(LOCAL_STACK) fetch)
