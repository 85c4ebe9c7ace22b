"""The monkey on the real window. `MONKEY_SEED=7 pytest tests/attack/test_monkey.py` replays a seed."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SEED = os.environ.get("MONKEY_SEED", "4")


def monkey(folder, seed, events, *options):
    """What the monkey tells in the end, what it did, and its errors. A program of its own: a fault may end the process."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"}
    command = [
        sys.executable,
        "-P",
        "-m",
        "tests.attack.monkey",
        "--seed",
        seed,
        "--events",
        str(events),
        "--folder",
        str(folder),
    ]
    done = subprocess.run(
        [*command, *options], cwd=folder, env=environment, capture_output=True, text=True, errors="replace", timeout=280
    )
    events = (folder / "events").read_text(encoding="utf-8", errors="replace").splitlines()
    told = (
        json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else {"fault": f"it died ({done.returncode})"}
    )
    return told, events, done.stderr


def test_no_event_breaks_the_window_or_makes_its_views_disagree(tmp_path):
    told, events, errors = monkey(tmp_path, SEED, 2_000)
    last = "\n".join(events[-12:])
    assert not told["fault"], f"MONKEY_SEED={SEED}: {told['fault']}\n{errors[-3_000:]}\nThe last events:\n{last}"
    assert told["events"] == len(events) == 2_000


def test_a_seed_does_the_same_again(tmp_path):
    done = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        _, events, _ = monkey(tmp_path / name, "11", 60)
        done.append([line.rpartition(" (")[0] for line in events])
    assert len(done[0]) > 20
    assert done[0] == done[1]


def test_a_view_that_is_behind_is_found(tmp_path):
    """The monkey's own test: a table that doesn't follow the document, and an exception in a Qt override."""
    for fault, told_of in (("table", "row 0, name: '5'"), ("override", "ZeroDivisionError")):
        (tmp_path / fault).mkdir()
        told, events, _ = monkey(tmp_path / fault, "4", 200, "--break", fault)
        assert told_of in told["fault"], fault
        assert len(events) <= 200
