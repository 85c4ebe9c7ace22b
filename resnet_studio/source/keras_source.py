"""The template of a program for a network in Keras 3 (see python_source)."""

KERAS = '''\
"""$NAME: $TITLE in Keras 3.

He, Zhang, Ren & Sun, $PAPER

Run this file to build the network and try it on random images. From another file:

    model = resnet()
    load_weights(model, "model.ckpt")    # TF-Slim's checkpoints: the layers bear its names, joined with dots
    output = model(images)               # $SHAPE -> $RESULT

Written by ResNet Studio. It needs Keras 3 on TensorFlow and nothing else.
"""

import keras
import tensorflow as tf
from keras import layers

NAME = "$NAME"
IMAGE = $IMAGE  # height, width
#if classes
NUM_CLASSES = $NUM_CLASSES
#end
BATCH_NORM_DECAY = $DECAY
BATCH_NORM_EPSILON = $EPSILON
#if weight_decay
WEIGHT_DECAY = $WEIGHT_DECAY
#end


#if bottleneck
def bottleneck(x, name, depth, depth_bottleneck, stride$BOTTLENECK_RATE):
    """$BOTTLENECK_FIGURE"""
    name += ".bottleneck_$VERSION"
#if v2
    preact = norm_relu(x, f"{name}.preact")
#end
#if not plain
$BOTTLENECK_SHORTCUT
#end
    $BRANCH = conv_norm_relu($ENTERS, f"{name}.conv1", depth_bottleneck, 1$STRIDE_1)
    $BRANCH = conv_norm_relu($BRANCH, f"{name}.conv2", depth_bottleneck, 3$STRIDE_2$RATED)
#if v2
    residual = conv(residual, f"{name}.conv3", depth, 1)
    return layers.Add(name=f"{name}.add")([shortcut, residual])
#end
#if v1
    residual = conv_norm(residual, f"{name}.conv3", depth, 1)
    return layers.ReLU(name=f"{name}.Relu")(layers.Add(name=f"{name}.add")([shortcut, residual]))
#end
#if plain
    return conv_norm_relu(x, f"{name}.conv3", depth, 1)
#end


#end
#if basic
def basic(x, name, depth, stride$BASIC_RATE):
    """$BASIC_FIGURE"""
    name += ".basic_$VERSION"
#if v2
    preact = norm_relu(x, f"{name}.preact")
#end
#if not plain
$BASIC_SHORTCUT
#end
    $BRANCH = conv_norm_relu($ENTERS, f"{name}.conv1", depth, 3, stride$RATED_1)
#if v2
    residual = conv(residual, f"{name}.conv2", depth, 3$RATED_2)
    return layers.Add(name=f"{name}.add")([shortcut, residual])
#end
#if v1
    residual = conv_norm(residual, f"{name}.conv2", depth, 3$RATED_2)
    return layers.ReLU(name=f"{name}.Relu")(layers.Add(name=f"{name}.add")([shortcut, residual]))
#end
#if plain
    return conv_norm_relu(x, f"{name}.conv2", depth, 3$RATED_2)
#end


#end
BLOCKS = [  # name, unit, and its $COLUMNS
$BLOCKS
]


def resnet():
    """The network, as a Keras model."""
    x = images = keras.Input([*IMAGE, $CHANNELS], name="input")
#if imagenet
    x = $ROOT(x, "conv1", $ROOT_DEPTH, 7, 2)
    x = layers.MaxPooling2D(3, 2, "same", name="pool1")(x)
#end
#if cifar
    x = $ROOT(x, "conv1", $ROOT_DEPTH, 3)
#end
    for name, unit, rows in BLOCKS:
        for number, row in enumerate(rows, start=1):
            x = unit(x, f"{name}.unit_{number}", *row)
#if v2
    x = norm_relu(x, "postnorm")
#end
#if global_pool
    x = layers.GlobalAveragePooling2D(keepdims=True, name="pool5")(x)
#end
#if classes
    x = conv(x, "logits", NUM_CLASSES, 1$LOGITS_BIAS)
#end
    return keras.Model(images, x, name=NAME)


def conv(x, name, depth, kernel, stride=1$RATE$BIAS):
#if padded
    """Where it strides it pads by the kernel, whatever the image's size (TF-Slim: conv2d_same)."""
    padding = "same"
    if stride > 1 and kernel > 1:
        x = layers.ZeroPadding2D(kernel // 2, name=f"{name}.pad")(x)
        padding = "valid"
#end
    return layers.Conv2D(
        depth,
        kernel,
        stride,
#if padded
        padding,
#end
#if not padded
        "same",
#end
#if atrous
        dilation_rate=rate,
#end
#if bias
        use_bias=bias,
#end
#if not bias
        use_bias=False,
#end
        kernel_initializer="he_normal",
#if weight_decay
        kernel_regularizer=keras.regularizers.L2(WEIGHT_DECAY / 2),  # Keras leaves the 1/2 of weight decay out
#end
        name=name,
    )(x)


def conv_norm_relu(x, name, depth, kernel, stride=1$RATE):
    x = conv(x, name, depth, kernel, stride$PASS_RATE$NO_BIAS)
    return norm_relu(x, f"{name}.BatchNorm")
#if v1


def conv_norm(x, name, depth, kernel, stride=1$RATE):
    x = conv(x, name, depth, kernel, stride$PASS_RATE)
    return norm(x, f"{name}.BatchNorm")
#end


def norm_relu(x, name):
    return layers.ReLU(name=f"{name}.Relu")(norm(x, name))


def norm(x, name):
    return layers.BatchNormalization(
        momentum=BATCH_NORM_DECAY,
        epsilon=BATCH_NORM_EPSILON,
#if not scale
        scale=False,
#end
        name=name,
    )(x)


#if subsample
def subsample(x, name, stride):
    """Every stride-th pixel."""
    return $SUBSAMPLED


#end
def load_weights(model, path, scope=NAME):
    """Sets every weight from a TensorFlow checkpoint, `path` without its ".index", which names them below `scope`."""
    checkpoint = tf.train.load_checkpoint(path)
    names = {name.replace("/", "."): name for name in checkpoint.get_variable_to_shape_map()}
    for layer in model.layers:
        for weight in layer.weights:
            kind = {"kernel": "weights", "bias": "biases"}.get(weight.name, weight.name)
            weight.assign(checkpoint.get_tensor(names[f"{scope}.{layer.name}.{kind}"]))


if __name__ == "__main__":
    model = resnet()
#if weights
    # For the weights it was exported with (their scope may be another than NAME):
    # load_weights(model, $WEIGHTS)
#end
    parameters = sum(weight.shape.num_elements() for weight in model.trainable_variables)
    print(f"{NAME}: {parameters:,} trainable parameters")
    images = keras.random.uniform([2, *IMAGE, $CHANNELS])
    print(f"{tuple(images.shape)} -> {tuple(model(images).shape)}")
'''
