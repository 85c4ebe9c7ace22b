"""The export program: `python -m resnet_studio.engine.export_program`.

It reads one job, a line of JSON, from its input and writes the file that the job asks for. It answers with a line of JSON:
{"unread": [names]} when it is done, or {"error": sentence, "bad_input": whether the fault is in the job}.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any


def main() -> int:
    """Does one job. Returns the exit status, which is always 0."""
    # TensorFlow also writes to descriptor 1. So that becomes the error output, and the answer gets a descriptor of its own.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
        json.dump(_do(json.loads(sys.stdin.readline())), answers)
    return 0


def _do(job: dict[str, Any]) -> dict[str, Any]:
    try:
        import tensorflow as tf

        from .checkpoint import CheckpointError, load_checkpoint
        from .model import ResNetV2
    except Exception as error:  # noqa: BLE001  a broken installation raises anything
        return _error(f"TensorFlow could not be imported: {error}. Run the set-up again: make run.", bad_input=False)
    from resnet_studio.design.design_json import design_from_json
    from resnet_studio.network.network import expand

    try:
        model = ResNetV2(expand(design_from_json(job["design"])))
        unread = load_checkpoint(model, job["weights"]) if job["weights"] else ()
        _write(model, job["kind"], Path(job["out"]))
    except CheckpointError as error:
        return _error(str(error), bad_input=True)
    except ModuleNotFoundError as error:
        if error.name != "tf2onnx":
            raise
        return _error("ONNX needs tf2onnx, which is not installed: pip install 'resnet-studio[onnx]'.", bad_input=False)
    except tf.errors.OpError as error:
        return _error(f"The export failed: {error.message}", bad_input=False)
    except OSError as error:
        return _error(f"The export failed: {error.strerror or error}.", bad_input=False)
    return {"unread": unread}


def _write(model: Any, kind: str, out: Path) -> None:
    match kind:
        case "saved-model":
            from .saved_model import save_saved_model

            save_saved_model(model, out)
        case "keras":
            from .keras_model import save_keras

            save_keras(model, out)
        case "onnx":
            from .onnx_model import save_onnx

            save_onnx(model, out)
        case "checkpoint":
            from .checkpoint import save_checkpoint

            save_checkpoint(model, out)
        case _:
            raise ValueError(f"{kind}: no kind of export that needs TensorFlow")


def _error(text: str, *, bad_input: bool) -> dict[str, Any]:
    return {"error": text, "bad_input": bad_input}


if __name__ == "__main__":
    sys.exit(main())
