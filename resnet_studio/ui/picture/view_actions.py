"""What the View menu does with the picture: detail, zoom, folding, and back and forward."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from resnet_studio.picture.graph import DETAILS

if TYPE_CHECKING:
    from .graph_panel import GraphPanel


def make_view_actions(panel: GraphPanel) -> dict[str, QAction]:
    """The actions that have an icon and a button, by the icon's name."""
    zoom_in, zoom_out = QKeySequence.StandardKey.ZoomIn, QKeySequence.StandardKey.ZoomOut
    actions = {}
    for name, text, keys, slot in (
        ("back", "Bac&k", QKeySequence("Alt+Left"), panel.go_back),
        ("forward", "For&ward", QKeySequence("Alt+Right"), panel.go_forward),
        ("zoom-in", "Zoom &in", QKeySequence(zoom_in), panel.view.zoom_in),
        ("zoom-out", "Zoom &out", QKeySequence(zoom_out), panel.view.zoom_out),
        ("zoom-selection", "Zoom to &selection", QKeySequence("Ctrl+J"), panel.zoom_to_selection),
        ("fit", "&Fit to window", QKeySequence("Ctrl+0"), panel.fit),
    ):
        action = QAction(text, panel)
        action.setShortcut(keys)
        action.setToolTip(f"{text.replace('&', '')} ({keys.toString()})")
        action.triggered.connect(slot)
        actions[name] = action
    return actions


def make_fold_actions(panel: GraphPanel) -> QActionGroup:
    """Fold all, unfold all, or fold where there are many nodes."""
    group = QActionGroup(panel)
    for text, keys, fold, tip in (
        ("Fold &all", "Ctrl+Alt+F", True, "Draw every run of equal units as one node, ×N"),
        ("Unfol&d all", "Ctrl+Alt+U", False, "Draw every unit"),
        ("Fold auto&matically", "Ctrl+Alt+A", None, "Fold runs of equal units where the picture has many nodes"),
    ):
        action = QAction(text, panel, checkable=True)
        action.setShortcut(QKeySequence(keys))
        action.setToolTip(f"{tip} ({keys})")
        action.setData(fold)
        action.setChecked(fold is None)
        group.addAction(action)
    group.triggered.connect(lambda action: panel.set_fold(action.data()))
    return group


def make_detail_actions(panel: GraphPanel) -> QActionGroup:
    """One action a detail."""
    group = QActionGroup(panel)
    for number, detail in enumerate(DETAILS, start=1):
        action = QAction(f"&{detail.capitalize()}", panel, checkable=True)
        action.setShortcut(QKeySequence(f"Ctrl+{number}"))
        action.setChecked(detail == "units")
        action.setData(detail)
        group.addAction(action)
    group.triggered.connect(lambda action: panel.set_detail(action.data()))
    return group
