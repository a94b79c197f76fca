# make demo | serve | sandbox | test | proofs | scenario | kills | unlocked | fuzz | examples | races | lint | bench | bench-consequences | bench-desk | bench-imports | bench-quote | bench-intake | bench-twins | bench-exact | docs | lock | clean      arguments: make demo ARGS="--lang en"
# Needs Python 3.11 or newer with venv. No root, no Docker, no database, no broker.

PYTHON ?= python3
ARGS ?=
VENV := .venv/bin/python

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

.PHONY: demo serve sandbox test proofs scenario kills unlocked fuzz examples races lint bench bench-consequences bench-desk bench-imports bench-quote bench-intake bench-twins bench-exact docs lock clean venv runtime dev

demo: runtime
	@$(VENV) -m config.entry demo $(ARGS)

serve: runtime
	@$(VENV) -m config.entry serve

sandbox: runtime
	@$(VENV) -m config.entry sandbox

test: dev
	@$(VENV) -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

# What `make test` does with a part of what there is (tests/proofs.py), with all of it: each page and button as everybody, each
# hostile text, each page in both languages.
proofs: dev
	@PROOFS=1 $(VENV) -m pytest -n 3 --dist loadfile --no-loadscope-reorder -o timeout=900 \
	  $$(grep -rlE --include='test_*.py' 'tests.proofs import|in_turn' tests) $(ARGS)

# A record that is corrected twice, on 1,000 claims: who is touched, paid, told and left alone; `make test` does it on 60.
scenario: dev
	@SCENARIO_CLAIMS=1000 $(VENV) -m pytest -s -o timeout=1500 tests/claims/test_consequences.py -k each_correction $(ARGS)

# A bulk approval of 10,000 claims whose workers are killed twice; `make test` does it with 40 and one kill.
kills: dev
	@BULK_CLAIMS=10000 PATIENCE=1500 $(VENV) -m pytest -s tests/chaos/test_bulk.py $(ARGS)

# Each lock is taken out once, in a copy, and its races are seen to fail; `make test` does it with two.
unlocked: dev
	@$(VENV) -m tests.race.unlocked $(ARGS)

# 20,000 requests that are made up from the API's description, right and wrong; `make test` does it with 5 of each sort.
fuzz: dev
	@SCHEMA_EXAMPLES=350 $(VENV) -m pytest -q -n 2 --dist load tests/api/test_schema.py $(ARGS)

# What the requests in claims/api/examples.yaml are answered, written there; `make test` holds it against that.
examples: dev
	@EXAMPLES=write $(VENV) -m pytest -q tests/api/test_examples.py -k as_its_example_says $(ARGS)

# 50 at once, 200 times, with the same key and with the same number of a claim; `make test` does it with 8, 5 times.
races: dev
	@API_THREADS=50 API_ROUNDS=200 $(VENV) -m pytest -q tests/race/test_api.py $(ARGS)

lint: dev
	@$(VENV) -m ruff check .
	@$(VENV) -m ruff format --check .
	@$(VENV) -m mypy
	@.venv/bin/lint-imports --no-cache
	@$(VENV) manage.py check
	@$(VENV) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

bench: runtime
	@$(VENV) -m bench $(ARGS)

bench-consequences: runtime
	@$(VENV) -m bench.consequences $(ARGS)

bench-desk: runtime
	@$(VENV) -m bench.desk $(ARGS)

bench-imports: runtime
	@$(VENV) -m bench.imports $(ARGS)

bench-quote: runtime
	@$(VENV) -m bench.quote $(ARGS)

bench-intake: runtime
	@$(VENV) -m bench.intake $(ARGS)

bench-twins: runtime
	@$(VENV) -m bench.twins $(ARGS)

# The engine against the independent oracle on 100,000 random claims; `make test` does it on 2,000.
bench-exact: dev
	@HYPOTHESIS_PROFILE=exact $(VENV) -m pytest -q -n 2 --dist load tests/eligibility/test_oracle.py $(ARGS)

# What is generated from the policy language and checked in.
docs: runtime
	@$(VENV) -m claims.eligibility schema > claims/policies/pack.schema.json
	@$(VENV) -m claims.eligibility reference > docs/policy-reference.md

# For maintainers, with uv on the PATH. Releases younger than 14 days are left out.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --no-strip-extras --generate-hashes --no-header \
	  --exclude-newer "$$(python3 -c 'import datetime as d; print(d.date.today() - d.timedelta(14))')" \
	  requirements.in --output-file requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --no-strip-extras --generate-hashes --no-header \
	  --exclude-newer "$$(python3 -c 'import datetime as d; print(d.date.today() - d.timedelta(14))')" \
	  requirements-dev.in --output-file requirements-dev.txt

# Stops the embedded servers and deletes their data.
clean:
	@if [ -x $(VENV) ]; then for stack in var/*/stack.lock; do \
	  if [ -e "$$stack" ]; then $(VENV) -m config.embedded destroy "$$(basename "$$(dirname "$$stack")")" || exit 1; fi; \
	done; fi
	rm -rf var .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis staticfiles

# One environment; a lock is installed once, and again when its content has changed.
runtime: venv
	@$(call install,requirements.txt)

dev: venv
	@$(call install,requirements-dev.txt)

venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed, $(PYTHON) is: $$($(PYTHON) --version 2>&1). Another one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@if ! $(VENV) -m pip --version >/dev/null 2>&1; then \
	  $(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	    echo "Python's venv is missing. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }; \
	  echo "making .venv" >&2; \
	  $(PYTHON) -m venv --clear .venv; \
	fi

define install
if ! cmp -s $(1) .venv/installed-$(1); then \
  echo "installing $(1) (once; about a minute)" >&2; \
  $(VENV) -m pip install --quiet --no-input --require-hashes -r $(1) && cp $(1) .venv/installed-$(1); \
fi
endef
