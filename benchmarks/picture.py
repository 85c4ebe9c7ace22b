"""How fast the picture is: from an edit to the repainted window, beside Keras's own picture; 1001 layers' first paint; frames.

    python -m benchmarks.picture [ROUNDS]

The peer is the way that a Keras user has to a picture of the same network: keras.applications builds it, and
keras.utils.plot_model draws it, with Graphviz's `dot` and the package pydot. Both sides take turns in one program.
"""

import gc
import importlib.util
import os
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject, QPointF
from PySide6.QtWidgets import QApplication

from benchmarks.table import Row, not_installed, quartiles, show
from resnet_studio.design.presets import PRESETS
from resnet_studio.network.derived import Derived
from resnet_studio.network.network import expand, one_unit
from resnet_studio.picture.captions import label_room, wanted_beneath
from resnet_studio.picture.flow import make_flow
from resnet_studio.picture.graph import build_graph
from resnet_studio.picture.picture import make_picture
from resnet_studio.picture.sizes import scale_of
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.design.selection import Selection
from resnet_studio.ui.picture.graph_panel import GraphPanel

SIZE = (1000, 700)
ZOOMS = (0.05, 0.1, 0.2, 0.35, 0.5, 1.0, 2.0)
FRAMES = 40  # at each zoom, half of them panned, half zoomed
DEEP = PRESETS["cifar_resnet_v2_1001"]
EDITED = PRESETS["resnet_v2_152"]


def rows(rounds=5):
    app = QApplication.instance() or QApplication([])
    network = expand(DEEP)
    return [
        *edits(app, 4 * rounds),
        edit_beside_keras(app, rounds),
        first_paint(app, 3 * rounds),
        *frames(app, network),
        *layout(network, 3 * rounds),
    ]


def edited(number):
    """The designs that the edits of a round come to, by what is edited: no two rounds after one another are alike."""
    image, block2, block3 = 224 + 32 * (1 + number % 3), EDITED.blocks[1], EDITED.blocks[2]
    return {
        "number of classes": replace(EDITED, num_classes=1001 + number),
        "a block's depth_bottleneck": EDITED.with_block(1, block2.with_all("depth_bottleneck", 129 + number % 7)),
        "a block's number of units": EDITED.with_block(2, block3.with_count(30 + number % 5)),
        "size of the image": replace(EDITED, image=(image, image)),
    }


def edits(app, rounds):
    """Edits of four kinds in turn, each undone before the next: of the first only a word changes, of the last two everything."""
    panel, document = shown_panel(app, EDITED)
    edit(app, panel, document, PRESETS["resnet_v2_101"])  # nobody's first edit is what is meant
    edit(app, panel, document, EDITED)
    taken = {}
    for number in range(rounds):
        gc.collect()
        for what, design in edited(number).items():
            taken.setdefault(what, []).append(edit(app, panel, document, design) * 1e3)
            edit(app, panel, document, EDITED)
    check_against_a_new_panel(app, panel)
    name = "edit to repainted picture of ResNet-152, units"
    every = [value for values in taken.values() for value in values]
    for what, values in ({"all four in turn": every} | taken).items():
        middle, low, high = quartiles(values)
        most = 8 if values is every else None
        yield Row(
            "picture", f"{name}: {what}", middle, "ms", low, high, "quartiles", len(values),
            f"<= {most}" if most else "", middle <= most if most else None, "", {"ms": values},
        )  # fmt: skip
    panel.deleteLater()


def check_against_a_new_panel(app, panel):
    """What many edits have made of a picture must look as if it had been made anew."""
    other, _ = shown_panel(app, EDITED)
    if panel.view.grab().toImage() != other.view.grab().toImage():
        raise AssertionError("after edits the picture looks otherwise than made anew")
    other.deleteLater()


def edit_beside_keras(app, rounds):
    name = "edit to repainted picture of ResNet-152, units: ours / keras.applications + plot_model"
    panel, document = shown_panel(app, EDITED)
    edit(app, panel, document, PRESETS["resnet_v2_101"])
    missing = "" if importlib.util.find_spec("pydot") else "pydot"
    missing = missing if shutil.which("dot") else "Graphviz's dot"
    ours, peer = [], []
    for number in range(rounds):
        designs = [*edited(number).values()]
        gc.collect()
        gc.freeze()  # the window's program never has Keras's objects to go through
        ours.append(edit(app, panel, document, designs[number % len(designs)]))
        if not missing:
            peer.append(keras_picture())
    panel.deleteLater()
    if missing:
        return not_installed("picture", f"{name} (ours {statistics.median(ours) * 1e3:.0f} ms)", missing)
    ratio, low, high = quartiles([mine / theirs for mine, theirs in zip(ours, peer, strict=True)])
    return Row(
        "picture", name, ratio, "x", low, high, "quartiles", rounds, "<= 1/300", ratio <= 1 / 300,
        f"1/{1 / ratio:.0f}: {statistics.median(ours) * 1e3:.1f} ms against {statistics.median(peer):.2f} s",
        {"ours s": ours, "peer s": peer},
    )  # fmt: skip


def keras_picture():
    """Seconds from nothing to Keras's picture, the import of Keras not counted."""
    import keras

    keras.backend.clear_session()
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        keras.utils.plot_model(keras.applications.ResNet152V2(weights=None), to_file=Path(folder) / "model.png")
        return time.perf_counter() - began


def make_panel(design):
    """A panel and the document that it shows."""
    document = DesignDocument(design)
    panel = GraphPanel(document, Selection(document))
    panel.resize(*SIZE)
    return panel, document


def shown_panel(app, design):
    panel, document = make_panel(design)
    panel.show()
    app.processEvents()
    panel.view.grab()
    return panel, document


class Paints(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget):
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        self.count += event.type() == QEvent.Type.Paint
        return False


def edit(app, panel, document, design):
    """Seconds from a changed design to its picture, painted. Qt paints what has changed; that it did is checked."""
    paints = Paints(panel.view.viewport())
    began = time.perf_counter()
    document.edit(design, "edit")
    app.processEvents()
    taken = time.perf_counter() - began
    if not paints.count:
        raise AssertionError("the edit was not painted")
    panel.view.viewport().removeEventFilter(paints)
    return taken


def first_paint(app, rounds):
    """From the network to all its layers on the screen, unfolded, in a panel that has shown another design before."""
    taken, processor = [], []
    for _ in range(rounds):
        panel, document = make_panel(PRESETS["resnet_v2_18"])
        panel.show()
        panel.set_detail("layers")
        panel.set_fold(False)
        app.processEvents()
        one_unit.cache_clear()  # so that nothing has been worked out of the network yet
        document._derived = Derived(DEEP)
        assert document.network is not None  # expanded here: how long that takes is told elsewhere
        gc.collect()
        began, spent = time.perf_counter(), time.process_time()
        document.design_changed.emit()
        document.settled.emit()
        panel.view.viewport().repaint()
        taken.append((time.perf_counter() - began) * 1e3)
        processor.append((time.process_time() - spent) * 1e3)
        assert len(panel.picture.boxes) > 1000
        panel.close()
        panel.deleteLater()
        app.processEvents()
    middle, low, high = quartiles(taken)
    return Row(
        "picture", "first paint of 1001 layers, unfolded, from the network on", middle, "ms", low, high, "quartiles", rounds,
        "<= 120", middle <= 120, f"processor time {statistics.median(processor):.0f} ms", {"ms": taken, "processor ms": processor},
    )  # fmt: skip


def frames(app, network):
    """One row a kind of move: the 95th percentile over all zooms."""
    panel, _ = shown_panel(app, DEEP)
    panel.set_detail("layers")
    panel.set_fold(False)
    app.processEvents()
    view, centre = panel.view, panel.scene.sceneRect().center()
    at = QPointF(view.viewport().width() / 2, view.viewport().height() / 2)
    found = []
    for name in ("pan", "zoom"):
        taken, processor = {}, []
        for scale in ZOOMS:
            view.put(centre, at, scale)
            view.viewport().repaint()
            taken[scale] = []
            for number in range(FRAMES // 2):
                began, spent = time.perf_counter(), time.process_time()
                if name == "pan":
                    view.put(centre + QPointF(7 * number, 5 * number) / scale, at)
                else:
                    view.put(centre, at, scale * (1 + 0.004 * number))
                view.viewport().repaint()
                taken[scale].append((time.perf_counter() - began) * 1e3)
                processor.append((time.process_time() - spent) * 1e3)
        every = sorted(value for values in taken.values() for value in values)
        percentile, busy = (statistics.quantiles(values, n=20)[-1] for values in (every, processor))
        raw = {f"ms at {scale:g} pixels a point": values for scale, values in taken.items()}
        found.append(
            Row(
                "picture", f"{name} frame of 1001 layers unfolded, 95th percentile over {len(ZOOMS)} zooms", percentile, "ms",
                every[0], every[-1], "least to most", len(every), "<= 16", percentile <= 16,
                f"median {statistics.median(every):.1f} ms; processor time {busy:.1f} ms", raw | {"processor ms": processor},
            )
        )  # fmt: skip
    panel.close()
    return found


def layout(network, rounds):
    graph = build_graph(network, "layers")
    scale = scale_of(graph)
    sizes = {node: scale.size(data) for node, data in graph.nodes.items()}
    beneath, room = wanted_beneath(graph), label_room(graph, "layered")
    placed, drawn = [], []
    for _ in range(rounds):
        began = time.perf_counter()
        make_flow(graph, "layered", sizes, 1.6, beneath, room)
        placed.append((time.perf_counter() - began) * 1e3)
        began = time.perf_counter()
        make_picture(network, "layers", fold=False)
        drawn.append((time.perf_counter() - began) * 1e3)
    for name, taken, most in (("layout", placed, 60), ("whole geometry, from the network to the picture", drawn, None)):
        middle, low, high = quartiles(taken)
        yield Row(
            "picture", f"{name} of 1001 layers, unfolded", middle, "ms", low, high, "quartiles", rounds,
            f"<= {most}" if most else "", middle <= most if most else None, "", {"ms": taken},
        )  # fmt: skip


if __name__ == "__main__":
    show(rows(*map(int, sys.argv[1:])))
