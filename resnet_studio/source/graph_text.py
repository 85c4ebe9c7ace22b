"""Writes the graph of a network for other programs: GraphML (yEd, Gephi, networkx) and DOT (Graphviz)."""

from __future__ import annotations

import networkx as nx

from resnet_studio.design.words import shape_text
from resnet_studio.network.network import Network
from resnet_studio.picture.graph import Detail, Graph, build_graph
from resnet_studio.picture.palette import LIGHT

_STYLES = {"identity": "bold", "subsample": "dashed", "projection": "bold"}


def to_graphml(network: Network, detail: Detail = "layers") -> str:
    """The graph as GraphML, with all attributes of `build_graph`'s nodes and edges as numbers or texts."""
    graph = build_graph(network, detail)
    plain: Graph = nx.DiGraph(**graph.graph)
    for name, data in graph.nodes(data=True):
        plain.add_node(name, **{key: _plain(key, value) for key, value in data.items()})
    for source, target, data in graph.edges(data=True):
        plain.add_edge(source, target, **{key: _plain(key, value) for key, value in data.items()})
    return '<?xml version="1.0" encoding="utf-8"?>\n' + "\n".join(nx.generate_graphml(plain)) + "\n"


def to_dot(network: Network, detail: Detail = "layers") -> str:
    """The graph as DOT, with one line for each node and edge. Shortcuts have the colours and dashes of our own pictures."""
    graph = build_graph(network, detail)
    lines = [
        f"digraph {quoted(network.design.name)} {{",
        '    node [shape=box, fontname="Helvetica"];',
        f'    edge [color="{LIGHT.line}"];',
    ]
    for name, data in graph.nodes(data=True):
        words = "\n".join(dict.fromkeys(filter(None, (data["label"], data["short"], shape_text(data["shape"])))))
        lines.append(f"    {quoted(name)} [label={quoted(words)}];")
    for source, target, data in graph.edges(data=True):
        kind = data["shortcut"]
        style = f' [label={quoted(kind)}, style={_STYLES[kind]}, color="{LIGHT.shortcut(kind)}"]' if kind else ""
        lines.append(f"    {quoted(source)} -> {quoted(target)}{style};")
    return "\n".join([*lines, "}"]) + "\n"


def quoted(text: str) -> str:
    """`text` as a quoted DOT string. Inside quotes nothing is markup (`<b>` stays as it is), but a backslash must be escaped."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "").replace("\n", "\\n")
    return f'"{escaped}"'


def _plain(key: str, value: object) -> str | int | float:
    """An attribute as a number or a text: a shape as 56×56×256, counts as 'identity 3', names with spaces between them."""
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, dict):
        return ", ".join(f"{kind} {count}" for kind, count in value.items())
    if isinstance(value, tuple):
        return shape_text(value) if key.startswith("shape") else " ".join(value)
    raise TypeError(f"{key}: GraphML has no place for {value!r}")
