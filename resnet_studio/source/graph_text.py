"""The graph of a network as text that graph programs read: GraphML (yEd, Gephi, networkx) and DOT (Graphviz)."""

from __future__ import annotations

import networkx as nx

from resnet_studio.design.words import shape_text
from resnet_studio.network.network import Network
from resnet_studio.picture.graph import Detail, Graph, build_graph
from resnet_studio.picture.palette import LIGHT

_STYLES = {"identity": "bold", "subsample": "dashed", "projection": "bold"}


def to_graphml(network: Network, detail: Detail = "layers") -> str:
    """GraphML: every attribute of `build_graph`'s nodes and edges, as a number or a text."""
    graph = build_graph(network, detail)
    plain: Graph = nx.DiGraph(**graph.graph)
    for name, data in graph.nodes(data=True):
        plain.add_node(name, **{key: _plain(key, value) for key, value in data.items()})
    for source, target, data in graph.edges(data=True):
        plain.add_edge(source, target, **{key: _plain(key, value) for key, value in data.items()})
    return '<?xml version="1.0" encoding="utf-8"?>\n' + "\n".join(nx.generate_graphml(plain)) + "\n"


def to_dot(network: Network, detail: Detail = "layers") -> str:
    """DOT: one line a node and an edge; shortcuts are coloured and dashed by their kind, as in our own pictures."""
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
    """`text` as a DOT string. Quoted, nothing is markup: `<b>` stays three characters; a backslash would be an escape."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "").replace("\n", "\\n")
    return f'"{escaped}"'


def _plain(key: str, value: object) -> str | int | float:
    """What GraphML can hold of an attribute: shapes as 56×56×256, counts as 'identity 3', names in a row."""
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, dict):
        return ", ".join(f"{kind} {count}" for kind, count in value.items())
    if isinstance(value, tuple):
        return shape_text(value) if key.startswith("shape") else " ".join(value)
    raise TypeError(f"{key}: GraphML has no place for {value!r}")
