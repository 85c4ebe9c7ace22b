"""A small program that speaks the engine's protocol without TensorFlow, for tests of whoever talks to an engine.

    python fake_engine.py [--step-seconds S] [--start-seconds S] [--trace-seconds S] [--fault FAULT] [--fault-at STEP]
                          [--slower FACTOR] [--only-design NAME]

It reads a job from its input, and times the job's modes, burn-in and steps by sleeping. FAULT, at the timed step
STEP of the first mode: abort, exit, kill (as out of memory does), rubbish, hang, close (the output, and lives on),
failed (a Failed event). A plan with a profile gets shares in which the first operations take the most. --slower FACTOR makes its timed steps longer; with --only-design NAME fault and factor are for
a job of that design alone. A stepped job waits before each turn of timed steps, as the real engine does.
"""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Iterator


def emit(event: str, **fields: object) -> None:
    print(json.dumps({"event": event, **fields}), flush=True)


def phase(name: str, seconds: float, mode: str | None = None) -> None:
    emit("PhaseBegan", phase=name, mode=mode)
    time.sleep(seconds)
    emit("PhaseEnded", phase=name, nanoseconds=round(seconds * 1e9), mode=mode)


def break_down(fault: str) -> None:
    print(f"the fake engine's last words before it is to {fault}", file=sys.stderr, flush=True)
    if fault == "abort":
        os.abort()
    elif fault == "exit":
        os._exit(3)
    elif fault == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif fault == "rubbish":
        print("Segmentation fault? What segmentation fault?", flush=True)
    elif fault == "hang":
        time.sleep(3600)
    elif fault == "close":
        os.close(1)
        time.sleep(3600)
    elif fault == "failed":
        emit("Failed", summary="It ran out of memory.", detail="a traceback", remedy="Use a smaller batch.")
        sys.exit()


def turns() -> Iterator[int]:
    """The steps of a stepped job: as many as each line of the input says, until one says 0."""
    done = 0
    while count := int(sys.stdin.readline() or 0):
        yield from range(done, done + count)
        done += count


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--step-seconds", type=float, default=0.01)
    parser.add_argument("--start-seconds", type=float, default=0.0)
    parser.add_argument("--trace-seconds", type=float, default=0.0)
    parser.add_argument("--fault", choices=("abort", "exit", "kill", "rubbish", "hang", "close", "failed"))
    parser.add_argument("--fault-at", type=int, default=0)
    parser.add_argument("--slower", type=float)
    parser.add_argument("--only-design")
    options = parser.parse_args()

    time.sleep(options.start_seconds)
    emit("Ready", seconds=options.start_seconds)
    line = sys.stdin.readline()
    if not line:
        return
    job = json.loads(line)
    plan = job["plan"]
    if options.only_design and options.only_design != job["design"]["name"]:
        options.fault = options.slower = None
    step_seconds = options.step_seconds * (options.slower or 1)
    machine = {"processor": "a fake one", "cores": 2, "tensorflow": "0"}
    emit("Started", machine=machine)
    phase("build", 0.0)
    for mode in plan["modes"]:
        phase("trace", options.trace_seconds, mode)
        phase("first_step", options.step_seconds, mode)
        phase("census", 0.0, mode)
        emit("InForce", mode=mode, settings={"batch_norm": "inference", "precision": "float32", "devices": ["CPU"]})
        for part, count in (("burn_in", plan["burn_in"]), ("steps", plan["steps"])):
            began = time.perf_counter_ns()
            emit("PhaseBegan", phase=part, mode=mode)
            stepped = part == "steps" and job.get("stepped", False)
            until_precise = part == "steps" and plan.get("until_precise")
            for index in turns() if stepped else range(30 if until_precise else count):
                if part == "steps" and index == options.fault_at and options.fault:
                    break_down(options.fault)
                step = time.perf_counter_ns()
                time.sleep(step_seconds)
                nanoseconds = time.perf_counter_ns() - step
                emit("Step", mode=mode, index=index, nanoseconds=nanoseconds, burn_in=part == "burn_in")
            ended_by = None if part == "burn_in" else "precise" if until_precise else "steps"
            nanoseconds = time.perf_counter_ns() - began
            emit("PhaseEnded", phase=part, nanoseconds=nanoseconds, mode=mode, ended_by=ended_by)
        emit("Memory", mode=mode, peak_bytes=100_000_000)
    if plan.get("profile"):
        for mode in plan["modes"]:
            phase("profile", 0.0, mode)
            emit("Profiled", shares=shares(job["design"], mode))
    emit("Finished", peak_bytes=600_000_000)


def shares(design: dict[str, object], mode: str) -> dict[str, object]:
    """Of all operations: in the forward part the first ones', in the backward part the last ones' are the largest."""
    from resnet_studio.design.design_json import design_from_json
    from resnet_studio.network.network import expand

    ops = [op.name for op in expand(design_from_json(design)).ops[1:]]
    backward = mode != "forward"
    unit = 90 / (len(ops) * (len(ops) + 1) / 2)
    last = len(ops)
    return {
        "mode": mode,
        "steps": 3,
        "backward": 60.0 * backward,
        "ops": {name: [unit * (last - place), unit * (place + 1) * backward] for place, name in enumerate(ops)},
        "kinds": {"convolution": [90.0, 0.0], "filter gradient": [0.0, 90.0 * backward]},
        "remainder": {"between operations": [10.0, 10.0 * backward]},
    }


if __name__ == "__main__":
    main()
