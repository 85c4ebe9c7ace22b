"""What the window remembers between two starts: where its parts stand, the picture's and the benchmark's choices."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings

from resnet_studio.bench.plan import MODE_TITLES, TimingPlan, validate_plan

if TYPE_CHECKING:
    from .main_window import MainWindow

_VERSION = 1


def read_settings(window: MainWindow) -> None:
    """Puts the window as it was left. Settings that make no sense are passed over."""
    store = QSettings()
    if store.value("version", 0, int) != _VERSION:
        return
    for key, restore in (
        ("geometry", window.restoreGeometry),
        ("upper", window.upper.restoreState),
        ("whole", window.whole.restoreState),
    ):
        state = store.value(key)
        if isinstance(state, QByteArray):
            restore(state)
    window.graph_panel.set_detail(str(store.value("detail", "units")))
    window.graph_panel.set_layout_name(str(store.value("layout", "layered")))
    window.graph_panel.set_colour_by(str(store.value("colour_by", "kind")))
    standard = TimingPlan()
    modes = str(store.value("plan/modes", ",".join(standard.modes))).split(",")

    def number(key: str, otherwise: int) -> int:
        value = store.value(f"plan/{key}", otherwise, int)
        return value if isinstance(value, int) else otherwise

    plan = TimingPlan(
        modes=tuple(mode for mode in MODE_TITLES if mode in modes),
        batch=number("batch", standard.batch),
        burn_in=number("burn_in", standard.burn_in),
        steps=number("steps", standard.steps),
        seed=number("seed", standard.seed),
    )
    if not validate_plan(plan):
        window.benchmark_panel.set_plan(plan)


def write_settings(window: MainWindow) -> None:
    """Keeps how the window stands."""
    store = QSettings()
    store.setValue("version", _VERSION)
    store.setValue("geometry", window.saveGeometry())
    store.setValue("upper", window.upper.saveState())
    store.setValue("whole", window.whole.saveState())
    store.setValue("detail", window.graph_panel.detail)
    store.setValue("layout", window.graph_panel.layout_name)
    store.setValue("colour_by", window.graph_panel.colour_by)
    if plan := window.benchmark_panel.plan:
        for key, value in asdict(plan).items():
            store.setValue(f"plan/{key}", ",".join(value) if key == "modes" else value)


def read_theme() -> str:
    """The theme that was chosen: 'system', 'light' or 'dark'."""
    name = str(QSettings().value("theme", "system"))
    return name if name in ("light", "dark") else "system"


def write_theme(name: str) -> None:
    """Keeps the theme that was chosen."""
    QSettings().setValue("theme", name)
