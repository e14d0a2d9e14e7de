"""Recomputes the fixtures of operations, values and gradients, with Keras on JAX: a second, independent tool.

Keras' own conventions (padding, transposed convolution, reductions of losses) stand on JAX's implementation
here, so neither PyTorch nor the layout and padding code of channels_last.py has a part in it.
Prints the largest difference of each file; exits with 1 when one is above BOUND.
"""

import json
import os
import sys

os.environ["KERAS_BACKEND"] = "jax"

import jax

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_platforms", "cpu")

import keras
import numpy as np

from fixture_file import FIXTURES, decode

BOUND = 1e-6  # of |difference| / (1 + |expected|): Keras computes layer normalization in float32
ops = keras.ops


def convolution(x, filters, p):
    padding, spatial = p["padding"], x.ndim - 2
    if padding == "causal":
        before = (filters.shape[0] - 1) * p["dilationRate"][0]
        x, padding = ops.pad(x, [[0, 0], [before, 0], [0, 0]]), "valid"
    elif not isinstance(padding, str):
        x, padding = ops.pad(x, [[0, 0], *padding, [0, 0]]), "valid"
    assert len(p["strides"]) == spatial
    return ops.conv(x, filters, p["strides"], padding, "channels_last", p["dilationRate"])


def depthwise(x, filters, p):
    return ops.depthwise_conv(x, filters, p["strides"], p["padding"], "channels_last", p["dilationRate"])


def transposed(x, filters, p):
    """Keras has no groups: they are convolved one by one. Its padding is "valid" or "same": the other is cut off here."""
    groups, padding, extra = p.get("groups", 1), p["padding"], p.get("outputPadding")
    is_explicit = not isinstance(padding, str)
    if is_explicit:
        extra = extra or [0] * (x.ndim - 2)
    parts = [
        ops.conv_transpose(
            part,
            group,
            p["strides"],
            "valid" if is_explicit else padding,
            extra,
            "channels_last",
            p.get("dilationRate", 1),
        )
        for part, group in zip(ops.split(x, groups, -1), ops.split(filters, groups, -1))
    ]
    y = ops.concatenate(parts, -1)
    if is_explicit:
        for axis, (before, after) in enumerate(padding, 1):
            y = ops.take(y, range(before, y.shape[axis] - after), axis)
    return y


def max_pool(x, p):
    if OPTIONS.isdisjoint(p) and isinstance(p["padding"], str):
        return ops.max_pool(x, tuple(p["poolSize"]), tuple(p["strides"]), p["padding"], "channels_last")
    cells, inside, _ = window_cells(x, p)
    return ops.max(ops.where(inside, cells, -np.inf), 0)


def average_pool(x, p):
    if OPTIONS.isdisjoint(p) and isinstance(p["padding"], str):
        return ops.average_pool(x, tuple(p["poolSize"]), tuple(p["strides"]), p["padding"], "channels_last")
    cells, inside, in_padding = window_cells(x, p)
    counted = inside | in_padding if p.get("countIncludePad") else inside
    return ops.sum(ops.where(inside, cells, 0), 0) / counted.sum(0)


OPTIONS = {"dilationRate", "ceil", "countIncludePad"}


def window_cells(x, p):
    """For each cell of a window [cells, N, ..., C]: its value, whether it is inside the input, whether in the padding."""
    rank = x.ndim - 2
    dilations = p.get("dilationRate", [1] * rank)
    places = []
    for n, k, s, d, axis in zip(x.shape[1:-1], p["poolSize"], p["strides"], dilations, range(rank)):
        window = (k - 1) * d + 1
        if p["padding"] == "valid":
            before, after = 0, 0
        elif p["padding"] == "same":
            total = max(0, (-(-n // s) - 1) * s + window - n)
            before, after = total // 2, total - total // 2
        else:
            before, after = p["padding"][axis]
        over = before + n + after - window
        count = (-(-over // s) if p.get("ceil") else over // s) + 1
        if p.get("ceil") and (count - 1) * s >= n + before:
            count -= 1
        place = np.arange(count) * s + (np.arange(k) * d)[:, None] - before
        places.append((place, (place >= 0) & (place < n), place < n + after))
    values, insides, padded = [], [], []
    for cell in np.ndindex(*p["poolSize"]):
        value, inside, in_padding = x, np.array(True), np.array(True)
        for axis, (place, is_inside, is_padded) in enumerate(places):
            value = ops.take(value, np.clip(place[cell[axis]], 0, x.shape[axis + 1] - 1), axis + 1)
            shape = [-1 if i == axis + 1 else 1 for i in range(x.ndim)]
            inside = inside & is_inside[cell[axis]].reshape(shape)
            in_padding = in_padding & is_padded[cell[axis]].reshape(shape)
        values.append(value)
        insides.append(inside)
        padded.append(in_padding)
    return ops.stack(values), np.stack(insides), np.stack(padded)


def pad(x, p):
    return jax.numpy.pad(x, p["padding"], p["mode"])


def batch_norm(x, gamma, beta, p):
    axis = p.get("axis", -1) % x.ndim
    mean, variance = ops.moments(x, [other for other in range(x.ndim) if other != axis])
    return ops.batch_normalization(x, mean, variance, axis, beta, gamma, p["epsilon"])


def batch_norm_inference(x, gamma, beta, mean, variance, p):
    return ops.batch_normalization(x, mean, variance, -1, beta, gamma, p["epsilon"])


def layer_norm(x, gamma, beta, p):
    axis = p["axis"]
    if axis == -1:
        return ops.layer_normalization(x, gamma, beta, axis=-1, epsilon=p["epsilon"])
    wide = [length if one in axis else 1 for one, length in enumerate(x.shape)]
    mean, variance = ops.moments(x, axis, keepdims=True)
    normalized = (x - mean) * ops.rsqrt(variance + p["epsilon"])
    return normalized * ops.reshape(gamma, wide) + ops.reshape(beta, wide)


def group_norm(x, gamma, beta, p):
    layer = keras.layers.GroupNormalization(p["groups"], axis=p["axis"], epsilon=p["epsilon"])
    layer.build(x.shape)
    values = [gamma, beta]
    return layer.stateless_call(values, [], x)[0]


def resize(x, p):
    as_image = x if x.ndim == 4 else x[:, :, None]
    size = (*p["size"], 1)[:2]
    y = ops.image.resize(
        as_image, size, p["interpolation"], p["antialias"], data_format="channels_last"
    )
    return ops.reshape(y, (x.shape[0], *p["size"], x.shape[-1]))


def cumulative_sum(x, p):
    x = ops.flip(x, p["axis"]) if p["reverse"] else x
    y = ops.cumsum(x, p["axis"])
    y = y - x if p["exclusive"] else y
    return ops.flip(y, p["axis"]) if p["reverse"] else y


def product(a, b, p):
    exchange = lambda x, wanted: ops.swapaxes(x, -1, -2) if wanted else x
    return ops.matmul(exchange(a, p["transposeA"]), exchange(b, p["transposeB"]))


def spread(weights, target):
    """Weights of examples as weights of their positions, which are all axes but the last: Keras adds one axis at most."""
    return ops.reshape(weights, (*weights.shape, *[1] * (target.ndim - 1 - weights.ndim)))


def loss(make):
    def function(prediction, target, *rest):
        *weights, p = rest
        return make(p)(target, prediction, sample_weight=spread(weights[0], target) if weights else None)

    return function


def softmax_cross_entropy(logits, labels, *rest):
    *weights, p = rest
    classes = logits.shape[-1]
    one_hot = ops.one_hot(labels, classes, dtype=logits.dtype) if labels.ndim < logits.ndim else labels
    weight = ops.ones(one_hot.shape[:-1], logits.dtype)
    if p["classWeights"] is not None:
        weight = weight * ops.take(np.array(p["classWeights"]), ops.argmax(one_hot, -1))
    if weights:
        weight = weight * spread(weights[0], one_hot)
    keras_loss = keras.losses.CategoricalCrossentropy(True, p["labelSmoothing"])
    if p.get("ignoreIndex") is None:
        return keras_loss(one_hot, logits, sample_weight=weight)
    # The mean is over the positions that are kept.
    kept = ops.cast(labels != p["ignoreIndex"], logits.dtype)
    return keras_loss(one_hot, logits, sample_weight=weight * kept) * (kept.size / ops.sum(kept))


def regularizer(make):
    return lambda x, p: make(**p)(x)


def constraint(make):
    """Keras' names of the options are those of the fixtures in snake case."""
    keras_names = {"minValue": "min_value", "maxValue": "max_value", "rate": "rate", "axis": "axis"}
    return lambda w, p: make(**{keras_names[name]: value for name, value in p.items()})(w)


def softmax(x, p):
    axis = p["axis"]
    return keras.layers.Softmax(axis=tuple(axis) if isinstance(axis, list) else axis)(x)


FUNCTIONS = {
    "conv1d": convolution,
    "conv2d": convolution,
    "depthwiseConv2d": depthwise,
    "conv1dTranspose": transposed,
    "conv2dTranspose": transposed,
    "maxPool1d": max_pool,
    "maxPool2d": max_pool,
    "avgPool1d": average_pool,
    "avgPool2d": average_pool,
    "pad": pad,
    "batchNorm": batch_norm,
    "batchNormInference": batch_norm_inference,
    "l1": regularizer(keras.regularizers.L1),
    "l2": regularizer(keras.regularizers.L2),
    "l1l2": regularizer(keras.regularizers.L1L2),
    "maxNorm": constraint(keras.constraints.MaxNorm),
    "nonNeg": constraint(keras.constraints.NonNeg),
    "unitNorm": constraint(keras.constraints.UnitNorm),
    "minMaxNorm": constraint(keras.constraints.MinMaxNorm),
    "layerNorm": layer_norm,
    "groupNorm": group_norm,
    "resize": resize,
    "matmul": product,
    "product": lambda x, p: ops.prod(x, p["axes"], p["keepDims"]),
    "logSumExp": lambda x, p: ops.logsumexp(x, p["axes"], p["keepDims"]),
    "cumulativeSum": cumulative_sum,
    "gather": lambda x, indices, p: ops.take(x, indices, p["axis"]),
    "takeAlongAxis": lambda x, indices, p: ops.take_along_axis(x, indices, p["axis"]),
    "topK": lambda x, p: ops.swapaxes(ops.top_k(ops.swapaxes(x, p["axis"], -1), p["k"])[0], p["axis"], -1),
    "softmax": softmax,
    "logSoftmax": lambda x, p: ops.log_softmax(x, p["axis"]),
    "relu": lambda x, p: ops.relu(x),
    "leakyRelu": lambda x, p: ops.leaky_relu(x, p["alpha"]),
    "elu": lambda x, p: ops.elu(x, p["alpha"]),
    "sigmoid": lambda x, p: ops.sigmoid(x),
    "tanh": lambda x, p: ops.tanh(x),
    "gelu": lambda x, p: ops.gelu(x, p["approximate"]),
    "silu": lambda x, p: ops.silu(x),
    "softplus": lambda x, p: ops.softplus(x),
    "relu6": lambda x, p: ops.relu6(x),
    "selu": lambda x, p: ops.selu(x),
    "hardSigmoid": lambda x, p: ops.hard_sigmoid(x),
    "hardSilu": lambda x, p: ops.hard_silu(x),
    "hardTanh": lambda x, p: ops.hard_tanh(x),
    "softsign": lambda x, p: ops.softsign(x),
    "logSigmoid": lambda x, p: ops.log_sigmoid(x),
    "mish": lambda x, p: keras.activations.mish(x),
    "prelu": lambda x, alpha, p: ops.relu(x) - alpha * ops.relu(-x),
    "softmaxCrossEntropy": softmax_cross_entropy,
    "binaryCrossEntropy": loss(lambda p: keras.losses.BinaryCrossentropy(True, p["labelSmoothing"])),
    "meanSquaredError": loss(lambda p: keras.losses.MeanSquaredError()),
    "meanAbsoluteError": loss(lambda p: keras.losses.MeanAbsoluteError()),
    "huber": loss(lambda p: keras.losses.Huber(p["delta"])),
}


def difference(got, expected):
    got = np.asarray(got, np.float64)
    if got.shape != expected.shape:
        return np.inf
    return float((np.abs(got - expected) / (1 + np.abs(expected))).max())


def case_difference(case):
    function, params = FUNCTIONS[case["op"]], case["params"]
    inputs = [decode(encoded) for encoded in case["inputs"]]
    inputs = [x.astype(np.float64) if x.dtype == np.float32 else x for x in inputs]
    positions = [i for i, gradient in enumerate(case["inputGradients"]) if gradient is not None]

    def of_differentiable(*values):
        operands = list(inputs)
        for position, value in zip(positions, values):
            operands[position] = value
        return function(*operands, params)

    output, pullback = jax.vjp(of_differentiable, *[jax.numpy.asarray(inputs[i]) for i in positions])
    gradients = pullback(jax.numpy.asarray(decode(case["outputGradient"]), output.dtype))
    pairs = [(output, case["output"])]
    pairs += [(gradient, case["inputGradients"][i]) for i, gradient in zip(positions, gradients)]
    return max(difference(got, decode(expected)) for got, expected in pairs)


def main():
    keras.config.set_floatx("float64")
    print(f"keras {keras.__version__} on jax {jax.__version__}")
    failed = False
    for path in sorted(FIXTURES.glob("*.json")):
        cases = [case for case in json.loads(path.read_text())["cases"] if case["op"] in FUNCTIONS]
        worst = {f"{case['op']} {case['name']}": case_difference(case) for case in cases}
        if worst:
            print(f"{path.name}: {len(cases)} cases, largest difference {max(worst.values()):.1e}")
        for name, value in worst.items():
            if not value <= BOUND:
                print(f"  {name}: {value:.3g}")
                failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
