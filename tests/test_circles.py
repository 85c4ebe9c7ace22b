"""No file imports another that imports it in turn, not even for types alone."""

import grimp
import networkx as nx

import resnet_studio


def imports():
    """Which module imports which, with the imports inside functions and those under TYPE_CHECKING."""
    graph = grimp.build_graph(resnet_studio.__name__, exclude_type_checking_imports=False, cache_dir=None)
    return nx.DiGraph((name, used) for name in graph.modules for used in graph.find_modules_directly_imported_by(name))


def test_no_file_level_import_circle_is_left():
    found = imports()
    assert found.number_of_edges() > 500
    assert ("resnet_studio.ui.window.main_window", "resnet_studio.ui.picture.graph_panel") in found.edges
    circles = [sorted(group) for group in nx.strongly_connected_components(found) if len(group) > 1]
    assert circles == []


def test_an_import_for_types_alone_counts(tmp_path, monkeypatch):
    """What the test above leans on: grimp sees a circle that exists for the type checker alone."""
    package = tmp_path / "round_about"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "a.py").write_text("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from . import b\n")
    (package / "b.py").write_text("from . import a\n")
    monkeypatch.syspath_prepend(tmp_path)
    graph = grimp.build_graph("round_about", exclude_type_checking_imports=False, cache_dir=None)
    assert graph.find_modules_directly_imported_by("round_about.a") == {"round_about.b"}
