"""The template of a program for a network in plain TensorFlow (see python_source)."""

TENSORFLOW = '''\
"""$NAME: $TITLE in plain TensorFlow.

He, Zhang, Ren & Sun, $PAPER

Run this file to build the network and try it on random images. From another file:

    net = ResNet()
    load_weights(net, "model.ckpt")    # TF-Slim's checkpoints: the variables bear its names
    output = net(images)               # $SHAPE -> $RESULT

Written by ResNet Studio. It needs TensorFlow 2 and nothing else.
"""

import tensorflow as tf

NAME = "$NAME"  # the variables are named below it
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
def bottleneck(net, x, name, depth, depth_bottleneck, stride$BOTTLENECK_RATE):
    """$BOTTLENECK_FIGURE"""
    name += "/bottleneck_$VERSION"
#if v2
    preact = net.norm_relu(x, f"{name}/preact")
#end
#if not plain
$BOTTLENECK_SHORTCUT
#end
    $BRANCH = net.conv_norm_relu($ENTERS, f"{name}/conv1", depth_bottleneck, 1$STRIDE_1)
    $BRANCH = net.conv_norm_relu($BRANCH, f"{name}/conv2", depth_bottleneck, 3$STRIDE_2$RATED)
#if v2
    residual = net.conv(residual, f"{name}/conv3", depth, 1)
    return shortcut + residual
#end
#if v1
    residual = net.conv_norm(residual, f"{name}/conv3", depth, 1)
    return tf.nn.relu(shortcut + residual)
#end
#if plain
    return net.conv_norm_relu(x, f"{name}/conv3", depth, 1)
#end


#end
#if basic
def basic(net, x, name, depth, stride$BASIC_RATE):
    """$BASIC_FIGURE"""
    name += "/basic_$VERSION"
#if v2
    preact = net.norm_relu(x, f"{name}/preact")
#end
#if not plain
$BASIC_SHORTCUT
#end
    $BRANCH = net.conv_norm_relu($ENTERS, f"{name}/conv1", depth, 3, stride$RATED_1)
#if v2
    residual = net.conv(residual, f"{name}/conv2", depth, 3$RATED_2)
    return shortcut + residual
#end
#if v1
    residual = net.conv_norm(residual, f"{name}/conv2", depth, 3$RATED_2)
    return tf.nn.relu(shortcut + residual)
#end
#if plain
    return net.conv_norm_relu(x, f"{name}/conv2", depth, 3$RATED_2)
#end


#end
#if subsample
def subsample(x, stride):
    """Every stride-th pixel."""
    return $SUBSAMPLED


#end
BLOCKS = [  # name, unit, and its $COLUMNS
$BLOCKS
]


class ResNet(tf.Module):
    """The network. by_name: its variables, by their names below NAME."""

    def __init__(self):
        super().__init__()
        self.by_name = {}
        self(tf.zeros([1, 32, 32, $CHANNELS]))  # the first call makes the variables; they fit any image

    def __call__(self, images, training=False):
        """Training: batch norms use the images' own statistics, and update the moving ones."""
        self.training = training
        x = images
#if imagenet
        x = self.$ROOT(x, "conv1", $ROOT_DEPTH, 7, 2)
        x = tf.nn.max_pool2d(x, 3, 2, "SAME")
#end
#if cifar
        x = self.$ROOT(x, "conv1", $ROOT_DEPTH, 3)
#end
        for name, unit, rows in BLOCKS:
            for number, row in enumerate(rows, start=1):
                x = unit(self, x, f"{name}/unit_{number}", *row)
#if v2
        x = self.norm_relu(x, "postnorm")
#end
#if global_pool
        x = tf.reduce_mean(x, [1, 2], keepdims=True)
#end
#if classes
        x = self.conv(x, "logits", NUM_CLASSES, 1$LOGITS_BIAS)
#end
        return x

    def conv(self, x, name, depth, kernel, stride=1$RATE$BIAS):
#if padded
        """Where it strides it pads by the kernel, whatever the image's size (TF-Slim: conv2d_same)."""
#end
        weights = self.variable(f"{name}/weights", [kernel, kernel, x.shape[-1], depth], he_normal)
#if padded
        if stride > 1:
            pad = [kernel // 2, kernel // 2]
            x = tf.pad(x, [[0, 0], pad, pad, [0, 0]])
        x = $CONV(x, weights, stride, "SAME" if stride == 1 else "VALID"$DILATIONS)
#end
#if not padded
        x = $CONV(x, weights, stride, "SAME"$DILATIONS)
#end
#if bias
        if bias:
            x += self.variable(f"{name}/biases", [depth], tf.zeros)
#end
        return x

    def conv_norm_relu(self, x, name, depth, kernel, stride=1$RATE):
        x = self.conv(x, name, depth, kernel, stride$PASS_RATE$NO_BIAS)
        return self.norm_relu(x, f"{name}/BatchNorm")
#if v1

    def conv_norm(self, x, name, depth, kernel, stride=1$RATE):
        x = self.conv(x, name, depth, kernel, stride$PASS_RATE)
        return self.norm(x, f"{name}/BatchNorm")
#end

    def norm_relu(self, x, name):
        return tf.nn.relu(self.norm(x, name))

    def norm(self, x, name):
        depth = [x.shape[-1]]
#if scale
        gamma = self.variable(f"{name}/gamma", depth, tf.ones)
#end
#if not scale
        gamma = tf.ones(depth)
#end
        beta = self.variable(f"{name}/beta", depth, tf.zeros)
        mean = self.variable(f"{name}/moving_mean", depth, tf.zeros, trainable=False)
        variance = self.variable(f"{name}/moving_variance", depth, tf.ones, trainable=False)
        y, new_mean, new_variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=x,
            scale=gamma,
            offset=beta,
            mean=mean,
            variance=variance,
            epsilon=BATCH_NORM_EPSILON,
            exponential_avg_factor=1 - BATCH_NORM_DECAY if self.training else 1.0,
            is_training=self.training,
        )
        if self.training:
            mean.assign(new_mean)
            variance.assign(new_variance)
        return y

    def variable(self, name, shape, initial, trainable=True):
        if name not in self.by_name:
            self.by_name[name] = tf.Variable(initial(shape), trainable=trainable, name=f"{NAME}/{name}")
        return self.by_name[name]


def he_normal(shape):
    """He et al. 2015, cut off at two deviations, which takes 1.3 off the variance."""
    height, width, depth, _ = shape
    return tf.random.truncated_normal(shape, stddev=(1.3 * 2 / (height * width * depth)) ** 0.5)


#if weight_decay
def weight_loss(net):
    """What weight decay adds to the training objective."""
    return WEIGHT_DECAY * tf.add_n([tf.nn.l2_loss(v) for name, v in net.by_name.items() if name.endswith("/weights")])


#end
def load_weights(net, path, scope=NAME):
    """Sets every variable from a TensorFlow checkpoint, `path` without its ".index", which names them below `scope`."""
    checkpoint = tf.train.load_checkpoint(path)
    for name, variable in net.by_name.items():
        variable.assign(checkpoint.get_tensor(f"{scope}/{name}"))


if __name__ == "__main__":
    net = ResNet()
#if weights
    # For the weights it was exported with (their scope may be another than NAME):
    # load_weights(net, $WEIGHTS)
#end
    parameters = sum(variable.shape.num_elements() for variable in net.trainable_variables)
    print(f"{NAME}: {parameters:,} trainable parameters")
    images = tf.random.uniform([2, *IMAGE, $CHANNELS])
    print(f"{tuple(images.shape)} -> {tuple(net(images).shape)}")
'''
