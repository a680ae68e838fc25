# Two commands are enough: `make run` and `make test`. See README.md.

.PHONY: help run demo test lint words clean env

help:
	@echo "make run    start Liasse on this machine (data in ./var, or LIASSE_DATA)"
	@echo "make demo   the same with a demo practice (data in ./var/demo)"
	@echo "make test   everything that CI runs, on SQLite and PostgreSQL, browser included"
	@echo "make lint   style, types, imports, translations only"
	@echo "make words  bring the catalogues of translations up to date with the code"
	@echo "make bench-pages, make bench-mail, make bench-mailgate    how fast pages and mails are, in a folder of their own"
	@echo "make bench-reading   how well and how fast documents are read, against the corpus: docs/reading-report.md"
	@echo "make mutants   whether the tests notice a missing filter, rule or check (half an hour)"
	@echo "make faults    kill everything a thousand times and more, counted in docs/faults.md (twenty minutes)"
	@echo "make clean  remove the environment and caches, never data"

run:
	@python=$$(sh bin/find-python) && "$$python" bin/bootstrap.py app && exec .venv/bin/liasse serve

demo:
	@python=$$(sh bin/find-python) && "$$python" bin/bootstrap.py app && exec .venv/bin/liasse serve --demo

env:
	@python=$$(sh bin/find-python) && "$$python" bin/bootstrap.py dev

test: env
	@exec .venv/bin/python bin/test.py $(ARGS)

lint: env
	@exec .venv/bin/python bin/test.py --lint

words: env
	@.venv/bin/python bin/words.py update && .venv/bin/python bin/words.py compile && .venv/bin/python bin/words.py check

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis test-results
	find liasse tests bin -name __pycache__ -prune -exec rm -rf {} +
	find liasse -name '*.mo' -delete

.PHONY: bench-pages bench-mail bench-mailgate bench-rosters

bench-pages: env
	@exec .venv/bin/python bench/pages.py $(ARGS)

bench-mail: env
	@exec .venv/bin/python bench/mail.py $(ARGS)

bench-mailgate: env
	@exec .venv/bin/python bench/mailgate.py $(ARGS)

bench-rosters: env
	@exec .venv/bin/python bench/rosters.py $(ARGS)

.PHONY: mutants

mutants: env
	@exec .venv/bin/python bin/mutants.py $(ARGS)

.PHONY: faults

faults: env
	@exec .venv/bin/python bin/faults.py $(ARGS)

.PHONY: bench-reading

bench-reading: env
	@exec .venv/bin/python bench/reading.py --peers --write $(ARGS)
