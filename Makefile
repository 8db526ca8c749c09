# The commands of this project. `make test` and `make demo` work from a fresh Debian 12; .ci/run runs all checks.
SHELL := /bin/bash
JOBS ?= $(shell nproc)
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

.PHONY: help deps build release release-arm64 test unit package-test demo soak scale bench bench-docs bench-micro bench-lambda counts \
  lint format format-check style clean
.PHONY: lambda lambda-arm64 deb oci

help: ## what there is
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /  make \1\t/' | expand -t 22

deps: ## install what is missing (Debian packages of scripts/deps.txt; moto for the contract tests)
	@scripts/deps

build: deps ## developer build with sanitizers and tests: build/dev
	cmake --preset dev -DPython3_EXECUTABLE=$(python)
	cmake --build --preset dev -j $(JOBS)

release: deps ## the static binary: build/release/rekeyer
	cmake --preset release
	cmake --build --preset release -j $(JOBS)

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

test: build ## every test
	ctest --test-dir build/dev --output-on-failure -j 2

unit: build ## the tests that need no lab: seconds
	ctest --test-dir build/dev --output-on-failure -j 2 -LE 'contract|simulation'

package-test: release ## every package is built from the release binary, and looked into
	python3 tests/package/run.py

demo: release ## an organization's keys on the embedded AWS, 45 days told in half a minute
	REKEYER=build/release/rekeyer python3 demo/demo.py

soak: deps ## the simulation, SEEDS=100000 from FROM=1, on all cores
	cmake --preset release
	cmake --build --preset release -j $(JOBS) --target simulation
	scripts/soak --seeds $(SEEDS) --from $(FROM) --jobs $(JOBS)

scale: deps ## runs over up to 10,000 accounts in virtual time: duration, concurrency, cost; writes docs/scale.md's tables anew
	cmake --preset release
	cmake --build --preset release -j $(JOBS) --target distributed_scale
	scripts/scale_docs build/release/tests/scale/distributed_scale

bench: release ## measures it all, beside the usual way in Python: a quarter of an hour; BENCH='--quick' or '--only python'
	cmake --build --preset release -j $(JOBS) --target rekeyer simulation micro_bench
	$(python) bench/run.py --out $(BENCH_RESULTS) $(BENCH)

bench-docs: bench ## the same, and writes docs/performance.md's tables and plots anew
	scripts/performance_docs $(BENCH_RESULTS)
	install -D -m 644 $(BENCH_RESULTS) docs/performance/results.json

bench-micro: deps ## what single pieces cost: signing, decoding, deciding, rendering, the transport
	cmake --preset release
	cmake --build --preset release -j $(JOBS) --target micro_bench
	build/release/bench/micro/micro_bench

counts: release ## calls, instructions and allocations of fixed sweeps, against bench/counts/expected.json; UPDATE=1 writes it anew
	$(python) bench/counts/check.py $(if $(UPDATE),--update)

bench-lambda: release ## time and memory of a Lambda function's cold start
	$(python) tests/lambda/cold_start.py build/release/rekeyer
	$(python) tests/lambda/cold_start.py --https build/release/rekeyer

lint: build ## clang-tidy over every source
	scripts/tidy

style: ## layering, banned calls and the like, and the self-tests of these checks
	python3 tests/style/test_rules.py
	python3 tests/style/check.py

format: ## clang-format every source
	$(sources) | xargs clang-format-19 -i

format-check: ## fails where clang-format would change something
	$(sources) | xargs clang-format-19 --dry-run -Werror

clean: ## remove everything built
	rm -rf build
