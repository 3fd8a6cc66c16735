"""A check never judges a value that a running cell is about to change."""

import threading

import pytest

from beyondlabels.course import exercise_card, exercises, rest


class Events:
    """What IPython's event manager does with the two events that count."""

    def __init__(self):
        self.on = {}

    def register(self, name, call):
        self.on[name] = call

    def begin(self):
        self.on["pre_run_cell"](None)

    def end(self):
        self.on["post_run_cell"](None)


@pytest.fixture
def events():
    return Events()


@pytest.fixture
def cells(events):
    return rest.Cells(events, quiet=0.05)


@pytest.fixture
def done():
    return threading.Event()


def test_while_a_cell_runs_the_act_waits_until_it_has_ended(cells, events, done):
    assert not cells.at_rest(done.set)
    assert not done.wait(0.15)
    events.end()
    assert done.wait(5)
    assert cells.at_rest(done.set)


def test_cells_that_wait_their_turn_are_waited_for_too(cells, events, done):
    cells.at_rest(done.set)
    events.end()
    events.begin()
    assert not done.wait(0.2)
    events.end()
    assert done.wait(5)


def test_pressed_twice_it_acts_once(cells, events):
    count, acted = [], threading.Event()

    def act():
        count.append(1)
        acted.set()

    assert [cells.at_rest(act), cells.at_rest(act)] == [False, False]
    events.end()
    assert acted.wait(5)
    assert not threading.Event().wait(0.15)
    assert count == [1]


def test_a_press_while_a_cell_runs_says_so_and_judges_the_new_value(cells, events, monkeypatch):
    monkeypatch.setattr(rest, "of_this_notebook", lambda: cells)
    names = {"island_bird": "albatross"}
    card = exercises.exercise("welcome.first_check", names)
    card._pressed(card, {"action": "check"}, [])
    assert (card.state, card.message) == ("waiting", exercise_card.WAIT)
    judged = threading.Event()
    card.observe(lambda change: judged.set() if change["new"] == "right" else None, "state")
    names["island_bird"] = "penguin"
    events.end()
    assert judged.wait(5)


def test_check_as_a_method_is_part_of_the_running_cell(cells, monkeypatch):
    monkeypatch.setattr(rest, "of_this_notebook", lambda: cells)
    card = exercises.exercise("welcome.first_check", {"island_bird": "penguin"})
    assert card.check().startswith("Right.")


def test_without_a_notebook_nothing_is_waited_for():
    assert rest.of_this_notebook() is None
