"""A window on a monthly series, a score for each window, and alarms where it passes a threshold. Knows no widget."""

import calendar

import numpy as np

from beyondlabels.errors import BadInput

MOST_MONTHS = 6000
_YEAR = 12


def series(values, name="values"):
    """``values`` as a float64 array (months,). Raises ``BadInput`` for text, gaps, or a shape that is no series."""
    try:
        months = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise BadInput(f"{name} holds text or something else that is not a number.") from None
    if months.ndim != 1:
        raise BadInput(f"{name} has shape {months.shape}; one number for each month was expected, in order.")
    if not np.isfinite(months).all():
        bad = int((~np.isfinite(months)).sum())
        raise BadInput(f"{name} has {bad} missing or infinite values; a window needs every month. Fill or cut them.")
    return months


def windows(values, length):
    """Every run of ``length`` neighbouring values as a row: (n - length + 1, length), each a month after the one before."""
    return np.lib.stride_tricks.sliding_window_view(values, length)


def season(values, normal, first_month=1):
    """The mean of each calendar month, (12,), January first, over the months marked in ``normal`` (bool, (n,))."""
    month = (np.arange(len(values)) + first_month - 1) % _YEAR
    found = [values[normal & (month == one)] for one in range(_YEAR)]
    if not all(map(len, found)):
        lacking = ", ".join(calendar.month_abbr[i + 1] for i, one in enumerate(found) if not len(one))
        raise BadInput(f"normal leaves no {lacking}; the seasonal mean needs every month of the year at least once.")
    return np.array([one.mean() for one in found])


def _runs(marked):
    """Runs of neighbouring True in a bool array, as (first, last) position."""
    change = np.diff(np.concatenate([[False], marked, [False]]).astype(int))
    return list(zip(np.flatnonzero(change == 1).tolist(), (np.flatnonzero(change == -1) - 1).tolist(), strict=True))


class Watching:
    """A monthly series, its seasonal mean, the windows' scores, and the events that a threshold should find.

    values (n,); first: (year, month) of the first value; length of a window in months; normal: bool (n,), the months that
    the seasonal mean is taken from; scores (n - length + 1,) or None for each window's root mean squared distance from the
    seasonal mean; events: name -> (first, stop), positions in ``values``, stop not included.
    """

    def __init__(self, values, first, length, normal, scores, events):
        self.values, self.first, self.length = values, first, length
        self.usual = season(values, normal, first[1])[(np.arange(len(values)) + first[1] - 1) % _YEAR]
        self.rows = windows(values, length)
        away = windows(values - self.usual, length)
        self.scores = np.sqrt(np.square(away).mean(axis=1)) if scores is None else series(scores, "scores")
        if len(self.scores) != len(self.rows):
            raise BadInput(
                f"scores has {len(self.scores)} entries and {len(values)} months have {len(self.rows)} windows of {length}; "
                "give one for each, the first for the window that begins with the first month."
            )
        self.events = {str(name): self._checked(name, place) for name, place in dict(events or {}).items()}

    def month(self, position):
        """ "July 1997"."""
        year, month = divmod(self.first[0] * _YEAR + self.first[1] - 1 + position, _YEAR)
        return f"{calendar.month_name[month + 1]} {year}"

    def span(self, row):
        """ "July 1997 to June 1998": the months of a window."""
        return f"{self.month(row)} to {self.month(row + self.length - 1)}"

    def years(self, positions):
        """Positions as years with a fraction."""
        return self.first[0] + (self.first[1] - 1 + np.asarray(positions, dtype=float)) / _YEAR

    def stretches(self, threshold):
        """Alarms: runs of neighbouring windows whose score is above ``threshold``, as (first, last) window."""
        return _runs(self.scores > threshold)

    def judged(self, threshold):
        """What a threshold finds: (names caught, names missed, false alarms as (first, last) window).

        An event is caught when a window above the threshold has at least half of its months in it. A false alarm is a run
        of windows above it that share no month with an event, even where the run goes on into one; windows that only touch
        an event are neither.
        """
        above = self.scores > threshold
        caught = [name for name in self.events if (above & (2 * self._shared(name) >= self.length)).any()]
        missed = [name for name in self.events if name not in caught]
        apart = np.ones(len(self.rows), dtype=bool)
        for name in self.events:
            apart &= self._shared(name) == 0
        return caught, missed, _runs(above & apart)

    def _shared(self, name):
        """How many months each window has in common with an event, (windows,)."""
        start, stop = self.events[name]
        place = np.arange(len(self.rows))
        return np.clip(np.minimum(place + self.length, stop) - np.maximum(place, start), 0, None)

    def _checked(self, name, place):
        whole = len(place) == 2 and all(isinstance(one, (int, np.integer)) for one in place)
        if not whole or not 0 <= place[0] < place[1] <= len(self.values):
            raise BadInput(
                f"event {name!r} is {place!r}; two positions (first, stop) were expected, from 0 to {len(self.values)}."
            )
        return tuple(map(int, place))
