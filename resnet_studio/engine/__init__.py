"""The network in TensorFlow, and the programs that time and export it. Only this package imports TensorFlow."""
