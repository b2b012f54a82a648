# Everything runs in $(VENV), which the first command that needs it makes. `make` alone lists the commands.
PYTHON ?= python3
VENV ?= .venv
PORT ?=
SECONDS := 60
SEED := 1
TESTS :=
NOVA_INI := cloud/nova/nova-rabbit.ini
NOVA_HOST :=
QUICK :=
AS :=
REST :=
CLOUDS :=
N := 30
XRAY :=

# What is set for another project's Python is not for this one's.
unexport PYTHONHOME PYTHONPATH PYTHONSAFEPATH VIRTUAL_ENV PIP_USER PIP_TARGET PIP_PREFIX PIP_ROOT

BIN := $(VENV)/bin
# Stamps for what is installed. A Python that is asked for (make run PYTHON=python3.12) has its own, lest it be overlooked.
space := $(subst ,, )
READY := $(VENV)/.installed$(if $(filter file,$(origin PYTHON)),,$(subst $(space),-,$(subst /,-,-$(PYTHON))))
# A folder wheels/ (see `make wheels`) takes the place of the package index.
PIP := $(BIN)/python -m pip --disable-pip-version-check install --constraint constraints.txt \
       $(if $(wildcard wheels/*.whl),--no-index --find-links wheels)

# $(call install,WHAT): by pip. A terminal shows how far it is, in one line; what goes wrong is shown whole.
SAID := $(VENV)/.pip-said
define install
: > $(SAID); { $(PIP) $(1) 2>&1; echo "status $$?"; } | { found=0; now=; while IFS= read -r line; do \
	    printf '%s\n' "$$line" >> $(SAID); \
	    case "$$line" in \
	        'Collecting '*) found=$$((found + 1)); now="$${line#Collecting }"; now="$$found packages found: $${now%% *}";; \
	        'Building '*) now="building what is not built yet ...";; \
	        'Installing collected '*) now="installing $$found packages, which takes a while ...";; \
	        'status '*) break;; \
	    esac; \
	    if test -t 2; then printf '\r\033[K  %.70s' "$$now" >&2; fi; \
	done; if test -t 2; then printf '\r\033[K' >&2; fi; \
	test "$$line" = 'status 0' || { sed '$$d' $(SAID) >&2; exit 1; }; }
endef

ALL_TESTS := -n 2 --dist loadfile --no-loadscope-reorder --cov --cov-report=term --cov-fail-under=100

# The pip of an older venv cannot install a project like this one; where it is new enough, nothing is asked of the index.
NEW_PIP := pip>=21.3

.DEFAULT_GOAL := help
.PHONY: help install run xray learn grade glance registry nova nova-api nova-conductor nova-scheduler nova-compute
.PHONY: nova-processes keystone neutron cloud env class tempest audit test soak kill lint format walkthrough bench wheels reset clean

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

install: $(READY)-dev  ## the whole development set-up in .venv

run: $(READY)-run  ## serve the ground floor (PORT=8081 for another port, PORT=0 for any free one)
	@exec $(BIN)/python server.py $(if $(PORT),--port $(PORT))

xray: $(READY)-run  ## the ground floor with the X-ray in front: a page that shows every step of a request (PORT= as above)
	@exec $(BIN)/python -m xray serve configure.ini $(if $(PORT),--port $(PORT))

learn: $(READY)-workshop  ## the workshop: the next exercise, in this terminal
	@exec $(BIN)/python -m workshop learn

grade: $(READY)-workshop  ## check all exercises: a line for each, and the score
	@exec $(BIN)/python -m workshop grade

glance: $(READY)-cloud  ## serve the image service on 9292 (PORT= as above)
	@exec $(BIN)/python server.py cloud/glance/glance-api.ini $(if $(PORT),--port $(PORT))

registry: $(READY)-cloud  ## serve the image service's registry on 9191, which its API v1 needs
	@exec $(BIN)/python server.py cloud/glance/glance-registry.ini $(if $(PORT),--port $(PORT))

nova: $(READY)-cloud  ## serve nova's side of images on 8774
	@exec $(BIN)/python server.py cloud/nova/nova-api.ini $(if $(PORT),--port $(PORT))

keystone: $(READY)-cloud  ## serve identity on 5000: users, projects, tokens, the catalog
	@exec $(BIN)/python server.py cloud/keystone/keystone.ini $(if $(PORT),--port $(PORT))

nova-api: $(READY)-cloud  ## nova's API by itself; the rest of nova is in processes of its own (NOVA_INI= for another ini)
	@exec $(BIN)/python server.py $(NOVA_INI) $(if $(PORT),--port $(PORT))

nova-conductor: $(READY)-cloud  ## nova's conductor, over RabbitMQ
	@exec $(BIN)/python -m cloud.nova.cmd.conductor $(NOVA_INI)

nova-scheduler: $(READY)-cloud  ## nova's scheduler, over RabbitMQ
	@exec $(BIN)/python -m cloud.nova.cmd.scheduler $(NOVA_INI)

nova-compute: $(READY)-cloud  ## a compute host, over RabbitMQ (NOVA_HOST=compute2 for another one than the first)
	@exec $(BIN)/python -m cloud.nova.cmd.compute $(NOVA_INI) $(if $(NOVA_HOST),--host $(NOVA_HOST))

nova-processes: $(READY)-cloud  ## all of nova over RabbitMQ, a process for each service; the broker has to run already
	@$(if $(XRAY),XRAY=1 SERVE='-m xray serve') PATH="$(abspath $(BIN)):$$PATH" NOVA_INI="$(NOVA_INI)" exec $(BIN)/python -m honcho -f cloud/nova/Procfile start

neutron: $(READY)-cloud  ## serve networks to look at on 9696, one a project
	@exec $(BIN)/python server.py cloud/neutron/neutron.ini $(if $(PORT),--port $(PORT))

cloud: $(READY)-cloud  ## serve everything in cloud/ at once, on the real ports; Ctrl-C stops all (XRAY=1: with the X-ray)
	@$(if $(XRAY),SERVE='-m xray serve') PATH="$(abspath $(BIN)):$$PATH" exec $(BIN)/python -m honcho -f cloud/Procfile start

env: $(READY)-cloud  ## what a shell exports to use the cloud: eval "$$(make -s env)" (AS=admin, CLOUDS=1 for a clouds.yaml)
	@exec $(BIN)/python -m cloud.keystone.cmd.env $(if $(AS),--user $(AS)) $(if $(CLOUDS),--clouds)

class: $(READY)-cloud  ## a user and a project for each of N students, with their files in data/class (make class N=30)
	@exec $(BIN)/python -m cloud.keystone.cmd.classroom $(N)

# Tempest's libraries are not ours: an environment of its own.
TEMPEST := .venv-tempest/bin/tempest

$(TEMPEST):
	@"$(PYTHON)" -m venv .venv-tempest
	@echo "installing Tempest into .venv-tempest, which takes a while ..." >&2
	@.venv-tempest/bin/python -m pip --disable-pip-version-check install --quiet tempest

tempest: $(READY)-cloud $(TEMPEST)  ## Tempest's tests of identity and compute, against "make cloud" (REST=1: those that need not pass)
	@$(BIN)/python -m tests.tempest $(TEMPEST) $(if $(REST),--rest)

audit: $(READY)-cloud  ## check that what the services keep is whole
	@exec $(BIN)/python -m cloud.audit

# -E: whatever is set for Python, does not count. tests/environment.py sees to what the tests start.
test: $(READY)-test  ## run all tests, with coverage (TESTS=tests/test_auth.py for a part, in seconds, without coverage)
	LC_ALL=C.UTF-8 $(BIN)/python -E -m pytest $(or $(TESTS),$(ALL_TESTS))

soak: $(READY)-cloud  ## everybody calls at once, and services die: is anything lost? (SECONDS=600 SEED=7)
	$(BIN)/python -m soak --seconds $(SECONDS) --seed $(SEED)

kill: $(READY)-cloud  ## nova's processes die at each step of a boot: is an instance lost, or made twice? (SECONDS= SEED=)
	$(BIN)/python -m soak.kill --seconds $(SECONDS) --seed $(SEED)

lint: $(READY)-lint  ## check style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(READY)-lint  ## repair style and formatting where a tool can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

walkthrough: $(READY)-test  ## write into README and chapters what is so now: code, and output (DOC= for one of them)
	$(BIN)/python -m workshop.source
	$(BIN)/python -m tests.console $(DOC)

bench: $(READY)-bench  ## measure against other frameworks, write bench/RESULTS.md (QUICK=1: a look, in two minutes)
	QUICK=$(QUICK) $(BIN)/python -m bench

wheels: $(READY)-run  ## fill wheels/, so that a room without a network can install from it
	$(BIN)/python -m pip --disable-pip-version-check download --quiet --dest wheels --constraint constraints.txt \
	    setuptools '$(NEW_PIP)' ".[dev]"

reset:  ## forget all data that the services keep between runs
	rm -rf data

clean:  ## remove what the commands made: .venv, caches (data and wheels stay)
	rm -rf $(VENV) .venv-oldest .venv-tempest .tox .pytest_cache .ruff_cache .hypothesis .coverage .coverage.* build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The extras: what a command needs beside the project itself.
EXTRA_run :=
EXTRA_cloud := [cloud]
EXTRA_workshop := [workshop]
EXTRA_test := [test]
EXTRA_lint := [lint]
EXTRA_bench := [bench]
EXTRA_dev := [dev]

$(READY)-%: pyproject.toml constraints.txt
	@command -v "$(PYTHON)" >/dev/null || { echo "toycloud: $(PYTHON) is not there: install Python 3.10 or newer" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { \
	    echo "toycloud: $$("$(PYTHON)" -V 2>&1) is too old: install Python 3.10 or newer and say make PYTHON=python3.12 ..." >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
	    echo "toycloud: Python's venv module is missing: on Debian and Ubuntu, sudo apt install python3-venv" >&2; exit 1; }
	@echo "setting up $(VENV) for $(PYTHON), the first time only ..." >&2
	@test "$$($(BIN)/python -c 'import pip, sys; print(sys.version)' 2>&1)" = "$$('$(PYTHON)' -c 'import sys; print(sys.version)')" \
	    || "$(PYTHON)" -m venv --clear $(VENV)
	@$(call install,'$(NEW_PIP)')
	@$(call install,--editable '.$(EXTRA_$*)')
	@touch $@ $(VENV)/.installed-$*
