# Everything a learner or a contributor runs. `make help` lists it. Written for GNU Make 3.81, which macOS has.

COURSE ?= course
PORT ?=
PYTHON ?=
RUN := .venv/bin/python
INSTALL := $(RUN) -m pip install --disable-pip-version-check --no-input -c constraints.txt

# A moved checkout needs its editable install again.
MOVED := $(shell test "`cat .venv/where 2>/dev/null`" = "`pwd -P`" || echo moved)

# What the JupyterLab extension is built from; the install builds it.
EXTENSION := $(wildcard widgets/labextension/*.json widgets/labextension/schema/*.json widgets/labextension/src/*.ts widgets/labextension/src/*/*.ts widgets/labextension/style/*)

.PHONY: help course test check format lessons matrix mutants bench conformance hostile compat readme shots clean moved

help:
	@echo "make course    install what the course needs and open it in JupyterLab"
	@echo "               COURSE=dir chooses the work folder, PORT=n the port; BROWSER=none only prints the address"
	@echo "make test      everything: style, unit tests, lessons, browser, wheel; installs Chromium if it may"
	@echo "make check     the quick part: style and unit tests"
	@echo "make format    put the Python files into shape"
	@echo "make lessons   run every lesson and write its outputs again"
	@echo "make matrix    every estimator on every kind of data: the whole of tests/matrix"
	@echo "make bench     measure how long a widget takes from slider to redrawn frame"
	@echo "make conformance  Apple's own operation tests, judged by our runtime (six minutes on a quiet machine); writes tests/conformance/RESULTS.md"
	@echo "make hostile   10,000 damaged files (a quarter of an hour); writes tests/hostile/RESULTS.md"
	@echo "make compat    the parity tests on scikit-learn 1.6 to 1.9, the browser tests on JupyterLab 4.4 to 4.6 with Notebook 7,"
	@echo "               each in an environment of its own (5 GB)"
	@echo "make mutants   what the proof inside a package notices (some minutes); writes tests/matrix/MUTANTS.md"
	@echo "make readme    write the generated tables of README.md again"
	@echo "make shots     take the pictures in README.md again"
	@echo "make clean     remove what make made; your course folder stays"

moved:

course: .venv/course.stamp
	@$(RUN) -m beyondlabels course "$(COURSE)" $(if $(PORT),--port "$(PORT)") $(if $(filter none,$(BROWSER)),--browser none)

test: .venv/test.stamp
	@$(RUN) tests/run.py

check: .venv/test.stamp
	@$(RUN) tests/run.py style unit

lessons: .venv/test.stamp
	@$(RUN) tests/lessons/make.py

format: .venv/test.stamp
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

matrix: .venv/test.stamp
	@$(RUN) tests/run.py everything

bench: .venv/test.stamp
	@$(RUN) tests/run.py bench

conformance: .venv/test.stamp
	@PYTHONPATH=tests $(RUN) -m conformance.report

hostile: .venv/test.stamp
	@PYTHONPATH=tests $(RUN) -m hostile.report

compat: .venv/test.stamp
	@CHROMIUM="`$(RUN) tests/chromium.py`" PYTHONPATH=tests $(RUN) -m compat

mutants: .venv/test.stamp
	@PYTHONPATH=tests $(RUN) -m matrix.mutants_report

readme: .venv/test.stamp
	$(RUN) tests/readme.py

shots: .venv/test.stamp
	CHROMIUM="`$(RUN) tests/chromium.py`" $(RUN) tests/browser/shots.py

clean:
	rm -rf widgets/labextension/node_modules widgets/labextension/lib widgets/labextension/dist
	rm -rf .venv .cache dist build .pytest_cache .ruff_cache

.venv/course.stamp: pyproject.toml constraints.txt $(EXTENSION) $(MOVED)
	@PYTHON="$(PYTHON)" .ci/make-venv course
	@echo "Installing the course (about 900 MB on disk; a minute or a few, once)"
	@$(INSTALL) -e ".[course]"
	@pwd -P > .venv/where
	@touch $@

.venv/test.stamp: pyproject.toml constraints.txt $(EXTENSION) $(MOVED)
	@PYTHON="$(PYTHON)" .ci/make-venv test
	@echo "Installing the course and the test tools (about 1 GB on disk; a minute or a few, once)"
	@$(INSTALL) -e ".[course,test]"
	@pwd -P > .venv/where
	@touch $@ .venv/course.stamp
