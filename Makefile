# Everything a newcomer needs: `make demo`, `make run`, `make test`. Each target installs what it needs.
PYTHON ?= python3
UV := $(shell command -v uv || echo .tools/uv/bin/uv)
BIN := .venv/bin
# Nothing is precious in these folders; the stamp tells when the environment is older than the lock.
STAMP := .venv/.installed
PROCESSES := redis api analysis indexing control beat flower

# Tests that watch processes mostly wait: one more than there are processors keeps these busy.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')

# A server of one's own takes the place of the embedded one.
ifneq ($(REDIS_URL),)
PROCESSES := $(filter-out redis,$(PROCESSES))
endif

# At a stop running jobs get a moment to end, then they are given back to the queue; honcho kills what is left
# after 5 s.
export REMAP_SIGTERM := SIGQUIT
export LONGHAUL_SOFT_SHUTDOWN_SECONDS ?= 2

.DEFAULT_GOAL := help
.PHONY: help demo run test slow contract check lock bench format uv

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' Makefile | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

.tools/uv/bin/uv:
	$(PYTHON) -m venv .tools/uv
	.tools/uv/bin/python -m pip install --quiet --disable-pip-version-check uv

uv: $(filter .tools/%,$(UV))

$(STAMP): requirements/dev.txt
	@$(MAKE) --no-print-directory uv
	$(UV) venv --quiet --clear --python $(PYTHON) .venv
	$(UV) pip install --quiet --require-hashes --python $(BIN)/python -r requirements/dev.txt
	@touch $@

demo: $(STAMP) ## Start everything on an embedded Redis, analyse a table, index a folder, stop
	@$(BIN)/python -m examples.demo

run: $(STAMP) ## Start everything and keep it running until Ctrl-C
	@exec env LONGHAUL_LOG_FORMAT=$${LONGHAUL_LOG_FORMAT:-text} $(BIN)/honcho start $(PROCESSES)

test: $(STAMP) ## Run the tests that need no containers and little time
	$(BIN)/python -m pytest -m "not containers and not slow" -n $(WORKERS) --dist worksteal

slow: $(STAMP) ## Run the tests that kill workers again and again; KILL_ROUNDS=10 for ten rounds
	KILL_ROUNDS=$${KILL_ROUNDS:-1} $(BIN)/python -m pytest -m slow -n $(WORKERS) --dist worksteal

contract: $(STAMP) ## Ask the API for all that its document says, at length; CONTRACT_EXAMPLES=1000
	CONTRACT_EXAMPLES=$${CONTRACT_EXAMPLES:-200} $(BIN)/python -m pytest tests/api/test_contract.py

check: $(STAMP) ## Check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP) ## Write the code in the one style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: uv ## Resolve the dependencies anew, with hashes
	$(UV) pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 --extra embedded --extra oidc --extra s3 pyproject.toml -o requirements/base.txt
	$(UV) pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 --extra embedded --group dev pyproject.toml -o requirements/dev.txt
	$(UV) pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 requirements/bench.in -o requirements/bench.txt

# Other profilers, to compare with: in an environment of their own, since nothing else needs them.
.tools/bench/.installed: requirements/bench.txt
	@$(MAKE) --no-print-directory uv
	$(UV) venv --quiet --clear --python $(PYTHON) .tools/bench
	$(UV) pip install --quiet --require-hashes --python .tools/bench/bin/python -r requirements/bench.txt
	@touch $@

bench: $(STAMP) .tools/bench/.installed ## Measure, and print tables
	@for program in benchmarks/[a-z]*.py; do $(BIN)/python -m benchmarks.$$(basename $$program .py); done
