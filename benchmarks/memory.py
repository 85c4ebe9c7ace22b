"""How near the forecast of a run's memory comes to what the engine is measured to take, for six designs in both modes.

    python -m benchmarks.memory

The memory is the engine's peak above what TensorFlow takes before anything is built; a mode is timed alone, by an engine of
its own.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from benchmarks.table import Row, attempt, show
from resnet_studio.bench.forecast import forecast
from resnet_studio.bench.job import Job
from resnet_studio.bench.memory_text import parts_text
from resnet_studio.bench.plan import MODE_TITLES, Mode, TimingPlan
from resnet_studio.bench.recording import record
from resnet_studio.design.presets import PRESETS
from resnet_studio.driver.process import EngineProcess
from resnet_studio.network.network import expand

CASES = (
    ("resnet_v2_50", (224, 224), 12),
    ("resnet_v2_34", (224, 224), 8),
    ("resnet_v2_101_paper", (192, 192), 4),
    ("resnet_v2_200_paper", (160, 160), 2),
    ("cifar_resnet_v2_56", (32, 32), 128),
    ("cifar_resnet_v2_1001", (32, 32), 4),
)
WITHIN = 0.15
MODES: tuple[Mode, ...] = ("forward", "forward-backward")


def rows(cases: int | None = None) -> Iterator[Row]:
    """Forecast over measured, for each of the first `cases` designs, or all, in each mode."""
    for name, image, batch in CASES[:cases]:
        for mode in MODES:
            title = f"{name}, {image[0]}x{image[1]}, batch {batch}, {MODE_TITLES[mode].lower()}: forecast / measured"
            yield from attempt("memory", title, partial(_row, title, name, image, batch, mode))


def _row(title: str, name: str, image: tuple[int, int], batch: int, mode: Mode) -> Iterator[Row]:
    design = replace(PRESETS[name], image=image)
    plan = TimingPlan((mode,), batch=batch, burn_in=1, steps=2)
    need = forecast(expand(design), plan)
    job = Job(design, plan)
    result = record(job, EngineProcess().run(job))
    if result.end != "Finished":
        raise RuntimeError(f"the run did not finish: {result.end}")
    measured = result.runs[0].memory_bytes
    ratio = need.total / measured
    yield Row(
        "memory", title, ratio, rounds=1, target="0.85 to 1.15", met=abs(ratio - 1) <= WITHIN,
        note=f"measured {measured / 2**20:,.0f} MiB; forecast {parts_text(need)}",
        raw={"forecast (bytes)": [need.total], "measured (bytes)": [measured]},
    )  # fmt: skip


if __name__ == "__main__":
    show(rows())
