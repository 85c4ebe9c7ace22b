"""Each export, read back by its real reader, gives the output that the network gives."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from resnet_studio.design.design_json import design_to_json
from resnet_studio.design.files import load as load_design
from resnet_studio.design.notation import parse
from resnet_studio.design.spec import Block, Design, Unit, block
from resnet_studio.driver.export import ExportError, ExportFailedError, export
from resnet_studio.engine.checkpoint import load_checkpoint, save_checkpoint
from resnet_studio.engine.export_program import _do as do
from resnet_studio.engine.keras_model import keras_model, save_keras
from resnet_studio.engine.model import ResNetV2
from resnet_studio.engine.saved_model import save_saved_model
from resnet_studio.network.cost import network_cost
from resnet_studio.network.network import expand
from resnet_studio.source.python_source import to_keras_python, to_tensorflow_python

# Keras asks TensorFlow's tensors for arrays in a way that NumPy 2 has a word on.
pytestmark = [pytest.mark.tensorflow, pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")]

THIN = Design(
    "thin_50",
    tuple(block(f"block{i + 1}", n, 32 * 2**i, 8 * 2**i, 2 if i < 3 else 1) for i, n in enumerate((2, 3, 3, 2))),
    image=(65, 48), num_classes=10, root_depth=16,
)  # fmt: skip
MIXED = Design(
    "mixed-1.0",
    (
        Block("a.first", (Unit(16, 4, 1), Unit(16, 8, 2), Unit(24, 4, 1), Unit(24, 4, 3))),
        Block("b", (Unit(24, 1, 1), Unit(24, 1, 2), Unit(20, 1, 1)), "basic"),
        Block("c", (Unit(32, 8, 2), Unit(32, 8, 1))),
    ),
    image=(37, 50), num_classes=7, global_pool=False, conv_biases=False, stride_conv="conv1", root_depth=8,
)  # fmt: skip
BASIC = Design(
    "basic",
    tuple(block(f"b{i}", 2, 8 * 2**i, 0, 1 + i, "first", "basic") for i in range(2)),
    image=(17, 16), num_classes=None, root="cifar", root_depth=8, batch_norm_scale=False,
    batch_norm_decay=0.9, batch_norm_epsilon=1e-3, weight_decay=0.0,
)  # fmt: skip


@pytest.fixture(params=[THIN, MIXED, BASIC], ids=lambda design: design.name)
def design(request):
    return request.param


def model_of(design):
    """A model in which no variable is left at a value that another could have by chance."""
    model = ResNetV2(expand(design))
    random = np.random.default_rng(1)
    for name, variable in model.by_name.items():
        if not name.endswith("weights"):
            low, high = (0.5, 1.5) if name.endswith(("gamma", "variance")) else (-0.2, 0.2)
            variable.assign(random.uniform(low, high, variable.shape))
    return model


def images_of(design, batch=2):
    return np.random.default_rng(2).standard_normal((batch, *design.image, design.channels), "f")


def assert_close(value, wanted, tolerance):
    scale = np.abs(wanted).max()
    np.testing.assert_allclose(value / scale, wanted / scale, rtol=tolerance, atol=tolerance)


def imported(path):
    spec = importlib.util.spec_from_file_location("exported", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_saved_model_is_read_back_and_gives_the_same(design, tmp_path):
    model = model_of(design)
    save_saved_model(model, tmp_path / "saved")
    loaded = tf.saved_model.load(str(tmp_path / "saved"))
    for batch in (1, 3):
        images = images_of(design, batch)
        net, end_points = model(images)
        assert_close(loaded(images), net, 1e-5)
        served = loaded.signatures["serving_default"](images=tf.constant(images))
        assert set(served) == {"output", "predictions"} & {"output", *end_points}
        assert_close(served["output"], net, 1e-5)
        found = loaded.signatures["end_points"](images=tf.constant(images))
        assert found.keys() == end_points.keys()
        for name, value in end_points.items():
            assert_close(found[name], value, 1e-5)


def test_a_keras_file_is_read_back_and_gives_the_same(design, tmp_path):
    import keras

    model = model_of(design)
    save_keras(model, tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    images = images_of(design)
    assert_close(loaded(images), model(images)[0], 1e-4)
    assert loaded.count_params() == network_cost(model.network).total_parameters
    assert loaded.name == design.name


def test_a_keras_model_of_every_option_gives_the_same(variant):
    model = model_of(variant)
    images = images_of(variant)
    assert_close(keras_model(model)(images), model(images)[0], 1e-4)


def test_weight_decay_enters_a_keras_models_loss(tiny):
    from resnet_studio.engine.model import regularisation

    model = model_of(tiny)
    assert_close(sum(keras_model(model).losses), regularisation(model), 1e-5)
    assert keras_model(model_of(replace(tiny, weight_decay=0.0))).losses == []


def test_an_onnx_file_is_read_back_and_gives_the_same(design, tmp_path):
    pytest.importorskip("tf2onnx")
    runtime = pytest.importorskip("onnxruntime")
    from resnet_studio.engine.onnx_model import save_onnx

    model = model_of(design)
    save_onnx(model, tmp_path / "m.onnx")
    for batch in (1, 3):
        images = images_of(design, batch)
        (output,) = runtime.InferenceSession(tmp_path / "m.onnx").run(["output"], {"images": images})
        assert_close(output, model(images)[0], 1e-4)


def check_tensorflow_python(design, folder):
    model, path = model_of(design), folder / "network.py"
    save_checkpoint(model, folder / "c")
    path.write_text(to_tensorflow_python(model.network))
    module = imported(path)
    net = module.ResNet()
    module.load_weights(net, str(folder / "c"))
    assert {v.name for v in net.variables} == {v.name for v in model.variables}
    assert {v.name for v in net.trainable_variables} == {v.name for v in model.trainable_variables}
    images = images_of(design)
    assert_close(net(images), model(images)[0], 1e-4)
    # In training too, with what it leaves in the moving statistics.
    assert_close(net(images, training=True), model(images, training=True)[0], 1e-4)
    for name, variable in net.by_name.items():
        np.testing.assert_allclose(variable, model.by_name[name], rtol=1e-4, atol=1e-5)


def check_keras_python(design, folder):
    model, path = model_of(design), folder / "network.py"
    save_checkpoint(model, folder / "c")
    path.write_text(to_keras_python(model.network))
    module = imported(path)
    built = module.resnet()
    module.load_weights(built, str(folder / "c"))
    assert built.count_params() == network_cost(model.network).total_parameters
    assert_close(built(images_of(design)), model(images_of(design))[0], 1e-4)


CHECKS = [check_tensorflow_python, check_keras_python]


@pytest.mark.parametrize("check", CHECKS)
def test_an_exported_python_file_is_the_same_network(check, design, tmp_path):
    check(design, tmp_path)


@pytest.mark.parametrize("check", CHECKS)
def test_an_exported_python_file_has_every_option(check, variant, tmp_path):
    check(variant, tmp_path)


@pytest.mark.parametrize("kind", ["tensorflow-python", "keras-python"])
def test_an_exported_python_file_runs_on_its_own(kind, tmp_path):
    (tmp_path / "empty").mkdir()
    weights = tmp_path / "c"
    save_checkpoint(model_of(MIXED), weights)
    export(MIXED, kind, tmp_path / "empty" / "network.py", weights)
    assert (
        f"# load_weights({'net' if kind.startswith('t') else 'model'}, '{weights}')"
        in (tmp_path / "empty" / "network.py").read_text()
    )
    run = subprocess.run(
        [sys.executable, "-I", "network.py"], cwd=tmp_path / "empty", capture_output=True, text=True, timeout=120
    )
    network = expand(MIXED)
    shape = (2, *network.by_name[network.output].shape)
    assert run.returncode == 0, run.stderr
    assert run.stdout == (
        f"mixed-1.0: {network_cost(network).parameters:,} trainable parameters\n(2, 37, 50, 3) -> {shape}\n"
    )


def test_the_export_program_writes_with_a_checkpoints_weights(tiny, tmp_path):
    model = model_of(tiny)
    save_checkpoint(model, tmp_path / "c")
    out = tmp_path / "saved"
    out.mkdir()
    assert export(tiny, "saved-model", out, tmp_path / "c") == ()
    images = images_of(tiny)
    assert_close(tf.saved_model.load(str(out))(images), model(images)[0], 1e-5)
    assert {path.name for path in tmp_path.iterdir()} == {"c.index", "c.data-00000-of-00001", "saved"}


def test_the_export_program_answers_every_job(tiny, tmp_path):
    job = {"design": design_to_json(tiny), "weights": None}
    assert do({**job, "kind": "checkpoint", "out": str(tmp_path / "c")}) == {"unread": ()}
    model = ResNetV2(expand(tiny), seed=1)
    load_checkpoint(model, tmp_path / "c")
    for name, variable in ResNetV2(expand(tiny)).by_name.items():
        np.testing.assert_array_equal(model.by_name[name], variable)
    assert do({**job, "kind": "keras", "out": str(tmp_path / "m.keras")}) == {"unread": ()}
    assert (tmp_path / "m.keras").read_bytes().startswith(b"PK")
    other = {**job, "kind": "checkpoint", "out": str(tmp_path / "d"), "weights": str(tmp_path / "c")}
    answer = do({**other, "design": design_to_json(replace(tiny, num_classes=6))})
    assert answer["bad_input"]
    assert "is of another network than tiny" in answer["error"]
    answer = do({**other, "out": str(tmp_path / "no" / "folder" / "d")})
    assert "The export failed: " in answer["error"]
    assert not answer["bad_input"]


def test_designs_go_out_and_come_in_again(design, tmp_path):
    export(design, "json", tmp_path / "d.json")
    assert load_design(tmp_path / "d.json") == design
    export(design, "slim", tmp_path / "d.txt")
    assert parse((tmp_path / "d.txt").read_text()).blocks == design.blocks


# ---- what goes wrong: a stand-in for the program, and no TensorFlow ---------------------------------------------


def program(code):
    return [sys.executable, "-c", f"import json, sys, time\njob = json.loads(sys.stdin.readline())\n{code}"]


def test_what_was_there_is_replaced_whole(tiny, tmp_path):
    out = tmp_path / "saved"
    answer = "; print(json.dumps({'unread': ['global_step']}))"
    write = f"import os; os.mkdir(job['out']); open(job['out'] + '/saved_model.pb', 'w').write(job['kind']){answer}"
    for force in (False, True):
        assert export(tiny, "saved-model", out, command=program(write), force=force) == ("global_step",)
    assert [path.name for path in tmp_path.rglob("*")] == ["saved", "saved_model.pb"]


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("open(job['out'], 'w').write('half'); sys.exit(3)", ExportFailedError, "exit status 3"),
        ("open(job['out'], 'w').write('half'); import os; os.kill(os.getpid(), 9)", ExportFailedError, "was killed"),
        ("print('what?')", ExportFailedError, "without saying"),
        ("print(json.dumps({'error': 'No.', 'bad_input': True}))", ExportError, "No."),
        ("print(json.dumps({'error': 'No.', 'bad_input': False}))", ExportFailedError, "No."),
    ],
)
def test_a_failed_export_leaves_what_was_there(tiny, tmp_path, code, kind, words):
    out = tmp_path / "model.keras"
    out.write_bytes(b"PK\x03\x04 the old one")
    with pytest.raises(kind, match=words):
        export(tiny, "keras", out, command=program(code))
    assert out.read_bytes() == b"PK\x03\x04 the old one"
    assert list(tmp_path.iterdir()) == [out]


def test_ctrl_c_ends_the_program_and_leaves_nothing(tiny, tmp_path):
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        export(tiny, "keras", tmp_path / "m.keras", command=program("open(job['out'], 'w'); time.sleep(60)"))
    timer.join()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["keras", "keras-python", "tensorflow-python", "slim", "graphml", "dot", "json"])
def test_a_file_of_another_kind_is_not_overwritten(tiny, tmp_path, kind):
    out = tmp_path / "thing.keras"
    out.write_text(json.dumps({"my": "thesis"}))
    with pytest.raises(ExportError, match="is there already"):
        export(tiny, kind, out)
    with pytest.raises(ExportError, match="is a folder"):
        export(tiny, kind, tmp_path.rename(tmp_path.with_suffix(".keras")))


@pytest.mark.parametrize("kind", ["keras-python", "tensorflow-python", "slim", "graphml", "dot", "json"])
def test_a_file_of_the_same_kind_is_overwritten(tiny, tmp_path, kind):
    out = tmp_path / "x"
    out.touch()
    for design in (tiny, replace(tiny, name="other")):
        export(design, kind, out)
    assert "other" in out.read_text()


def test_what_can_not_be_is_refused(tiny, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").touch()
    for kind, out, weights, words in (
        ("saved-model", "mine", None, r"thesis\.tex would stay"),
        ("saved-model", "mine/thesis.tex", None, "is a file"),
        ("keras", "m.h5", None, r"end in '\.keras'"),
        ("caffe", "m", None, "no kind of export"),
        ("dot", "m", "c", "dot has no weights"),
        ("keras", "m.keras", "c", "no such checkpoint"),
        ("checkpoint", "mine", None, "is a folder"),
    ):
        with pytest.raises(ExportError, match=words):
            export(tiny, kind, tmp_path / out, weights and tmp_path / weights)
