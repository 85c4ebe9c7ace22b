"""What the window remembers between two starts: where its parts stand, the picture's and the benchmark's choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow, QSplitter

from resnet_studio.bench.plan import MODE_TITLES, PLAN, TimingPlan, validate_plan
from resnet_studio.ui.picture.graph_panel import GraphPanel

from .benchmark_panel import BenchmarkPanel

_VERSION = 1
_FOLDS = {"auto": None, "all": True, "none": False}


def read_settings(
    window: QMainWindow, splitters: Mapping[str, QSplitter], picture: GraphPanel, benchmark: BenchmarkPanel
) -> None:
    """Puts the window as it was left. Settings that make no sense are passed over. splitters: by the name to keep them by."""
    store = QSettings()
    if str(store.value("version")) != str(_VERSION):  # asked for a number, Qt may raise
        return
    for key, restore in (
        ("geometry", window.restoreGeometry),
        *((name, splitter.restoreState) for name, splitter in splitters.items()),
    ):
        state = store.value(key)
        if isinstance(state, QByteArray):
            restore(state)
    picture.set_detail(str(store.value("detail", "units")))
    picture.set_layout_name(str(store.value("layout", "layered")))
    picture.set_fold(_FOLDS.get(str(store.value("fold", "auto"))))
    picture.set_colour_by(str(store.value("colour_by", "kind")))
    benchmark.set_plan(_read_plan(store))


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


def write_settings(
    window: QMainWindow, splitters: Mapping[str, QSplitter], picture: GraphPanel, benchmark: BenchmarkPanel
) -> None:
    """Keeps how the window stands."""
    store = QSettings()
    store.setValue("version", _VERSION)
    store.setValue("geometry", window.saveGeometry())
    for name, splitter in splitters.items():
        store.setValue(name, splitter.saveState())
    store.setValue("detail", picture.detail)
    store.setValue("layout", picture.layout_name)
    store.setValue("fold", next(name for name, fold in _FOLDS.items() if fold is picture.fold))
    store.setValue("colour_by", picture.colour_by)
    if plan := benchmark.plan:
        for key, value in asdict(plan).items():
            store.setValue(f"plan/{key}", ",".join(value) if key == "modes" else "" if value is None else value)


def read_theme() -> str:
    """The theme that was chosen: 'system', 'light' or 'dark'."""
    name = str(QSettings().value("theme", "system"))
    return name if name in ("light", "dark") else "system"


def write_theme(name: str) -> None:
    """Keeps the theme that was chosen."""
    QSettings().setValue("theme", name)
