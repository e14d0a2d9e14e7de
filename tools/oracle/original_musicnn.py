"""The networks of the Python package musicnn 0.1.0, run by TensorFlow from the package's own models.py.

The package's extractor is not used: in one process it restores weights for its first network alone, says nothing where it does not,
and rounds mel bands to float16, whose 10,000-fold is infinite above 6.5.
"""

import importlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

# tf.compat.v1.layers needs the Keras of TensorFlow's time.
os.environ["TF_USE_LEGACY_KERAS"] = "1"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tensorflow as tf

FRAMES, BANDS, TAGS = 187, 96, 50


def unpacked_package(wheel=None):
    """The folder of the package's content; its wheel is downloaded where none is named."""
    folder = Path(tempfile.mkdtemp())
    if wheel is None:
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "-d", str(folder), "musicnn==0.1.0"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def build(package, name):
    """The graph of a network such as "MTT_musicnn": session, input and all that the package's define_model returns."""
    if str(package) not in sys.path:
        sys.path.insert(0, str(package))
    models = importlib.import_module("musicnn.models")
    tf.compat.v1.disable_eager_execution()
    tf.compat.v1.reset_default_graph()
    # Layers are numbered anew for each network.
    tf.compat.v1.keras.backend.reset_uids()
    x = tf.compat.v1.placeholder(tf.float32, [None, FRAMES, BANDS])
    outputs = models.define_model(x, False, name, TAGS)
    return tf.compat.v1.Session(), x, outputs


def restored(package, name):
    """The same with the published weights."""
    session, x, outputs = build(package, name)
    tf.compat.v1.train.Saver().restore(session, f"{package}/musicnn/{name}/")
    return session, x, outputs
