"""What the parts of the window show is one and the same design: table, picture, totals, tree, find, fields."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt

from resnet_studio.design.bounds import visible_text
from resnet_studio.design.validate import validate
from resnet_studio.design.words import count_text, macs_text
from resnet_studio.network.network import Network, expand, variables
from resnet_studio.network.partial import sound_part
from resnet_studio.network.search import search
from resnet_studio.ui.design.block_table import COLUMNS
from resnet_studio.ui.design.unit_table import UNIT_COLUMNS
from resnet_studio.ui.picture.box_item import BoxItem

if TYPE_CHECKING:
    from resnet_studio.ui.window.main_window import MainWindow

_MOST_WALKED = 3_000  # operations: a larger tree is not opened to its leaves


def disagreements(window: MainWindow) -> list[str]:
    """Each thing that one view shows otherwise than the document has it; none where all agree."""
    part = sound_part(window.document.design)
    network = window.document.network or part.network
    return list(
        chain(
            _document(window),
            _tables(window),
            _fields(window),
            _picture(window, network, len(part.missing)),
            _totals(window),
            _tree(window, network),
            _found(window, network),
            _selection(window, network),
            _others(window),
        )
    )


def _document(window: MainWindow) -> Iterator[str]:
    document = window.document
    if document.problems != (problems := validate(document.design)):
        yield f"the document's problems are {document.problems!r:.200}, the design's {problems!r:.200}"
    if (document.network is None) != bool(problems):
        yield "there is a network with problems, or none without"
    if document.network and document.network != expand(document.design):
        yield "the document's network is another design's"
    if document.modified == document.undo_stack.isClean() or window.isWindowModified() != document.modified:
        yield f"modified: document {document.modified}, window {window.isWindowModified()}"
    if " ".join(str(document.design.name)[:20].split()) not in " ".join(window.windowTitle().split()):
        yield f"the title is {window.windowTitle()!r:.200}"


def _tables(window: MainWindow) -> Iterator[str]:
    design, panel = window.document.design, window.design_panel
    model, units = panel._model, panel._unit_model
    if model.rowCount() != len(design.blocks):
        yield f"the table has {model.rowCount()} rows for {len(design.blocks)} blocks"
    for row, block in enumerate(design.blocks):
        shown = {name: str(model.index(row, column).data()) for column, name in enumerate(COLUMNS)}
        count = str(len(block.units)) if block.typed_count is None else block.typed_count
        due = {"name": visible_text(block.name), "units": visible_text(count), "kind": visible_text(block.kind)}
        for field in ("depth", "depth_bottleneck"):
            values = {visible_text(getattr(unit, field)) for unit in block.units}
            due[field] = values.pop() if len(values) == 1 else "mixed"
        strides = {str(unit.stride) for unit in block.units}
        if shown["stride"] not in strides | {"mixed", "1"}:
            yield f"row {row}, stride: {shown['stride']!r} of {strides}"
        yield from (
            f"row {row}, {name}: {shown[name]!r:.80}, not {due[name]!r:.80}" for name in due if shown[name] != due[name]
        )
    if (block := units.block) is not None:
        if block not in design.blocks or units.rowCount() != len(block.units):
            yield f"the table of units has {units.rowCount()} rows of {block.name!r:.80}"
        for row, unit in enumerate(block.units):
            cells = [str(units.index(row, column).data()) for column in range(units.columnCount())]
            if cells != [visible_text(getattr(unit, column)) for column in UNIT_COLUMNS]:
                yield f"unit {row} of {block.name!r:.80}: {cells}, not {unit}"
    told = sum(panel._problems.item(row).isHidden() is False for row in range(panel._problems.count()))
    if bool(told) != bool(window.document.problems) or told > len(window.document.problems) + 1:
        yield f"{told} of {len(window.document.problems)} problems are told"


def _fields(window: MainWindow) -> Iterator[str]:
    design, form = window.document.design, window.design_panel._options
    due = {form._height: design.image[0], form._width: design.image[1]}
    if design.num_classes is not None:
        due[form._classes] = design.num_classes
    for field, value in due.items():
        # A field that is being typed into is ahead of the design.
        if not field.hasFocus() and not _same(field.value, value):
            yield f"{field.accessibleName()}: {field.value!r:.80}, not {value!r:.80}"
    if not form._name.hasFocus() and not _same(form._name.text(), design.name):
        yield f"name: {form._name.text()!r:.80}, not {design.name!r:.80}"
    for box, flag in (
        (form._pool, design.global_pool), (form._root, design.include_root_block),
        (form._has_classes, design.num_classes is not None),
    ):  # fmt: skip
        if box.isChecked() != bool(flag):
            yield f"{box.text()}: {box.isChecked()}, not {flag!r:.80}"


def _same(shown: object, value: object) -> bool:
    return shown == value or _plain(shown) == _plain(value)


def _plain(value: object) -> list[str]:
    """As a field holds it: 32,767 characters at the most, whatever the spaces, the commas of large numbers left out."""
    return str(value)[:32_767].replace(",", "").split()


def _picture(window: MainWindow, network: Network, missing: int) -> Iterator[str]:
    panel = window.graph_panel
    if panel.network is None or panel.picture is None or panel.scene is None:
        yield "there is no picture"
        return
    if panel.network.ops != network.ops:
        yield f"{len(panel.network.ops)} operations are drawn, {len(network.ops)} are sound"
    boxes = panel.picture.boxes
    drawn = sorted(op for box in boxes for op in box.ops)
    if drawn != sorted(op.name for op in network.ops):
        yield f"the boxes hold {len(drawn)} operations, the network has {len(network.ops)}"
    if sum(not box.ops for box in boxes) != missing:
        yield f"{sum(not box.ops for box in boxes)} boxes stand for {missing} missing parts"
    units = {(op.block, op.unit) for op in network.ops if op.unit}
    if panel.picture.detail != "layers" and (
        count := sum(box.count for box in boxes if box.form != "add" and box.ops)
    ) != len(units):
        yield f"the boxes stand for {count} units of {len(units)}"
    names = {box.name for box in boxes}
    if any(not names.issuperset(line.ends) for line in panel.picture.lines):
        yield "a line begins or ends at no box"
    if [item.box.name for item in panel.scene.boxes] != [box.name for box in boxes]:
        yield f"the scene has {len(panel.scene.boxes)} boxes, the picture {len(boxes)}"


def _totals(window: MainWindow) -> Iterator[str]:
    if window.facts_panel._stale:
        if window.facts_panel.isVisible():
            yield "the totals are seen, and of an earlier design"
        return
    network, texts = window.document.network, {name: each.text() for name, each in window.facts_panel._values.items()}
    if network is None:
        yield from (f"{name}: {text!r} of a faulty design" for name, text in texts.items() if text != "–")
        return
    parameters = sum(each.size for op in network.ops for each in variables(op) if each.trainable)
    macs = sum(
        op.shape[0] * op.shape[1] * op.depth * op.kernel**2 * op.depth_in for op in network.ops if op.kind == "conv"
    )
    units = sum(len(block.units) for block in network.design.blocks)
    for name, due in (("Parameters", count_text(parameters)), ("MACs", macs_text(macs)), ("Units", f"{units:,}")):
        if texts[name] != due:
            yield f"{name}: {texts[name]!r}, not {due!r}"


def _tree(window: MainWindow, network: Network) -> Iterator[str]:
    tree = window.node_tree
    if tree.isVisible() and tree._stale:
        yield "the tree is seen, and of an earlier design"
    root = None if tree._stale else tree.model.root
    if root is None:
        return
    if root.ops != network.ops:
        yield f"the tree has {len(root.ops)} operations of {len(network.ops)}"
    elif 0 < len(root.ops) <= _MOST_WALKED and tree.model.rowCount():
        leaves = list(_leaves(tree.model, tree.model.index(0, 0)))
        if leaves != [op.name for op in network.ops]:
            yield f"the tree's leaves are {len(leaves)} operations of {len(network.ops)}"


def _leaves(model: object, index: QModelIndex) -> Iterator[str]:
    if rows := model.rowCount(index):  # type: ignore[attr-defined]
        for row in range(rows):
            yield from _leaves(model, model.index(row, 0, index))  # type: ignore[attr-defined]
    else:
        yield from (op.name for op in model.node(index).ops)  # type: ignore[attr-defined]


def _found(window: MainWindow, network: Network) -> Iterator[str]:
    bar, scene = window.graph_panel.find_bar, window.graph_panel.scene
    due = () if bar.isHidden() else search(network, bar.text.text())
    if bar.hits != due:
        yield f"find: {len(bar.hits)} hits for {bar.text.text()!r:.80}, not {len(due)}"
    ops = {op for hit in due for op in hit.ops}
    marked = {item.box.name for item in scene.boxes if item._found} if scene else set()
    if marked != {item.box.name for item in (scene.boxes if scene else ()) if not ops.isdisjoint(item.box.ops)}:
        yield f"find: {len(marked)} boxes are marked for {bar.text.text()!r:.80}"


def _selection(window: MainWindow, network: Network) -> Iterator[str]:
    panel, tree = window.graph_panel, window.node_tree
    chosen = panel.selected_ops & network.by_name.keys()  # what a fault hides is selected again once it is mended
    boxes = (
        {item.box.name for item in panel.scene.selectedItems() if isinstance(item, BoxItem)} if panel.scene else set()
    )
    held = (
        {box.name for box in panel.picture.boxes if box.ops and chosen.issuperset(box.ops)} if panel.picture else set()
    )
    if not held <= boxes:
        yield f"{len(held)} boxes are to be selected, {len(boxes)} are"
    if window.selection.ops & network.by_name.keys() != chosen:
        yield f"{len(window.selection.ops)} operations are selected, {len(chosen)} of them in the picture"
    if tree.isVisible():
        rows = {(index.internalId()) for index in tree.view.selectionModel().selectedRows()}
        if rows != {index.internalId() for index in tree.model.find(window.selection.ops)}:
            yield f"the tree has {len(rows)} rows selected for {len(chosen)} operations"


def _others(window: MainWindow) -> Iterator[str]:
    document, bench, differences = window.document, window.benchmark_panel, window.diff_window
    if window.paths_panel.isVisible() and window.paths_panel._network is not document.network:
        yield "the paths are of another design"
    if bench.run_action.isEnabled() and (document.problems or bench._problems):
        yield "Run is offered for a design or a plan with problems"
    if differences.isVisible() and differences.diff:
        for side in ("a", "b"):
            if (
                differences.choices[side].currentData() == "open"
                and getattr(differences.diff, side) != document.network
            ):
                yield f"the differences are of another design at {side}"
    hidden = Qt.WindowModality.NonModal
    if window.windowModality() != hidden:
        yield "the window has become modal"
