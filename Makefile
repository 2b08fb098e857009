# make run    set up .venv, index seeds/, and talk: in Telegram if TELEGRAM_BOT_TOKEN is set, else in this terminal
# make test   set up .venv and pass the tests
# make check  ruff and mypy
# make lock   write requirements.lock again: the versions of constraints.txt, with their hashes
# make licences   write docs/licences.md again
# make reader DATA=folder  teach the reader again, for hours: rows, training, export and calibration
# make trace  run the whole program under strace, to see that nothing leaves this machine but calls to Telegram
# make conversation  have the whole conversation with the bot, and write docs/conversation.md and docs/conversation.svg
PYTHON ?= python3
VENV := .venv
PIP := $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: run test check trace lock licences conversation reader clean

run: $(VENV)/.run
	@$(VENV)/bin/quotewire index </dev/null >&2 || [ $$? -eq 3 ]
	@if [ -n "$$TELEGRAM_BOT_TOKEN$$TELEGRAM_BOT_TOKEN_FILE" ]; \
	then exec $(VENV)/bin/quotewire bot; else exec $(VENV)/bin/quotewire chat; fi

test: $(VENV)/.test
	@env -u PYTHONDONTWRITEBYTECODE $(VENV)/bin/python -m pytest --numprocesses auto --dist loadfile $(ARGS)

check: $(VENV)/.test
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy

trace: $(VENV)/.test
	@$(VENV)/bin/python -m tools.trace_program

lock:
	@$(PYTHON) -m venv build/lock </dev/null >&2
	@build/lock/bin/python -m pip install --quiet --disable-pip-version-check uv </dev/null >&2
	@build/lock/bin/uv pip compile pyproject.toml --constraint constraints.txt --generate-hashes --no-emit-package torch \
	--python-version 3.11 --python-platform linux --no-annotate --custom-compile-command "make lock" --quiet \
	--output-file requirements.lock

licences: $(VENV)/.test
	@$(VENV)/bin/python -m tools.licences

conversation: $(VENV)/.test
	@HF_HUB_OFFLINE=1 $(VENV)/bin/python -m tools.conversation

reader: $(VENV)/.test
	@test -n "$(DATA)" || { echo "Name the folder of labelled questions: make reader DATA=../shared/train" >&2; exit 2; }
	@HF_HUB_OFFLINE=1 $(VENV)/bin/python -m training data "$(DATA)"
	@HF_HUB_OFFLINE=1 $(VENV)/bin/python -m training train
	@HF_HUB_OFFLINE=1 $(VENV)/bin/python -m training export
	@HF_HUB_OFFLINE=1 $(VENV)/bin/python -m training calibrate "$(DATA)"
	@HF_HUB_OFFLINE=1 $(VENV)/bin/python -m training evaluate

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	echo "Quotewire needs Python 3.11 or newer; name one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "setting up $(VENV), which takes some minutes the first time" >&2
	@$(PYTHON) -m venv $(VENV) </dev/null >&2

# A stamp is as new as what was installed, so that a second `make run` installs nothing.
$(VENV)/.run: pyproject.toml constraints.txt | $(VENV)/bin/python
	@$(PIP) --editable . </dev/null >&2
	@touch $@

$(VENV)/.test: $(VENV)/.run
	@$(PIP) --editable '.[dev]' </dev/null >&2
	@touch $@
