# Two commands matter: `make run` and `make test`. Everything they need is installed into .venv.

PYTHON := .venv/bin/python

# The tests start the program some sixty times: without bytecode each start would compile all of it.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test lint client bench search-eval install clean

run: install ## the whole program on this machine: http://127.0.0.1:8000
	@exec $(PYTHON) -m runner --with-parent

test: lint ## style, types, who imports whom, and every test
	$(PYTHON) -m pytest -n 2 --dist loadgroup

lint: install
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy .
	.venv/bin/lint-imports

client: install ## builds the phone client for browsers, WeChat and Alipay; keeps client/h5 up to date
	@$(PYTHON) -m runner.client

bench: install ## each prints a ratio measured in one run
	@failed=; for file in benchmarks/[a-z]*.py; do \
		name=$$(basename $$file .py); $(PYTHON) -m benchmarks.$$name || failed="$$failed $$name"; \
	done; [ -z "$$failed" ] || { echo "below their floor or broken:$$failed" >&2; exit 1; }

search-eval: install ## how well search finds what people say; fails below the recorded figures
	@$(PYTHON) -m benchmarks.search_eval

install:
	@sh runner/install.sh

clean: ## forgets what can be made again; the data under .data stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -not -path './.data/*' -exec rm -rf {} +
