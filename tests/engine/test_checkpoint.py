"""Checkpoints in and out, against TF-Slim's own way: tf.compat.v1's Saver and variables of its names."""

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from resnet_studio.design.spec import block
from resnet_studio.engine.checkpoint import CheckpointError, load_checkpoint, save_checkpoint
from resnet_studio.engine.model import ResNetV2
from resnet_studio.network.network import expand

pytestmark = pytest.mark.tensorflow


def slim_save(values, prefix, version=2):
    """A graph of variables of these names and values, saved as TF-Slim's training loop does."""
    v1 = tf.compat.v1
    with tf.Graph().as_default(), v1.Session() as session:
        for name, value in values.items():
            v1.get_variable(name, initializer=value, use_resource=False)
        session.run(v1.global_variables_initializer())
        v1.train.Saver(write_version=version).save(session, str(prefix), write_state=False)


def slim_restore(shapes, prefix):
    """The values that TF-Slim's Saver puts into a graph of uninitialised variables of these names and shapes."""
    v1 = tf.compat.v1
    with tf.Graph().as_default(), v1.Session() as session:
        made = {name: v1.get_variable(name, shape, use_resource=False) for name, shape in shapes.items()}
        v1.train.Saver().restore(session, str(prefix))
        return session.run(made)


def values_of(model):
    return {name: variable.numpy() for name, variable in model.by_name.items()}


def same(a, b):
    return a.keys() == b.keys() and all(a[name].tobytes() == b[name].tobytes() for name in a)


def test_a_checkpoint_of_tf_slim_loads_and_gives_its_output(golden, tmp_path):
    slim_save(golden.of("var"), tmp_path / "model.ckpt")
    model = ResNetV2(expand(golden.design), seed=1)
    assert load_checkpoint(model, tmp_path / "model.ckpt") == ()
    assert same({f"{golden.design.name}/{name}": value for name, value in values_of(model).items()}, golden.of("var"))
    np.testing.assert_allclose(model(golden.arrays["input"])[0], golden.arrays["output"], rtol=1e-4, atol=1e-4)


def test_a_checkpoint_of_ours_loads_in_tf_slim_and_comes_back_unchanged_to_the_bit(golden, tmp_path):
    slim_save(golden.of("var"), tmp_path / "theirs")
    model = ResNetV2(expand(golden.design), seed=1)
    load_checkpoint(model, tmp_path / "theirs")
    save_checkpoint(model, tmp_path / "ours")
    restored = slim_restore({name: value.shape for name, value in golden.of("var").items()}, tmp_path / "ours")
    assert same(restored, golden.of("var"))
    names = {name for name, _ in tf.train.list_variables(str(tmp_path / "ours"))}
    assert names == golden.of("var").keys()


@pytest.mark.filterwarnings("ignore:.*V1 checkpoint")
@pytest.mark.parametrize("version", [1, 2])
def test_the_scope_may_be_another_and_what_a_training_left_is_named(tiny, tmp_path, version):
    source, target = ResNetV2(expand(tiny), seed=1), ResNetV2(expand(tiny), seed=2)
    values = {f"resnet_v2_50/{name}": value for name, value in values_of(source).items()}
    left = {
        "global_step": np.int64(7),
        "resnet_v2_50/conv1/weights/Momentum": np.ones((7, 7, 3, 8), "f"),
        "resnet_v2_50/conv1/weights/ExponentialMovingAverage": np.ones((7, 7, 3, 8), "f"),
        "train/beta1_power": np.float32(0.9),
    }
    slim_save({**values, **left}, tmp_path / "c", version)
    assert load_checkpoint(target, tmp_path / "c") == tuple(sorted(left))
    assert same(values_of(source), values_of(target))


def test_names_without_a_scope_load_and_of_two_networks_the_one_of_the_designs_name(tiny, tmp_path):
    models = [ResNetV2(expand(tiny), seed=seed) for seed in range(3)]
    bare, other = values_of(models[0]), values_of(models[1])
    slim_save({**bare, "global_step": np.int64(1)}, tmp_path / "bare")
    assert load_checkpoint(models[2], tmp_path / "bare") == ("global_step",)
    assert same(values_of(models[2]), bare)
    slim_save(
        {f"a/{name}": value for name, value in bare.items()}
        | {f"tiny/{name}": value for name, value in other.items()}
        | {f"z/{name}": value for name, value in bare.items()},
        tmp_path / "three",
    )
    load_checkpoint(models[2], tmp_path / "three")
    assert same(values_of(models[2]), other)


@pytest.mark.parametrize("end", [".index", ".meta", ".data-00000-of-00001"])
def test_any_of_the_files_names_the_checkpoint(tiny, tmp_path, end):
    model = ResNetV2(expand(tiny), seed=1)
    save_checkpoint(model, tmp_path / "c")
    target = ResNetV2(expand(tiny), seed=2)
    load_checkpoint(target, tmp_path / f"c{end}")
    assert same(values_of(model), values_of(target))


def test_a_checkpoint_of_another_network_tells_every_variable_and_loads_nothing(tiny, tmp_path):
    save_checkpoint(ResNetV2(expand(tiny)), tmp_path / "c")
    other = replace(
        tiny, num_classes=7, blocks=(block("block1", 2, 8, 4, 2), block("block3", 1, 12, 4, 1)), batch_norm_scale=False
    )
    model = ResNetV2(expand(other), seed=1)
    before = values_of(model)
    with pytest.raises(CheckpointError) as caught:
        load_checkpoint(model, tmp_path / "c")
    fault = caught.value
    assert fault.other_shape == (
        "logits/weights is 1×1×12×5 there and 1×1×12×7 here",
        "logits/biases is 5 there and 7 here",
    )
    assert {name.split("/")[0] for name in fault.missing} == {"block3"}
    assert {name.split("/")[0] for name in fault.extra if not name.endswith("gamma")} == {"block2"}
    assert "postnorm/gamma" in fault.extra
    text = str(fault)
    assert text.startswith(f"{tmp_path}/c: is of another network than tiny. 2 of another shape: logits/weights is ")
    assert f"{len(fault.missing)} missing in the checkpoint: block3/unit_1/" in text
    assert f"{len(fault.extra)} not in the network: " in text
    assert text.endswith("Nothing was loaded.")
    assert "\n" not in text
    assert same(values_of(model), before)


def test_another_type_is_told(tiny, tmp_path):
    model = ResNetV2(expand(tiny))
    values = {f"tiny/{name}": value for name, value in values_of(model).items()}
    values["tiny/conv1/biases"] = values["tiny/conv1/biases"].astype("d")
    slim_save(values, tmp_path / "c")
    with pytest.raises(CheckpointError, match="1 of another shape: conv1/biases is float64 there and float32 here"):
        load_checkpoint(model, tmp_path / "c")


def test_damaged_and_absent_files_are_told_and_nothing_is_loaded(tiny, tmp_path):
    source, model = ResNetV2(expand(tiny), seed=1), ResNetV2(expand(tiny), seed=2)
    before = values_of(model)
    save_checkpoint(source, tmp_path / "c")
    index, data = tmp_path / "c.index", tmp_path / "c.data-00000-of-00001"
    whole_index, whole_data = index.read_bytes(), data.read_bytes()
    middle = len(whole_data) // 2

    def refused(words):
        with pytest.raises(CheckpointError, match=words) as caught:
            load_checkpoint(model, tmp_path / "c")
        assert "\n" not in str(caught.value)
        assert same(values_of(model), before)

    data.write_bytes(whole_data[:middle] + bytes([whole_data[middle] ^ 1]) + whole_data[middle + 1 :])
    refused("is damaged: .*Checksum")
    data.write_bytes(whole_data[:middle])
    refused("is damaged: ")
    data.unlink()
    refused("c: ")
    data.write_bytes(whole_data)
    index.write_bytes(whole_index[: len(whole_index) // 2])
    refused("can't be read as a TensorFlow checkpoint: ")
    index.write_bytes(b"not a table")
    refused("can't be read as a TensorFlow checkpoint: ")
    index.unlink()
    refused("can't be read as a TensorFlow checkpoint: ")
    (tmp_path / "c").mkdir()
    refused("can't be read as a TensorFlow checkpoint: ")
