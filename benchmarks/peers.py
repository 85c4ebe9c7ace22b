"""One side of a side-by-side measurement: this project's engine or a peer, in a program of its own.

    python -m benchmarks.peers SIDE DESIGN BATCH MODE

It says {"phases": {...}} (nanoseconds of build, trace and first step, everything being imported before) or {"missing":
package}, then takes one step for each line of its input and says how long it took. MODE: forward, in inference, or
forward-backward: a training step less the optimiser, ended by one scalar of the loss and the first value of each gradient.
"""

import gc
import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.table import NotInstalledError
from resnet_studio.driver.children import own_folder, python_child

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# PyTorch's threads otherwise spin as they wait for one another: with anything else on the machine its steps take tenfold.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
NEEDS = {"ours": "tensorflow", "keras": "keras", "tf-slim": "tf_slim", "torch": "torch"}


class Side:
    """A side's program, from the outside."""

    def __init__(self, side, design, batch, mode):
        here = Path(__file__).resolve().parent
        command = python_child("benchmarks.peers", side, design, str(batch), mode, packages=(here,))
        self.folder = own_folder()
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=self.folder.name,
        )
        line = self.process.stdout.readline()
        if not line:
            self.close()
            raise RuntimeError(f"{side} ended before its first step, with status {self.process.returncode}")
        said = json.loads(line)
        if "missing" in said:
            self.close()
            raise NotInstalledError(said["missing"])
        self.phases = said["phases"]

    def step(self):
        """Nanoseconds of one step."""
        self.process.stdin.write("step\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.folder.cleanup()


def main(side, name, batch, mode):
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # TensorFlow writes there
    say = lambda text: print(text, file=out, flush=True)  # noqa: E731
    if importlib.util.find_spec(NEEDS[side]) is None or (
        side == "tf-slim" and not importlib.util.find_spec("tf_keras")
    ):
        say(json.dumps({"missing": NEEDS[side].replace("_", "-")}))
        return
    SIDES[side](name, int(batch), mode, say)


def ours(name, batch, mode, say):
    from resnet_studio.bench.events import Failed, PhaseEnded, Step
    from resnet_studio.bench.plan import TimingPlan
    from resnet_studio.design.presets import PRESETS
    from resnet_studio.engine.measure import measure
    from resnet_studio.network.network import expand

    gc.freeze()  # as the engine program does
    phases, told = {}, False

    def gate():
        return bool(sys.stdin.readline())

    for event in measure(expand(PRESETS[name]), TimingPlan((mode,), batch=batch, burn_in=0), gate=gate):
        if isinstance(event, PhaseEnded) and event.phase in ("build", "trace", "first_step"):
            phases[event.phase] = event.nanoseconds
            if event.phase == "first_step" and not told:
                told = True
                say(json.dumps({"phases": phases}))
        elif isinstance(event, Step):
            say(event.nanoseconds)
        elif isinstance(event, Failed):
            raise SystemExit(event.summary)


def timed(say, imports, build, trace):
    """Says the phases of build() and trace(built) -> a step without arguments, and steps as told."""
    imports()
    gc.collect()
    clock, phases = time.perf_counter_ns, {}
    began = clock()
    built = build()
    phases["build"], began = clock() - began, clock()
    step = trace(built)
    phases["trace"], began = clock() - began, clock()
    step()
    phases["first_step"] = clock() - began
    say(json.dumps({"phases": phases}))
    while sys.stdin.readline():
        began = clock()
        step()
        say(clock() - began)


def keras_side(name, batch, mode, say):
    import keras
    import tensorflow as tf

    def build():
        if name.startswith("cifar"):
            model = keras_cifar(int(name.rsplit("_", 1)[1]))
        else:
            kind = getattr(keras.applications, f"ResNet{name.rsplit('_', 1)[1]}V2")
            model = kind(weights=None, classifier_activation=None)
        return model, tf.random.uniform((batch, *model.input_shape[1:])), tf.zeros((batch,), tf.int32)

    def trace(built):
        model, images, labels = built

        def forward(images, labels):
            return tf.reduce_sum(model(images, training=False))

        def backward(images, labels):
            with tf.GradientTape() as tape:
                net = model(images, training=True)
                value = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, net))
            gradients = tape.gradient(value, model.trainable_variables)
            return tf.add_n([value, *(tf.reshape(gradient, [-1])[0] for gradient in gradients)])

        step = tf.function(forward if mode == "forward" else backward, autograph=False)
        function = step.get_concrete_function(images, labels)
        return lambda: float(function(images, labels))

    timed(say, lambda: keras.applications.ResNet50V2, build, trace)


def keras_cifar(number):
    """The pre-activation CIFAR network of `number` = 9n + 2 layers.   He et al. 2016b, sec. 4, from Keras's own layers."""
    from keras import Input, Model, layers

    def norm_relu(x):
        return layers.ReLU()(layers.BatchNormalization(epsilon=1e-5)(x))

    inputs = Input((32, 32, 3))
    x = layers.Conv2D(16, 3, padding="same", use_bias=False)(inputs)
    for block, width in enumerate((16, 32, 64)):
        for unit in range((number - 2) // 9):
            stride = 2 if block and not unit else 1
            preact = norm_relu(x)
            shortcut = x if unit else layers.Conv2D(4 * width, 1, stride, use_bias=False)(preact)
            y = norm_relu(layers.Conv2D(width, 1, 1 if unit else stride, use_bias=False)(preact))
            y = norm_relu(layers.Conv2D(width, 3, padding="same", use_bias=False)(y))
            x = layers.Add()([shortcut, layers.Conv2D(4 * width, 1, use_bias=False)(y)])
    return Model(inputs, layers.Dense(10)(layers.GlobalAveragePooling2D()(norm_relu(x))))


def slim_side(name, batch, mode, say):
    """TF-Slim in a session, as its users run it. It looks for Keras 2's layers where they no longer are."""
    import tf_keras.src.legacy_tf_layers as layers
    from tf_keras.src.legacy_tf_layers import base, convolutional, core, normalization, pooling

    sys.modules["tf_keras.legacy_tf_layers"] = layers
    for module in (base, convolutional, core, normalization, pooling):
        sys.modules[module.__name__.replace(".src", "")] = module
    import tensorflow.compat.v1 as tf
    import tf_slim as slim
    from tf_slim.nets import resnet_v2

    tf.disable_eager_execution()

    def build():
        images = tf.get_variable("images", initializer=tf.random_uniform((batch, 224, 224, 3)), trainable=False)
        with slim.arg_scope(resnet_v2.resnet_arg_scope()):
            net, _ = getattr(resnet_v2, name)(images, 1000, is_training=mode != "forward")
        return net

    def trace(net):
        if mode == "forward":
            result = tf.reduce_sum(net)
        else:
            value = tf.losses.sparse_softmax_cross_entropy(tf.zeros((batch,), tf.int32), tf.reshape(net, (batch, -1)))
            value += tf.add_n(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES))
            gradients = tf.gradients(value, tf.trainable_variables())
            with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
                result = tf.add_n([value, *(tf.reshape(gradient, [-1])[0] for gradient in gradients)])
        session = tf.Session()
        session.run(tf.global_variables_initializer())
        step = session.make_callable(result)
        return lambda: float(step())

    timed(say, lambda: None, build, trace)


def torch_side(name, batch, mode, say):
    """The same list of operations in PyTorch."""
    import torch
    from torch import nn
    from torch.nn import functional

    from resnet_studio.design.presets import PRESETS
    from resnet_studio.network.network import expand

    network = expand(PRESETS[name])

    def pad(op, x, value=0.0):
        top, bottom, left, right = op.pads
        return functional.pad(x, (left, right, top, bottom), value=value) if any(op.pads) else x

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            made = {}
            for op in network.ops:
                if op.kind == "conv":
                    made[op.name] = nn.Conv2d(
                        op.depth_in, op.depth, op.kernel, op.stride, dilation=op.rate, bias=op.bias
                    )
                elif op.kind == "batch_norm":
                    made[op.name] = nn.BatchNorm2d(op.depth, op.epsilon, 1 - op.decay)
            self.made = nn.ModuleDict({name.replace(".", "-"): module for name, module in made.items()})

        def forward(self, images):
            values = {"input": images}
            for op in network.ops[1:]:
                x = values[op.inputs[0]]
                if op.name in self.made:
                    y = self.made[op.name](pad(op, x) if op.kind == "conv" else x)
                elif op.kind == "relu":
                    y = functional.relu(x)
                elif op.kind in ("max_pool", "subsample"):
                    y = functional.max_pool2d(pad(op, x, -torch.inf), op.kernel, op.stride)
                elif op.kind == "add":
                    y = x + values[op.inputs[1]]
                elif op.kind == "global_pool":
                    y = x.mean((2, 3), keepdim=True)
                else:
                    continue
                values[op.name] = y
            return values[network.output]

    def build():
        return Net().train(mode != "forward"), torch.rand((batch, 3, *network.by_name["input"].shape[:2]))

    def trace(built):
        model, images = built
        labels = torch.zeros(batch, dtype=torch.long)

        def forward():
            with torch.no_grad():
                return float(model(images).sum())

        def backward():
            model.zero_grad(set_to_none=True)
            value = functional.cross_entropy(model(images).flatten(1), labels)
            value.backward()
            return float(value)

        return forward if mode == "forward" else backward

    timed(say, lambda: None, build, trace)


SIDES = {"ours": ours, "keras": keras_side, "tf-slim": slim_side, "torch": torch_side}

if __name__ == "__main__":
    main(*sys.argv[1:])
