"""ResNet Studio: edit a pre-activation residual network, see it, know its cost, and time it on TensorFlow."""

__version__ = "0.2.0"
