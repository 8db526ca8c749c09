# The commands of this project. `make test` and `make demo` work from a fresh Debian 12; .ci/run runs all checks.
SHELL := /bin/bash
JOBS ?= $(shell nproc)
SEEDS ?= 100000
FROM ?= 1
# Sanitizers' reports with names and lines.
export ASAN_SYMBOLIZER_PATH ?= /usr/bin/llvm-symbolizer-19
python = $(shell scripts/python)
sources = git ls-files -co --exclude-standard -- 'src/*.cpp' 'src/*.hpp' 'tests/*.cpp' 'tests/*.hpp'

.PHONY: help deps build release test unit demo soak bench bench-lambda lint format format-check style clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

deps: ## install what is missing (Debian packages of scripts/deps.txt; moto for the contract tests)
	@scripts/deps

build: deps ## developer build with sanitizers and tests: build/dev
	cmake --preset dev -DPython3_EXECUTABLE=$(python)
	cmake --build --preset dev -j $(JOBS)

release: deps ## the static binary: build/release/rekeyer
	cmake --preset release
	cmake --build --preset release -j $(JOBS)

test: build ## every test
	ctest --test-dir build/dev --output-on-failure -j 2

unit: build ## the tests that need no lab: seconds
	ctest --test-dir build/dev --output-on-failure -j 2 -LE 'contract|simulation'

demo: release ## an organization's keys on the embedded AWS, 45 days told in half a minute
	REKEYER=build/release/rekeyer python3 demo/demo.py

soak: deps ## the simulation, SEEDS=100000 from FROM=1, on all cores
	cmake --preset release
	cmake --build --preset release -j $(JOBS) --target simulation
	scripts/soak --seeds $(SEEDS) --from $(FROM) --jobs $(JOBS)

bench: release ## calls and time of an audit and of rotations, against moto
	REKEYER=build/release/rekeyer $(python) tests/contract/run.py test_counts

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
