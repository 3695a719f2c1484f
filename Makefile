# Each target starts from nothing: it makes .venv, installs what is pinned, and builds the store if it is missing or older.
#   make run     serve on http://127.0.0.1:8050/ (SITELINE_HOST, SITELINE_PORT and SITELINE_STORE change that)
#   make test    all tests, with a browser
#   make lint    style and types
#   make bench   ratios against baselines
#   make setup   only what `make run` needs, without serving

VENV := .venv
PY := $(VENV)/bin/python
STORE := $(or $(SITELINE_STORE),.siteline)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run setup dev test lint bench clean
.DELETE_ON_ERROR:

run: setup
	@exec $(VENV)/bin/gunicorn

setup: $(VENV)/installed
	@if [ ! -e "$(STORE)/CURRENT" ] || [ -n "$$(find data -newer "$(STORE)/CURRENT" -type f -not -path '*/__pycache__/*' | head -n 1)" ]; then \
		$(PY) -m data demo --store "$(STORE)" && touch "$(STORE)/CURRENT"; fi
	@$(PY) -m web compress --store "$(STORE)"

dev: $(VENV)/installed-dev

test: dev
	@$(PY) scripts/browser.py
	$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

bench: dev
	$(PY) -m benchmarks

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache

$(VENV)/made:
	@sh scripts/venv.sh "$(VENV)"
	@touch $@

$(VENV)/installed: requirements.txt requirements.lock | $(VENV)/made
	@echo "Installing what Siteline needs; this takes a minute or two, once."
	@$(PY) -m pip install --quiet -r requirements.txt -c requirements.lock
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt requirements.txt requirements.lock | $(VENV)/installed
	@echo "Installing what tests and checks need, once."
	@$(PY) -m pip install --quiet -r requirements-dev.txt -c requirements.lock
	@touch $@
