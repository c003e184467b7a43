# Everything a newcomer needs. Each target installs what it misses and says so.
PYTHON ?= python3.11
UV_VERSION := 0.13.9
UV := .tools/uv/bin/uv
RUN := .venv/bin
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := .venv
# Tests run side by side; matrices that each take every core make all of them wait.
export OPENBLAS_NUM_THREADS := 1

.PHONY: setup demo test check bench deep validity reliability docs format clean

setup: .venv/.ready

$(UV):
	@echo "Installing uv $(UV_VERSION) into .tools/ (nothing outside this folder is touched)."
	@$(PYTHON) -m venv .tools/uv
	@.tools/uv/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.ready: $(UV) pyproject.toml uv.lock
	@echo "Installing Sayso and its locked dependencies into .venv/."
	@$(UV) sync --frozen --quiet --python $(PYTHON)
	@touch $@

demo: setup
	@$(RUN)/sayso demo

format: setup
	@$(RUN)/ruff format .
	@$(RUN)/ruff check --fix .

check: setup
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	$(RUN)/pyright
	$(RUN)/lint-imports

docs: setup
	NO_MKDOCS_2_WARNING=1 $(RUN)/mkdocs build --strict

test: check docs
	$(RUN)/pytest -q -n 2 -m "not deep"

deep: setup
	$(RUN)/pytest -q -n 2 -m "deep"

validity: setup
	$(RUN)/python -m validity

reliability: setup
	$(RUN)/python -m reliability

bench: setup
	@$(UV) sync --frozen --quiet --python $(PYTHON) --group bench
	$(RUN)/python -m benchmarks

clean:
	rm -rf .venv .tools site build dist sayso-demo
