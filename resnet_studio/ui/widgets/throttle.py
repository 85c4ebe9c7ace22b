"""How often something is drawn while steps are timed: only as often as leaves them the processor."""

from __future__ import annotations

import os
import time

_SHARE = 0.005 * (os.cpu_count() or 1)  # of a core: drawing takes half a percent of the machine from the steps
_LONGEST_WAIT = 1.0  # seconds without a redraw, whatever it costs


class Throttle:
    """Told of each drawing, it says when the next is due. For the thread that draws."""

    def __init__(self) -> None:
        self._drawn_at = (0.0, 0.0)  # by the clock, and by this thread's processor time

    def is_due(self, measuring: bool) -> bool:
        """Whether to draw now. What the last drawing cost, painting and all, is this thread's processor time since then."""
        drawn, spent = self._drawn_at
        wait = min((time.thread_time() - spent) / _SHARE, _LONGEST_WAIT)
        return not measuring or time.monotonic() - drawn >= wait

    def drawing(self) -> None:
        """Something is drawn now."""
        self._drawn_at = time.monotonic(), time.thread_time()
