"""The terminal face, and the way to the window: `main` reads the arguments, calls one command and ends in a status.

Exit status: 0 done; 1 the run failed; 2 bad input; 130 interrupted. What is wrong is one line on standard error.
Only argparse is imported here: each command loads what it needs, so that `--help` and a slip of the finger are quick.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Sequence

from .inputs import BadInput, CommandError, RunFailed
from .parser import parse
from .streams import make_tolerant, one_line

DONE, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
_NEEDED = frozenset({"networkx", "numpy", "scipy", "tqdm", "PySide6", "pyqtgraph"})


def main(argv: Sequence[str] | None = None, *, engine_command: Sequence[str] | None = None) -> int:
    """Does what the arguments say (by default those the program was started with) and returns the exit status.

    engine_command: the engine program that `bench` and `compare` run; by default the real one.
    """
    make_tolerant(sys.stdout, sys.stderr)
    arguments: argparse.Namespace | None = None
    try:
        arguments = parse(sys.argv[1:] if argv is None else argv)
        status = _do(arguments, engine_command)
        # What the pipe does not take shows here, where it can be told, and not when Python ends.
        if sys.stdout is not None:
            sys.stdout.flush()
        return status
    except BadInput as error:
        return _say(error, BAD_INPUT)
    except RunFailed as error:
        return _say(error, FAILED)
    except KeyboardInterrupt:
        return _say("Interrupted.", INTERRUPTED)
    except BrokenPipeError:
        # The reader has gone (`show ... | head`): it has what it wanted, but a run was cut short.
        _drop_output()
        return FAILED if arguments is not None and arguments.command in ("bench", "compare") else DONE
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _NEEDED:
            raise
        return _say(f"{error.name} is not installed. Start with `make run`, which installs what is needed.", FAILED)
    except OSError as error:
        _drop_output()
        return _say(f"The output can't be written: {error.strerror or error}.", FAILED)
    except SystemExit as error:  # --help and --version, and SIGTERM
        return error.code if isinstance(error.code, int) else DONE


def _do(arguments: argparse.Namespace, engine_command: Sequence[str] | None) -> int:
    match arguments.command:
        case "show":
            from .show import show

            return show(arguments.design, arguments.network, as_json=arguments.json)
        case "draw":
            from .draw import draw

            return draw(arguments)
        case "bench":
            from .bench import bench, read_job

            return bench(read_job(arguments), arguments.json, engine_command)
        case "compare":
            from .compare import compare, read_contest

            return compare(read_contest(arguments), arguments.json, engine_command)
        case "paths":
            from .paths import paths

            return paths(arguments.design, arguments.lesion, arguments.network, as_json=arguments.json)
        case "diff":
            from .diff import diff

            return diff(arguments.a, arguments.b, arguments.network, as_json=arguments.json)
        case "export":
            from .export import export

            return export(
                arguments.design,
                arguments.kind,
                arguments.output,
                arguments.weights,
                arguments.detail,
                arguments.network,
                force=arguments.force,
            )
        case _:
            from .window import window

            return window(arguments.design, engine_command)


def _say(error: CommandError | str, status: int) -> int:
    """Tells what is wrong in one line, whatever was typed."""
    text = f"error: {error}" if isinstance(error, CommandError) or status == FAILED else str(error)
    with contextlib.suppress(OSError):  # nobody reads it; the status tells
        print(one_line(text), file=sys.stderr, flush=True)
    return status


def _drop_output() -> None:
    """Sends what is still to be written nowhere: Python would complain when it ends."""
    with contextlib.suppress(OSError, AttributeError):  # no real file, as in tests
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
