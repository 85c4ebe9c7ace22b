"""What the View menu does with the picture: detail, zoom, folding, and back and forward."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from resnet_studio.picture.graph import DETAILS


def make_view_actions(parent: QObject, slots: Mapping[str, Callable[[], None]]) -> dict[str, QAction]:
    """The actions that have an icon and a button, by the icon's name. slots: what each of them does."""
    standard = QKeySequence.StandardKey
    actions = {}
    for name, text, keys in (
        ("back", "Bac&k", QKeySequence("Alt+Left")),
        ("forward", "For&ward", QKeySequence("Alt+Right")),
        ("zoom-in", "Zoom &in", QKeySequence(standard.ZoomIn)),
        ("zoom-out", "Zoom &out", QKeySequence(standard.ZoomOut)),
        ("zoom-selection", "Zoom to &selection", QKeySequence("Ctrl+J")),
        ("fit", "&Fit to window", QKeySequence("Ctrl+0")),
    ):
        action = QAction(text, parent)
        action.setShortcut(QKeySequence(keys))
        action.setToolTip(f"{text.replace('&', '')} ({keys.toString()})")
        action.triggered.connect(slots[name])
        actions[name] = action
    return actions


def make_fold_actions(parent: QObject, choose: Callable[[bool | None], None]) -> QActionGroup:
    """Fold all, unfold all, or fold where there are many nodes: `choose` is told True, False or None."""
    group = QActionGroup(parent)
    for text, keys, fold, tip in (
        ("Fold &all", "Ctrl+Alt+F", True, "Draw every run of equal units as one node, ×N"),
        ("Unfol&d all", "Ctrl+Alt+U", False, "Draw every unit"),
        ("Fold auto&matically", "Ctrl+Alt+A", None, "Fold runs of equal units where the picture has many nodes"),
    ):
        action = QAction(text, parent, checkable=True)
        action.setShortcut(QKeySequence(keys))
        action.setToolTip(f"{tip} ({keys})")
        action.setData(fold)
        action.setChecked(fold is None)
        group.addAction(action)
    group.triggered.connect(lambda action: choose(action.data()))
    return group


def make_detail_actions(parent: QObject, choose: Callable[[str], None]) -> QActionGroup:
    """One action a detail, by whose name `choose` is told."""
    group = QActionGroup(parent)
    for number, detail in enumerate(DETAILS, start=1):
        action = QAction(f"&{detail.capitalize()}", parent, checkable=True)
        action.setShortcut(QKeySequence(f"Ctrl+{number}"))
        action.setChecked(detail == "units")
        action.setData(detail)
        group.addAction(action)
    group.triggered.connect(lambda action: choose(action.data()))
    return group
