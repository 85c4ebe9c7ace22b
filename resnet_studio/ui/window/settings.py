"""What the window remembers between two starts: where its parts stand, the picture's and the benchmark's choices."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QSettings

from resnet_studio.bench.plan import MODE_TITLES, PLAN, TimingPlan, validate_plan

if TYPE_CHECKING:
    from .main_window import MainWindow

_VERSION = 1
_FOLDS = {"auto": None, "all": True, "none": False}


def read_settings(window: MainWindow) -> None:
    """Puts the window as it was left. Settings that make no sense are passed over."""
    store = QSettings()
    if str(store.value("version")) != str(_VERSION):  # asked for a number, Qt may raise
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
    window.graph_panel.set_fold(_FOLDS.get(str(store.value("fold", "auto"))))
    window.graph_panel.set_colour_by(str(store.value("colour_by", "kind")))
    window.benchmark_panel.set_plan(_read_plan(store))


def _read_plan(store: QSettings) -> TimingPlan:
    """The plan that was kept, less what makes no sense, here or any more: a GPU that is gone."""
    plan = TimingPlan()
    modes = str(store.value("plan/modes", ",".join(plan.modes))).split(",")
    kept: dict[str, Any] = {"modes": tuple(mode for mode in MODE_TITLES if mode in modes)}
    for field in PLAN:
        text = str(store.value(f"plan/{field.name}", ""))
        if text and field.name != "modes":
            kept[field.name] = field.parse(text)
    for name, value in kept.items():
        if not validate_plan(changed := replace(plan, **{name: value})):
            plan = changed
    return plan


def write_settings(window: MainWindow) -> None:
    """Keeps how the window stands."""
    store = QSettings()
    store.setValue("version", _VERSION)
    store.setValue("geometry", window.saveGeometry())
    store.setValue("upper", window.upper.saveState())
    store.setValue("whole", window.whole.saveState())
    store.setValue("detail", window.graph_panel.detail)
    store.setValue("layout", window.graph_panel.layout_name)
    store.setValue("fold", next(name for name, fold in _FOLDS.items() if fold is window.graph_panel.fold))
    store.setValue("colour_by", window.graph_panel.colour_by)
    if plan := window.benchmark_panel.plan:
        for key, value in asdict(plan).items():
            store.setValue(f"plan/{key}", ",".join(value) if key == "modes" else "" if value is None else value)


def read_theme() -> str:
    """The theme that was chosen: 'system', 'light' or 'dark'."""
    name = str(QSettings().value("theme", "system"))
    return name if name in ("light", "dark") else "system"


def write_theme(name: str) -> None:
    """Keeps the theme that was chosen."""
    QSettings().setValue("theme", name)
