"""Models that Keras saves, for src/formats/keras: small ones that have every layer between them, in each of its formats, with
an input and the output; files are compressed by zlib. Made with keras 3.15.1 on tensorflow 2.21.0; those of Keras 2 with tf_keras 2.21.0 on tensorflow 2.21.0, by

    .venv/bin/python tools/oracle/make_keras.py
    python tools/oracle/make_keras.py --keras2      # in an environment with tensorflow and tf_keras
"""

import base64
import json
import os
import sys
import tempfile
import zlib
from pathlib import Path

IS_KERAS_2 = "--keras2" in sys.argv
if not IS_KERAS_2:
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import numpy as np

if IS_KERAS_2:
    import tf_keras as keras
else:
    import keras

L = keras.layers
TARGET = Path(__file__).parent / "files" / ("keras2.json" if IS_KERAS_2 else "keras.json")


def pictures():
    """Layers over pictures, with branches."""
    x = start = keras.Input((9, 8, 3), name="picture")
    x = L.Rescaling([0.5, 0.25, 2.0], offset=[0.1, 0.0, -0.2], name="scaled")(x)
    x = L.ZeroPadding2D(((0, 1), (1, 0)))(x)
    x = L.Conv2D(6, (3, 2), strides=(1, 2), activation="relu", kernel_regularizer="l2")(x)
    x = L.BatchNormalization(momentum=0.9)(x)
    left = L.DepthwiseConv2D(3, padding="same", depth_multiplier=2, use_bias=False)(x)
    left = L.LayerNormalization(axis=[2, 3])(left)
    left = L.Conv2D(4, 1, activation="silu")(left)
    right = L.SeparableConv2D(4, 3, padding="same", dilation_rate=2, activation="tanh")(x)
    right = L.GroupNormalization(groups=2, scale=False)(right)
    right = L.PReLU(shared_axes=[1, 2])(right)
    both = [L.Add()([left, right]), L.Multiply()([left, right]), L.Average()([left, right])]
    both += [L.Maximum()([left, right]), L.Minimum()([left, right]), L.Subtract()([left, right])]
    x = L.Concatenate()(both)
    x = L.SpatialDropout2D(0.2)(x)
    x = L.Conv2DTranspose(5, 3, strides=2, padding="same")(x)
    x = L.LeakyReLU(0.1)(x)
    x = L.MaxPooling2D(2, padding="same")(x)
    x = L.UpSampling2D((1, 2), interpolation="bilinear")(x)
    x = L.AveragePooling2D((2, 3), strides=1, padding="same")(x)
    x = L.Cropping2D(((1, 0), (0, 1)))(x)
    x = L.Permute((2, 1, 3))(x)
    x = L.ELU(0.7)(x)
    x = L.Resizing(6, 5)(x)
    pooled = [L.GlobalMaxPooling2D()(x), L.Flatten()(L.GlobalAveragePooling2D(keepdims=True)(x))]
    x = L.Concatenate(axis=-1)(pooled)
    x = L.Dropout(0.5)(x)
    x = L.Dense(7, activation="gelu")(x)
    x = L.ReLU(max_value=6.0, negative_slope=0.1, threshold=0.05)(x)
    x = L.Dense(3, activation="softmax", name="answer")(x)
    return keras.Model(start, x, name="pictures")


def sequences():
    """Layers over sequences, one after the other."""
    return keras.Sequential(
        [
            keras.Input((24, 2), name="waveform"),
            L.Normalization(mean=[0.1, -0.2], variance=[2.0, 0.5]),
            L.Conv1D(8, 5, padding="causal", dilation_rate=2, groups=2, activation="hard_sigmoid"),
            L.DepthwiseConv1D(3, padding="same"),
            L.SeparableConv1D(6, 3, activation="selu"),
            L.ZeroPadding1D((1, 2)),
            L.MaxPooling1D(2),
            L.UpSampling1D(2),
            L.Cropping1D((1, 0)),
            L.AveragePooling1D(3, strides=2, padding="same"),
            L.Conv1DTranspose(4, 3, strides=2),
            L.Activation("softplus"),
            L.GaussianNoise(0.1),
            L.GaussianDropout(0.1),
            L.AlphaDropout(0.1),
            L.Reshape((-1, 2)),
            L.Softmax(),
            L.GlobalAveragePooling1D(),
            L.Dense(4, activation="sigmoid"),
        ],
        name="sequences",
    )


def nested():
    """A model that is used twice within a model, one within that, and two inputs and outputs."""
    inner = keras.Sequential([keras.Input((6,)), L.Dense(5, activation="relu"), L.BatchNormalization()], name="inner")
    start = keras.Input((6,), name="start")
    branch = keras.Model(start, L.Dense(5, name="after")(inner(start)), name="branch")
    one, two = keras.Input((6,), name="one"), keras.Input((6,), name="two")
    first, second = branch(one), branch(two)
    joined = L.Concatenate(name="joined")([first, second])
    shared = L.Dense(5, name="shared")
    outputs = [L.Dense(2, name="label")(joined), shared(shared(first))]
    return keras.Model([one, two], outputs, name="nested")


def operations():
    """Operations on tensors between layers: those of keras.ops, or TensorFlow's functions in Keras 2."""
    x = start = keras.Input((6, 5, 4), name="values")
    if IS_KERAS_2:
        import tensorflow as ops

        ops.clip, ops.max, ops.mean, ops.sum = ops.clip_by_value, ops.reduce_max, ops.reduce_mean, ops.reduce_sum
        ops.relu, ops.relu6, ops.gelu, ops.silu = ops.nn.relu, ops.nn.relu6, ops.nn.gelu, ops.nn.silu
        ops.rsqrt, ops.softmax, ops.leaky_relu = ops.math.rsqrt, ops.nn.softmax, lambda x: ops.nn.leaky_relu(x, 0.3)
        ops.concatenate = ops.concat
    else:
        from keras import ops
    # The hard sigmoid of MobileNetV3, and arithmetic with constants on either side.
    y = L.ReLU(6.0)(x + 3.0) * (1.0 / 6.0)
    y = (2 - y) / 4 - 0.1
    y = 1.5 / (y * y + 1.0) + x * y
    y = L.Conv2D(4, 3, padding="same")(-y)
    y = ops.concatenate([ops.relu(y), ops.sigmoid(y) * x, ops.tanh(y - x)], axis=-1)
    y = ops.maximum(ops.minimum(y, 0.9), -0.8) + ops.clip(y, -0.5, 0.5)
    y = ops.gelu(y) + ops.silu(y) + ops.leaky_relu(y) + ops.relu6(y * 10)
    y = ops.sqrt(ops.abs(y) + ops.square(y) + 0.01) + ops.rsqrt(y * y + 1.0) + ops.exp(0.1 * y) + (y * y + 1) ** 1.5
    gate = ops.mean(y, axis=[1, 2], keepdims=True)
    y = L.Conv2D(8, 1)(y * ops.softmax(gate))
    # Classes of keras.applications alone.
    applications = keras.applications
    scaled = sys.modules[applications.ConvNeXtTiny.__module__].LayerScale(0.1, 8)(y)
    y = sys.modules[applications.InceptionResNetV2.__module__].CustomScaleLayer(0.3)([y, scaled])
    y = ops.reshape(ops.transpose(y, (0, 3, 1, 2)), (-1, 8, 30))
    y = ops.concatenate([ops.max(y, axis=-1), ops.sum(y, axis=2) / 30.0], axis=1)
    y = ops.squeeze(ops.expand_dims(y, axis=1), axis=1)
    return keras.Model(start, L.Dense(3)(y), name="operations")


def normalized():
    """Statistics that were taken from data, which are weights."""
    layer = L.Normalization(axis=1)
    layer.adapt(numbers("adapted", (50, 4, 3)))
    return keras.Sequential([keras.Input((4, 3)), layer, L.Flatten(), L.Dense(2)], name="normalized")


def numbers(name, shape):
    return np.random.default_rng(zlib.crc32(name.encode())).standard_normal(shape).astype(np.float32)


def fill(model):
    """Weights that differ from all initial ones; variances above 0."""
    if model.name == "normalized":
        return
    model.set_weights(
        [
            np.abs(numbers(f"{model.name} {i}", weight.shape)) * 0.3 + (0.5 if weight.ndim == 1 else 0)
            if weight.ndim == 1
            else numbers(f"{model.name} {i}", weight.shape) / max(1, np.prod(weight.shape[:-1])) ** 0.5
            for i, weight in enumerate(model.get_weights())
        ]
    )


def text(array):
    array = np.asarray(array, np.float32)
    return {"shape": list(array.shape), "base64": base64.b64encode(array.tobytes()).decode("ascii")}


def saved(model, ending, folder):
    path = Path(folder) / f"model{ending}"
    (model.save_weights if "weights" in ending else model.save)(str(path))
    # HDF5 leaves room for names and links to come, which is zeros.
    return base64.b64encode(zlib.compress(path.read_bytes(), 9)).decode("ascii")


def case(model, endings):
    fill(model)
    inputs = [numbers(f"{model.name} in {i}", (2, *one.shape[1:])) for i, one in enumerate(model.inputs)]
    outputs = model.predict(inputs if len(inputs) > 1 else inputs[0], verbose=0)
    with tempfile.TemporaryDirectory() as folder:
        files = {ending: saved(model, ending, folder) for ending in endings}
    return {
        "name": model.name,
        "inputs": [text(one) for one in inputs],
        "outputs": [text(one) for one in (outputs if isinstance(outputs, list) else [outputs])],
        "files": files,
    }


def main():
    endings = [".h5"] if IS_KERAS_2 else [".keras", ".h5", ".weights.h5"]
    cases = [case(make(), endings) for make in (pictures, sequences, nested, operations, normalized)]
    tool = f"{'tf_keras' if IS_KERAS_2 else 'keras'} {keras.__version__}"
    command = "python tools/oracle/make_keras.py" + (" --keras2" if IS_KERAS_2 else "")
    TARGET.write_text(json.dumps({"tool": tool, "command": command, "cases": cases}) + "\n")
    print(TARGET, TARGET.stat().st_size)


main()
