# All that is made is made inside this folder: .venv/ (Python packages, locked), .tools/ (OPA, its SDK, Regal, what tests need).
#
# What may be set (`make help` prints these lines):
#
#   PYTHON=/path/to/python3   a Python for .venv/, 3.11 or newer
#   OPA=/path/to/opa          an OPA to use instead of the one in .tools/bin/
#   PAGE=path/to/page.md      make import: the document to read
#   PROFILE=NAME              make bundle, make explorer: which tables, a file of bundle/profiles/; default: huaweicloud
#   SIGNING_KEY=key.pem       make bundle: a key that signs a second bundle
#   SIGNING_KEY_ID=ID         what OPAs call the key
#   SIGNING_SCOPE=SCOPE       what the signature is for
#   ARGS='…'                  more arguments for what explorer, import, serve, bench, test, compat or lock runs

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
BIN := .venv/bin
SCOPEGATE := SCOPEGATE_RUN_BY=make $(BIN)/scopegate
# On every core, and none waits while another has long tests before it.
PYTEST := $(BIN)/pytest --numprocesses auto --dist worksteal
OPA_PROGRAM := $(or $(OPA),.tools/bin/opa)
DECISIONS := tests/cases tests/decisions tests/harness
EXPLORER_RULES := generator/scopegate/explorer/explorer.rego
TEST_PROGRAMS := envoy opa-envoy registry oras nginx opa-wasm.js chromium
PROOF_PROGRAMS := regorus
OLDER_OPAS := $(notdir $(wildcard tools/compat/opa-*))
SIGNING = $(if $(SIGNING_KEY),--signing-key '$(SIGNING_KEY)' \
	$(if $(SIGNING_KEY_ID),--signing-key-id '$(SIGNING_KEY_ID)') \
	$(if $(SIGNING_SCOPE),--signing-scope '$(SIGNING_SCOPE)'))
heading = @echo '== $(1)'

.PHONY: help
help: ## List these targets and variables
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@sed -n 's/^#   \([A-Z_]*=\)/  \1/p' $(MAKEFILE_LIST)

.PHONY: bundle
bundle: .venv/.bundle opa ## Make the rules and bundle/*.tar.gz from tables/
	@$(SCOPEGATE) build $(if $(PROFILE),--profile '$(PROFILE)') $(SIGNING)

.PHONY: bundles
bundles: .venv/.bundle opa ## Make the bundles of all profiles
	@$(SCOPEGATE) build --all-profiles $(SIGNING)

.PHONY: explorer
explorer: bundle opa-wasm.js ## Make the page build/explorer/PROFILE.html: the tables and the policy, for a browser
	@$(SCOPEGATE) explorer $(if $(PROFILE),--profile '$(PROFILE)') $(ARGS)

.PHONY: test
test: check bundle ## Check everything, then confirm every decision on a live OPA
	@# What can't be had on this machine, the tests that need it say as they skip.
	@for program in $(TEST_PROGRAMS); do $(BIN)/python -m tools.programs $$program || true; done
	$(call heading,pytest)
	@$(PYTEST) $(ARGS)

.PHONY: compat
compat: .venv/.test bundle $(OLDER_OPAS) ## Confirm the decisions on the oldest OPA, a newer one and the pinned one
	@failed=; for opa in $(OLDER_OPAS:%=.tools/bin/%) '$(OPA_PROGRAM)'; do \
		echo "== OPA $$("$$opa" version | sed -n 's/^Version: //p')"; \
		OPA="$$opa" $(PYTEST) $(DECISIONS) $(ARGS) || failed=1; \
	done; test -z "$$failed"

.PHONY: serve
serve: bundle ## Start an OPA server with the bundle
	@$(SCOPEGATE) serve $(ARGS)

.PHONY: demo
demo: bundle ## Ask an OPA server a handful of telling questions
	@$(SCOPEGATE) demo

.PHONY: demo-envoy
demo-envoy: .venv/.test bundle envoy opa-envoy ## Send some telling requests through a real Envoy
	@$(BIN)/python -m tests.gateways.envoy.demo

.PHONY: import
import: page .venv/.bundle ## Read a document into tables/: make import PAGE=path/to/page.md
	@$(SCOPEGATE) import '$(PAGE)' $(ARGS)

.PHONY: check
check: .venv/.test opa regal ## Lint, types, Rego, coverage, generated files up to date
	$(call heading,ruff)
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	$(call heading,mypy)
	@$(BIN)/mypy
	$(call heading,opa check)
	@$(OPA_PROGRAM) check --strict --schema rego/schemas rego $(EXPLORER_RULES)
	@$(OPA_PROGRAM) check --strict examples/opa/system
	$(call heading,opa build --target wasm)
	@$(OPA_PROGRAM) build --target wasm --entrypoint scopegate/decision \
		--ignore 'gateways,*_test.rego,*.json' --output /dev/null rego/scopegate
	$(call heading,opa fmt)
	@$(OPA_PROGRAM) fmt --fail --list rego examples/opa/system $(EXPLORER_RULES)
	$(call heading,regal)
	@REGAL_DISABLE_VERSION_CHECK=1 .tools/bin/regal lint rego examples/opa/system $(EXPLORER_RULES)
	$(call heading,scopegate check)
	@$(SCOPEGATE) check

.PHONY: bench
bench: .venv/.bench bundle ## Measure decisions, and write docs/performance.md
	@$(BIN)/python -m tools.bench --page docs/performance.md $(ARGS)

.PHONY: proof
proof: .venv/.mutation bundle ## Ask by chance what tests ask by hand: for an hour and a half, or ARGS='decisions --count N'
	@# As above; it says what is left out.
	@for program in $(PROOF_PROGRAMS); do $(BIN)/python -m tools.programs $$program || true; done
	@$(BIN)/python -m tests.proof $(or $(ARGS),all)

.PHONY: fmt
fmt: .venv/.test opa ## Format what is written by hand
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix
	@find rego $(EXPLORER_RULES) -name '*.rego' -not -path 'rego/scopegate/routes/*' -exec $(OPA_PROGRAM) fmt --write {} +

.PHONY: lock
lock: ## Lock what pyproject.toml asks for: make lock ARGS=--upgrade for newer versions
	@'$(PYTHON)' tools/lock.py $(ARGS)

.PHONY: clean
clean: ## Remove all that was made
	@rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis build
	@rm -rf generator/scopegate.egg-info bundle/*.tar.gz
	@find generator tests tools -name __pycache__ -prune -exec rm -rf {} +

# Steps behind the targets above. Of two makes at once, one waits, and then finds made what the other has made.

.venv/.bundle: requirements/bundle.txt pyproject.toml
	@command -v '$(PYTHON)' >/dev/null || { echo >&2 'error: there is no $(PYTHON);' \
		'scopegate needs Python 3.11 or newer: make PYTHON=/path/to/python3 …'; exit 1; }
	@'$(PYTHON)' tools/check_python.py
	@'$(PYTHON)' tools/packages.py $@ $^

.venv/.test: .venv/.bundle requirements/test.txt
	@$(BIN)/python tools/packages.py $@ $^

.venv/.bench: .venv/.test requirements/bench.txt
	@$(BIN)/python tools/packages.py $@ $^

.venv/.mutation: .venv/.test requirements/mutation.txt
	@$(BIN)/python tools/packages.py $@ $^

.PHONY: opa regal $(TEST_PROGRAMS) $(PROOF_PROGRAMS) $(OLDER_OPAS)
opa regal $(TEST_PROGRAMS) $(PROOF_PROGRAMS) $(OLDER_OPAS): .venv/.bundle
	@$(BIN)/python -m tools.programs $@

.PHONY: page
page:
	@test -n '$(PAGE)' || { echo >&2 'error: which document? make import PAGE=path/to/page.md'; exit 2; }
