# Ethics Desk. Everything starts from `python3`, `make` and `git`; `make help` lists what there is.
PYTHON ?= python3
SETUP := $(PYTHON) -m scripts.setup
BIN := .venv/bin
ARGS ?=
.DEFAULT_GOAL := help
.PHONY: help setup chat serve test check format bench eval faults mutants domain teams-package lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install and build what is missing (environments, index, understanding, dialogue)
	@$(SETUP) desk

chat: setup ## Talk to the desk in this terminal
	@$(BIN)/ethicsdesk chat $(ARGS)

serve: setup ## Serve the web page and the API on this machine (ARGS="--port 8080")
	@$(BIN)/ethicsdesk serve $(ARGS)

test: ## Run every test (ARGS="tests/index -x" for some)
	@$(SETUP) desk dev
	@$(BIN)/python -m pytest $(ARGS)

check: ## Lint, types, import contracts, dead code, dependencies
	@$(SETUP) dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/vulture
	$(BIN)/deptry .

format: ## Format the code and fix what ruff can fix
	@$(SETUP) dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: ## Measure deciding beside other engines, questions asked, and the whole desk (ARGS for the desk)
	@$(SETUP) desk dev
	@$(BIN)/python -m bench.engine
	@$(BIN)/python -m bench.questions
	@$(BIN)/ethicsdesk bench --write $(ARGS)

eval: setup ## Score understanding, retrieval and determinations on the evaluation sets
	@$(BIN)/ethicsdesk eval $(ARGS)

faults: setup ## Kill and break parts of the desk, count lost messages, and write the figures likewise
	@$(BIN)/ethicsdesk faults --write $(ARGS)

mutants: ## Break the engine's code mechanically and count what its tests notice (ARGS="330 20261124")
	@$(SETUP) dev
	@$(BIN)/python -m bench.mutants $(ARGS)

domain: ## Generate Rasa's slots and questions anew from the facts in knowledge/
	@$(SETUP) dev
	@$(BIN)/python -m bot.domain

teams-package: ## Zip the Teams app (needs ETHICSDESK_TEAMS_APP_ID and ETHICSDESK_PUBLIC_ORIGIN)
	@$(PYTHON) -m scripts.teams_package

lock: ## Resolve the lock files from pyproject.toml (ARGS=--upgrade for newer versions)
	@$(PYTHON) -m scripts.lock $(ARGS)

clean: ## Remove what setup built (environments, index, models); keep recorded cases
	rm -rf .venv .venv-rasa models .rasa var/setup var/tools var/index var/understanding
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache mutants
