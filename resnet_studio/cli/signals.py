"""Ctrl+C and its like during a run: the engine is stopped, and the run ends in order."""

from __future__ import annotations

import contextlib
import queue
import signal
import threading
from collections.abc import Iterator

from resnet_studio.driver.process import EngineProcess


@contextlib.contextmanager
def stopped_by_signals(*engines: EngineProcess) -> Iterator[list[int]]:
    """Stops `engines` at the first signal that ends programs; yields the list that such signals are put into.

    Nothing is raised: an exception out of a signal can come while an engine is just being started, which then nobody
    would know of. And the handler does not stop it itself: it runs amid the code that may hold the engine's lock.
    """
    numbers = [signal.SIGINT, signal.SIGTERM]
    # A hang-up that is being ignored (nohup) stays ignored. SIGINT does not: programs that a script started in the
    # background ignore it from birth, and whoever sends it to a run means it.
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    came: list[int] = []
    told: queue.SimpleQueue[bool] = queue.SimpleQueue()  # the one queue whose `put` is safe in a handler

    def note(number: int, frame: object) -> None:
        came.append(number)
        told.put(True)

    def wait() -> None:
        if told.get():
            for engine in engines:
                engine.stop()

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    before = {number: signal.signal(number, note) for number in numbers}
    try:
        yield came
    finally:
        told.put(False)
        thread.join()
        # The program ends now, if it was told to: an impatient second Ctrl+C must not change the status.
        for number, handler in before.items():
            signal.signal(number, signal.SIG_IGN if came else handler)
