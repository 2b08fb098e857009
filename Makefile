# make run           create .venv, index seeds/ and answer questions, in Telegram if a token is set, else in this terminal
# make test          create .venv and run the tests; ARGS are passed to pytest
# make check         run ruff and mypy
# make lock          regenerate requirements.lock: the versions in constraints.txt, with their hashes
# make licences      regenerate the table in docs/licences.md
# make reader DATA=folder   train the reader, for hours: rows, training, export, calibration, evaluation
# make trace         run the program under strace, to check that nothing but calls to Telegram leaves the machine
# make conversation  play a conversation with the bot, and write docs/conversation.md and docs/conversation.svg
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
	@test -n "$(DATA)" || { echo "name the folder of labelled questions: make reader DATA=folder" >&2; exit 2; }
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
	@echo "creating $(VENV); the first time, this takes some minutes" >&2
	@$(PYTHON) -m venv $(VENV) </dev/null >&2

# The stamp files are as new as the installed versions, so that a second `make run` installs nothing.
$(VENV)/.run: pyproject.toml constraints.txt | $(VENV)/bin/python
	@$(PIP) --editable . </dev/null >&2
	@touch $@

$(VENV)/.test: $(VENV)/.run
	@$(PIP) --editable '.[dev]' </dev/null >&2
	@touch $@
