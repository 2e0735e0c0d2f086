# SPDX-License-Identifier: Apache-2.0
# The commands of the project; CMake builds, this file only names what is done often.

.PHONY: release debug sanitize web run test test-faults prove-history prove-devices prove-listeners bench lint format clean deps help
.DEFAULT_GOAL := release
MAKEFLAGS += --no-print-directory

# configure FOLDER OPTIONS: once, and again only when CMake itself sees a reason.
configure = test -e $(1)/build.ninja || cmake -G Ninja -S . -B $(1) $(2) --log-level=WARNING >/dev/null

# On a terminal one line that moves, else only what went wrong.
ninja = ninja -C $(1) $$(test -t 1 || echo --quiet)

release: ## build/thingd
	@$(call configure,build,-DCMAKE_BUILD_TYPE=RelWithDebInfo)
	@$(call ninja,build)

debug: ## build-debug/thingd, with failure points
	@$(call configure,build-debug,-DCMAKE_BUILD_TYPE=Debug -DTH_ERRINJ=ON)
	@$(call ninja,build-debug)

sanitize: ## build-sanitize/: thingd and the unit tests under ASan and UBSan
	@$(call configure,build-sanitize,-DCMAKE_BUILD_TYPE=Debug -DTH_SANITIZE=ON -DTH_ERRINJ=ON)
	@$(call ninja,build-sanitize)

web: web/dist/index.html ## web/dist/: the dashboard (Node 20 and npm)

web/dist/index.html: $(wildcard web/*.*) $(shell find web/src web/public web/scripts -type f)
	@test web/node_modules/.package-lock.json -nt web/package-lock.json || \
		npm --prefix web ci --silent --no-progress
	@npm --prefix web run --silent build

run: ## a demo on this machine: PostgreSQL, broker, thingd, simulated devices (ARGS="--help" for more)
	@tests/parts/install build run
	@if command -v npm >/dev/null; then $(MAKE) web || echo "make run: goes on without the dashboard"; fi
	@examples/run $(ARGS)

test: ## all that a contributor must pass
	@tests/parts/install all
	@tests/run $(SUITES)

test-faults: release ## the fault suite at full length, 50 rounds of each random fault
	@tests/parts/install all
	@FAULT_ROUNDS=50 $$(tests/parts/venv) -m pytest -p no:cacheprovider -q tests/faults

prove-history: release ## 100 million rows: charts stay fast (ARGS="--devices 1000" for less)
	@tests/parts/install all
	@$$(tests/parts/venv) tests/proofs/history.py $(ARGS)

prove-listeners: release ## 1,000 listeners to the live stream beside full ingestion
	@tests/parts/install all
	@$$(tests/parts/venv) tests/proofs/listeners.py $(ARGS)

prove-devices: release ## a million devices: lists stay fast (ARGS="--devices 20000" for less)
	@tests/parts/install all
	@$$(tests/parts/venv) tests/proofs/devices.py $(ARGS)

bench: release ## the figures of README.md
	@tests/parts/install all
	@tests/bench/run $(ARGS)

lint: ## format, Lua, layers, house rules
	@tests/lint

format: ## put the format right
	@tests/lint --fix

deps: ## install packages (root or sudo)
	@tests/parts/install all

clean: ## delete what was built here; the broker's cache and var/ stay
	@rm -rf build build-debug build-sanitize build-fuzz

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /make \1|/p' Makefile | column -t -s '|'
