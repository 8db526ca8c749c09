# The commands of this project. `make test` and `make demo` work from a fresh Debian 12; .ci/run runs all checks.
SHELL := /bin/bash
JOBS ?= $(shell nproc)
# ON compiles up to eight sources as one: half the time where nothing is built yet, more after each edit. CI's builds are thrown away.
UNITY ?= $(if $(CI),ON,OFF)
# Many tests wait for most of their time: for a retry, for a server, for Terraform.
TEST_JOBS ?= $(shell echo $$(($(JOBS) * 2)))
SEEDS ?= 100000
FROM ?= 1
# Sanitizers' reports with names and lines.
export ASAN_SYMBOLIZER_PATH ?= /usr/bin/llvm-symbolizer-19
python = $(shell scripts/python)
sources = git ls-files -co --exclude-standard -- 'src/*.cpp' 'src/*.hpp' 'tests/*.cpp' 'tests/*.hpp' \
  'bench/*.cpp' 'bench/*.hpp'

# More flags for bench/run.py, and where its results go.
BENCH ?=
BENCH_RESULTS ?= build/bench/results.json

# A rekeyer.toml for the Lambda package, and a PEM file to trust instead of Mozilla's certificates.
LAMBDA_CONFIG ?=
CA_BUNDLE ?=
lambda_options = $(if $(LAMBDA_CONFIG),--config '$(LAMBDA_CONFIG)') $(if $(CA_BUNDLE),--ca-bundle '$(CA_BUNDLE)')

.PHONY: help deps binary-deps build release programs release-arm64 test unit nightly differential simulation-hash package-test demo soak scale bench
.PHONY: bench-docs bench-micro
.PHONY: bench-lambda counts lint format format-check style clean lambda lambda-arm64 deb oci dist

help: ## what there is
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /  make \1\t/' | expand -t 22

deps: ## install what is missing (Debian packages of scripts/deps.txt; moto for the contract tests)
	@scripts/deps

binary-deps:
	@scripts/deps binary

build: deps ## developer build with sanitizers and tests: build/dev; UNITY=ON where nothing is built yet and nothing will be edited
	cmake --preset dev -DPython3_EXECUTABLE=$(python) -DCMAKE_UNITY_BUILD=$(UNITY)
	cmake --build --preset dev -j $(JOBS)

release: binary-deps ## the static binary: build/release/rekeyer
	cmake --preset release
	cmake --build --preset release -j $(JOBS) --target rekeyer

programs: release deps ## the static binary, and what tests and figures take from the release build
	cmake --build --preset release -j $(JOBS) --target rekeyer simulation distributed_scale

release-arm64: deps ## the static binary for arm64, cross-built: build/release-arm64/rekeyer
	scripts/arm64_sysroot
	cmake --preset release-arm64
	cmake --build --preset release-arm64 -j $(JOBS) --target rekeyer

lambda: release ## the Lambda package; LAMBDA_CONFIG=FILE puts a rekeyer.toml into it, CA_BUNDLE=FILE other CA certificates
	scripts/package_lambda $(lambda_options)

lambda-arm64: release-arm64 ## the same for arm64 (Graviton)
	scripts/package_lambda --machine aarch64 $(lambda_options)

deb: release ## the Debian package, with manual, completions and a systemd timer
	scripts/package_deb

oci: release ## the container image as an OCI archive, for podman load and docker load
	scripts/oci_image $(if $(CA_BUNDLE),--ca-bundle '$(CA_BUNDLE)')

dist: ## all packages of a commit that `make nightly` has passed, with their checksums: build/dist
	scripts/nightly --passed
	rm -rf build/package
	$(MAKE) lambda lambda-arm64 deb oci
	scripts/dist

test: build programs ## every test
	ctest --test-dir build/dev --output-on-failure -j $(TEST_JOBS)

unit: build ## the tests that need no lab: seconds
	ctest --test-dir build/dev --output-on-failure -j $(JOBS) -LE 'contract|deploy|fuzz|simulation'

nightly: deps ## everything that .ci/run leaves out: all under sanitizers too, long fuzzing, each file alone; an hour
	scripts/nightly

differential: release deps ## this version and the one of tests/differential/base in 50 worlds, 120 days each; a quarter of an hour
	$(python) tests/differential/run.py

simulation-hash: programs ## what the simulation's first 300 seeds come to, against tests/simulation/events_hash; UPDATE=1 writes it anew
	tests/simulation/expected_events build/release/tests/simulation/simulation $(if $(UPDATE),--update)

package-test: release ## every package is built from the release binary, and looked into
	python3 tests/package/run.py

demo: ## an organization's keys on the embedded AWS, 45 days told in half a minute
	@echo 'demo: installs what the binary takes, compiles for about three minutes on two cores, and plays for half a minute.'
	@$(MAKE) --no-print-directory release
	REKEYER=build/release/rekeyer python3 demo/demo.py

soak: programs ## the simulation, SEEDS=100000 from FROM=1, on all cores
	scripts/soak --seeds $(SEEDS) --from $(FROM) --jobs $(JOBS)

scale: programs ## runs over up to 10,000 accounts in virtual time: duration, concurrency, cost; writes docs/scale.md's tables anew
	scripts/scale_docs build/release/tests/scale/distributed_scale

bench: programs ## measures it all, beside the usual way in Python: a quarter of an hour; BENCH='--quick' or '--only python'
	cmake --build --preset release -j $(JOBS) --target micro_bench
	$(python) bench/run.py --out $(BENCH_RESULTS) $(BENCH)

bench-docs: bench ## the same, and writes docs/performance.md's tables and plots anew
	scripts/performance_docs $(BENCH_RESULTS)
	install -D -m 644 $(BENCH_RESULTS) docs/performance/results.json

bench-micro: programs ## what single pieces cost: signing, decoding, deciding, rendering, the transport
	cmake --build --preset release -j $(JOBS) --target micro_bench
	build/release/bench/micro/micro_bench

counts: programs ## calls, instructions and allocations of fixed sweeps, against bench/counts/expected.json; UPDATE=1 writes it anew
	$(python) bench/counts/check.py $(if $(UPDATE),--update)

bench-lambda: programs ## time and memory of a Lambda function's cold start
	$(python) tests/lambda/cold_start.py build/release/rekeyer
	$(python) tests/lambda/cold_start.py --https build/release/rekeyer

lint: deps ## clang-tidy over every source that changed since it was found clean
	scripts/tidy

style: ## layering, banned calls and the like, and the self-tests of these checks
	python3 tests/style/test_rules.py
	python3 tests/style/check.py

format: ## clang-format every source
	$(sources) | xargs clang-format-19 -i

format-check: ## fails where clang-format would change something
	$(sources) | xargs -n 100 -P $(JOBS) clang-format-19 --dry-run -Werror

clean: ## remove everything built
	rm -rf build
