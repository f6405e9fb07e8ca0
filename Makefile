# Skerry. The verbs people use; `make` alone lists them. Everything a verb needs it sets up itself.
# On a fresh Debian 12 or 13 or Raspberry Pi OS only Swift has to be there (https://www.swift.org/install/linux).

export SWIFT ?= swift
BOARD ?= boards/sim-village
ARGS  ?=

# A compiler job wants about 1.5 GB: fewer at once where memory is short.
JOBS  ?= $(shell awk -v n=$$(nproc) '/^MemTotal/ { m = int($$2 / 1500000); print m < 1 ? 1 : m < n ? m : n }' /proc/meminfo)

# Every import must be an arrow of Package.swift; CI sees to it in the build that its tests run in.
BUILD  = $(SWIFT) build -j $(JOBS) --explicit-target-dependency-import-check error
RELEASE = $(BUILD) -c release
# Tests look inside the rooms, which a plain release build does not allow: theirs stands beside it.
TESTING = --scratch-path .build-tests -Xswiftc -enable-testing
# Where programs are. CI takes those that were built with the tests, as quick and minutes earlier; but what
# `proof` proves is always the plain build.
export PROGRAMS := $(if $(CI),.build-tests,.build)/release
SKERRY = $(PROGRAMS)/skerry

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup build run test test-browser test-api test-kernel sanitize proof embedded replay soak check ban sim worlds bench bench-latency bench-calibration bench-hil bench-store bench-hub oracle conformance clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## the village on your screen and on a page, in real time; ARGS="--for 20s" and more: .build/release/skerry run --help
	@$(SKERRY) run $(BOARD) --hub $(ARGS)

sim: build ## an outage lived through faster than real time, and a report to open in a browser
	@$(SKERRY) simulate $(BOARD)/scenarios/outage.yaml $(ARGS)

test: setup ## every test, in release, in a few minutes
	@.ci/setup-tests
	@.ci/quiet "Building the tests" $(RELEASE) --build-tests $(TESTING)
	@$(SWIFT) test -c release --skip-build $(TESTING) $(ARGS) 2>&1 | grep -vE '^◇ (Suite|Test) .* started\.$$'

test-kernel: build ## the controller on real drivers in emulated Debian kernels; CASES="relay-*"
	@Tests/Kernel/test-kernel $(CASES)

sanitize: setup ## the code that faces C under AddressSanitizer, then ThreadSanitizer; ARGS=thread
	@.ci/setup-tests
	@JOBS=$(JOBS) Tests/Sanitizer/sanitize $(ARGS)

proof: setup ## the tick is quiet: what the compiler refuses, what the code reaches, what the kernel hears; ARGS="--seconds 60"
	@.ci/quiet "Building the loop" $(RELEASE) --product skerry-measure
	@Tests/Proof/prove $(ARGS)

replay: build ## hours of a village recorded and lived again bit for bit, here and on arm64; HOURS=24
	@.ci/quiet "Building the stream of turns" $(RELEASE) --product skerry-measure
	@HOURS=$(or $(HOURS),1) Tests/Replay/replay $(ARGS)

soak: build ## subscribers of a daemon killed at random while it controls; ARGS="--seconds 3600"
	@.ci/quiet "Building the daemon on the virtual board" $(RELEASE) --product skerryd-loopback
	@Tests/Soak/soak $(ARGS)

embedded: setup ## the tick as Embedded Swift for x86-64, AArch64 and Cortex-M4F: digests compared, sizes printed
	@Tests/Embedded/embedded

check: setup ban ## format, arrows between rooms, and the ban list
	@$(SWIFT) format lint --strict -r Sources Tests Package.swift
	@.ci/quiet "Building everything$(if $(CI),, in debug)" $(if $(CI),$(RELEASE) --build-tests $(TESTING),$(BUILD))
	@echo "Checked: bans, format, arrows between rooms."

worlds: build ## two thousand random villages and faults, each watched by the guardian
	@$(SKERRY) worlds --count $(or $(COUNT),2000) $(ARGS)

bench: setup ## what we measure, beside its peers; fails where one of ours falls short
	@.ci/quiet "Building the bench" $(RELEASE) --product skerry-measure
	@Tests/Bench/bench $(ARGS)

bench-latency: setup ## how late our loop wakes, beside cyclictest, idle and under load; as root, nine minutes
	@.ci/quiet "Building the bench" $(RELEASE) --product skerry-measure
	@Tests/Bench/bench-latency $(ARGS)

bench-calibration: setup ## calibration proved on random boards: coverage of the stated intervals, and energy
	@.ci/quiet "Building the bench" $(RELEASE) --product skerry-measure
	@Tests/Bench/bench-calibration $(ARGS)

bench-hil: build ## how much faster than real time a simulator gets on with `skerry hil`; fails where a bar is missed
	@.ci/quiet "Building the bench" $(RELEASE) --product skerry-measure
	@.build/release/skerry-measure bench-hil --skerry $(SKERRY) $(ARGS)

test-browser: build ## the page driven in a browser against a running simulation, with screenshots in out/browser
	@command -v chromium >/dev/null || (source .ci/install && install chromium)
	@Tests/Browser/browser --run $(SKERRY) --shots out/browser $(ARGS)

test-api: build ## every answer of the hub's API held against its OpenAPI file
	@Tests/API/api $(ARGS)

bench-store: build ## how fast the hub's store takes values in beside plain SQLite, and answers with a year in the file
	@.ci/quiet "Building the bench" $(RELEASE) --product skerry-measure-hub
	@Tests/Bench/bench-store $(ARGS)

bench-hub: build ## what the hub and all that is asked of it does to a control loop beside it: late wake-ups, with it and without
	@.ci/quiet "Building the bench" $(RELEASE) --product skerry-measure
	@Tests/Bench/bench-hub $(ARGS)

oracle: build ## the controller beside an independent model of a DER; ARGS="--quick", "--replay 2:137"
	@Tests/Oracle/oracle $(ARGS)

conformance: build ## IEEE 1547.1 type tests of the DER through skerry hil; ARGS="--quick", "--category 2", "--prove"
	@Tests/Conformance/conformance $(ARGS)

clean: ## everything that was built
	rm -rf .build .build-tests .build-asan .build-tsan .build-bench .build-kernel .build-proof .build-embedded .build-replay .build-oracle .venv-api out

build: setup
	@.ci/quiet "Building skerry" $(RELEASE) $(if $(CI),$(TESTING)) --product skerry
	@.ci/quiet "Building skerryd" $(RELEASE) $(if $(CI),$(TESTING)) --product skerryd
	@.ci/quiet "Building skerry-hub" $(RELEASE) $(if $(CI),$(TESTING)) --product skerry-hub

setup:
	@.ci/setup

ban:
	@.ci/ban
