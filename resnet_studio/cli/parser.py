"""The arguments. Values stay the texts that were typed: each is judged where its bounds are known."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from .inputs import BadInput

COMMANDS = ("show", "draw", "bench", "compare", "paths", "diff", "export")
_EPILOG = "exit status: 0 done, 1 the run failed, 2 bad input, 130 interrupted"
_DESIGN = "a preset's name (resnet_v2_50, resnet_v2_50_paper, cifar_resnet_v2_110 ...), a design file, or a program, text or notebook in TF-Slim's notation"


class _Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are one line, as all others."""

    def error(self, message: str) -> NoReturn:
        raise BadInput(f"{message}. See `{self.prog} --help`.")


class _Version(argparse.Action):
    """Tells the versions and ends. They are read when they are asked for: it takes a moment."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from .versions import version_text

        print(version_text())
        parser.exit()


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The arguments as values: `command` ("" for the window) and what it takes. Raises BadInput.

    `main.py DESIGN`, with no command, opens the window on that design.
    """
    arguments = list(arguments)
    if arguments and not arguments[0].startswith("-") and arguments[0] not in COMMANDS:
        if len(arguments) > 1:
            raise BadInput(f"there is no command '{arguments[0]}'. The commands are {', '.join(COMMANDS)}.")
        return argparse.Namespace(command="", design=arguments[0])
    values = _parser().parse_args(arguments)
    if values.command is None:
        return argparse.Namespace(command="", design=None)
    return values


def _parser() -> _Parser:
    program = Path(sys.argv[0]).name
    parser = _Parser(
        prog="python main.py" if program == "main.py" else "resnet-studio",
        description="Edit a residual network, see it, know its cost, and time it on TensorFlow. "
        "Without a command the window opens, on DESIGN if one is named.",
        usage="%(prog)s [-h] [--version] [DESIGN | COMMAND ...]",
        epilog=_EPILOG,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--version", action=_Version, nargs=0, help="tell the versions of this program and its libraries"
    )
    commands = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND", prog=parser.prog)

    def command(name: str, what: str, designs: str = "design") -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=what, description=what, epilog=_EPILOG, allow_abbrev=False)
        added.add_argument(designs, metavar="DESIGN", nargs=None if designs == "design" else "+", help=_DESIGN)
        _add_network(added, several=designs != "design")
        return added

    show = command("show", "tell what a network is and what it costs")
    show.add_argument("--json", action="store_true", help="as one JSON object")

    draw = command("draw", "draw a network to a file")
    draw.add_argument(
        "-o", "--output", metavar="FILE", type=Path, required=True, help="the picture: .svg, .pdf, .png or .tex (TikZ)"
    )
    draw.add_argument("--detail", default="units", metavar="DETAIL", help="blocks, units (default) or layers")
    draw.add_argument("--layout", default="layered", metavar="NAME",
                      help="how the nodes are laid out (default layered); a name that does not exist is answered with the list")  # fmt: skip
    draw.add_argument("--fold", action=argparse.BooleanOptionalAction, default=None,
                      help="draw runs of equal units as one (default: where there are many nodes)")  # fmt: skip
    draw.add_argument("--color-by", default="kind", metavar="WHAT",
                      help="kind (default), parameters, macs, memory or receptive-field")  # fmt: skip
    draw.add_argument("--theme", default="light", metavar="THEME", help="light (default) or dark")
    draw.add_argument("--scale", metavar="N", help="of a .png: pixels a point (default 2)")

    bench = command("bench", "time a network's forward and backward pass on TensorFlow")
    _add_timing(bench, one_design=True)
    bench.add_argument("--json", metavar="FILE", type=Path, help="write the times, with what they were measured on")

    compare = command("compare", "time networks turn by turn and tell which is slower", "designs")
    compare.add_argument("--vary", action="append", default=[], metavar="NAME=VALUE[,...]",
                         help="one side more: the first design under other settings (batch=8, form=paper, "
                         "precision=bfloat16); may be given several times")  # fmt: skip
    _add_timing(compare, one_design=False)
    compare.add_argument("--rounds", "--steps", default="100", metavar="N",
                         help="rounds of each mode, in which every design is timed once (default 100)")  # fmt: skip
    compare.add_argument("--json", metavar="FILE", type=Path, help="write ratios, rounds, and all steps of each design")

    paths = command("paths", "count the paths through a network, by length, and what a lesion leaves of them")
    paths.add_argument("--lesion", metavar="UNITS",
                       help="units without their residual branch: block2/unit_3,block3/unit_1")  # fmt: skip
    paths.add_argument("--json", action="store_true", help="as one JSON object, every count exact")

    what = "tell what differs between two networks, unit by unit, and what that costs"
    diff = commands.add_parser("diff", help=what, description=what, epilog=_EPILOG, allow_abbrev=False)
    for name in ("a", "b"):
        diff.add_argument(name, metavar="DESIGN", help=_DESIGN)
    _add_network(diff, several=True)
    diff.add_argument("--json", action="store_true", help="as one JSON object, every part in it")

    export = command("export", "carry a network out, with its weights where wanted")
    export.add_argument("--as", dest="kind", metavar="KIND", required=True,
                        help="saved-model, keras, onnx, checkpoint, keras-python or tensorflow-python (with weights); slim, json "
                        "(the design); graphml, dot (the graph)")  # fmt: skip
    export.add_argument("-o", "--output", metavar="OUT", type=Path, required=True,
                        help="the file; for saved-model a folder, for checkpoint the beginning of its files' names")  # fmt: skip
    export.add_argument("--weights", metavar="CHECKPOINT", type=Path,
                        help="a TensorFlow checkpoint, as TF-Slim writes them (default: fresh weights)")  # fmt: skip
    export.add_argument("--force", action="store_true",
                        help="into a folder that is not empty, or over a checkpoint: replaces only what such an export writes")  # fmt: skip
    export.add_argument(
        "--detail", default="layers", metavar="DETAIL", help="of a graph: blocks, units or layers (default)"
    )
    return parser


def _add_network(command: argparse.ArgumentParser, *, several: bool) -> None:
    """Which network of a text is meant, for commands that take one design or several."""
    words = "which of the networks in a program or notebook is meant"
    if several:
        more = f"{words}; given several times, for each DESIGN in turn"
        command.add_argument("--network", metavar="NAME", action="append", default=[], help=more)
    else:
        command.add_argument("--network", metavar="NAME", help=words)


def _add_timing(command: argparse.ArgumentParser, *, one_design: bool) -> None:
    """What `bench` and `compare` both take."""
    from .plan import add_plan_options

    command.add_argument("--image", metavar="HxW", help="height and width in pixels (default: the design's)")
    command.add_argument("--yes", action="store_true",
                         help="run even where that is forecast to take over 80 %% of the free memory")  # fmt: skip
    add_plan_options(command, one_design=one_design)
