# Every target does what it needs first; nothing is done again that is up to date.
PORT ?= 5005
PY := .venv/bin/python
MODEL := models/critical-friend.tar.gz
TRAINING := config.yml domain.yml $(shell find data -name '*.yml') \
	$(wildcard critical_friend/understanding/*.py) critical_friend/understanding/fitted.npz assistant/component.py

WIDGET := widget/dist/widget.js

.PHONY: run test setup train fit refit eval prove bench chat slack slack-demo screenshots lint lock clean
.DEFAULT_GOAL := help

help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

## make run      set up, train if needed, and serve http://localhost:5005/ (PORT=… changes it)
run: $(MODEL) $(WIDGET)
	@PORT=$(PORT) .venv/bin/critical-friend serve

## make test     set up and run every test this machine can run
test: $(MODEL) $(WIDGET)
	@scripts/test

## make setup    only the set-up
setup: .venv/.ready $(WIDGET)

.venv/.ready: requirements.lock pyproject.toml scripts/setup
	@scripts/setup

$(WIDGET): .venv/.ready scripts/widget widget/package-lock.json widget/build.mjs widget/tsconfig.json $(wildcard widget/src/* widget/text/*)
	@scripts/widget

## make train    train the model
train: $(MODEL)

$(MODEL): .venv/.ready $(TRAINING)
	@scripts/train

## make fit      fit the network to data/nlu (an hour; seldom: see docs/understanding.md)
fit: .venv/.ready
	@$(PY) -W ignore -m critical_friend.understanding.fitting

## make refit    go on from what was fitted, after texts were added (a quarter of the time)
refit: .venv/.ready
	@$(PY) -W ignore -m critical_friend.understanding.fitting --on

## make eval     measure understanding; writes docs/understanding.md
eval: $(MODEL)
	@$(PY) -W ignore -m benchmarks.understanding
	@$(PY) -W ignore -m benchmarks.roleplay

## make prove    prove the rule set, and change every rule to see whether the cases notice
prove: .venv/.ready
	@.venv/bin/critical-friend guidance prove --mutate tests/cases

## make bench    measure speed
bench: $(MODEL) $(WIDGET)
	@$(PY) -W ignore -m benchmarks.hearing
	@$(PY) -W ignore -m benchmarks.reasoning
	@$(PY) -W ignore benchmarks/turns.py
	@$(PY) -W ignore -m benchmarks.rehearsing
	@$(PY) -W ignore benchmarks/widget.py

## make screenshots   pictures of the widget for the README (needs chromium)
screenshots: $(MODEL) $(WIDGET)
	@$(PY) -W ignore scripts/screenshots.py

## make chat     talk in the terminal
chat: $(MODEL)
	@.venv/bin/critical-friend chat

## make slack    be in Slack, beside the servers (docs/slack.md says what it needs)
slack: $(MODEL)
	@.venv/bin/critical-friend slack

## make slack-demo  play a team's conversation against a stand-in for Slack; writes it into docs/slack.md
slack-demo: $(MODEL)
	@$(PY) -W ignore -m tests.slack.conversation

## make lint     ruff and mypy only
lint: .venv/.ready
	@.venv/bin/ruff check . && .venv/bin/mypy

## make lock     choose versions anew (needs uv)
lock:
	@scripts/lock

clean:
	rm -rf .venv .cache models/*.tar.gz var widget/dist widget/node_modules
