"""The window: PySide6 and pyqtgraph. Never imports TensorFlow."""
