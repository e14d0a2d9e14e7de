"""Golden cases of batchNorm (training), batchNormInference, layerNorm and groupNorm, with Keras' epsilon."""

import torch.nn.functional as functional

from fixture_file import differentiated_case, random_normal, write_fixture

EPSILON = 1e-3

# name, input shape, spread and mean of the input
BATCH_NORM = [
    ("features", (6, 3), 1.0, 0.0),
    ("images", (4, 3, 2, 5), 2.0, 1.0),
    ("waveforms", (2, 7, 3), 1.0, -1.0),
    ("batch-1", (1, 5, 4, 1), 1.0, 0.0),
    ("large-mean", (8, 3, 3, 4), 0.5, 100.0),
    ("small-variance", (5, 6), 0.01, 0.0),
]

LAYER_NORM = [
    ("features", (3, 7), 1.0, 0.0),
    ("images", (2, 3, 4, 5), 2.0, 1.0),
    ("batch-1", (1, 16), 1.0, -1.0),
    ("one-feature", (4, 1), 1.0, 0.0),
]

# name, input shape, axes
LAYER_NORM_AXES = [("two-axes", (2, 3, 4, 5), [1, 3]), ("example", (3, 4, 5), [1, 2]), ("middle", (2, 5, 3), [1])]

# name, input shape, axis of the channels
BATCH_NORM_AXES = [("frequencies", (4, 3, 5, 2), 2), ("features-first", (3, 6, 4), 1)]

# name, input shape, groups, axis of the channels
GROUP_NORM = [
    ("images", (2, 3, 4, 6), 3, -1),
    ("instances", (3, 5, 4, 3), 3, -1),
    ("one-group", (2, 7, 4), 1, -1),
    ("features", (4, 8), 2, -1),
    ("middle-axis", (2, 3, 6, 5), 2, 2),
    ("shifted", (2, 4, 3, 4), 2, -1),
]


def operands(op, name, shape, scale, offset, vector=None):
    x = random_normal(f"{op}/{name}/x", shape, scale, offset)
    gamma = random_normal(f"{op}/{name}/gamma", vector or shape[-1:], 0.5, 1.0)
    beta = random_normal(f"{op}/{name}/beta", vector or shape[-1:])
    return [x, gamma, beta]


def batch_norm(x, gamma, beta):
    """Over all axes but the last, with the biased variance of the batch."""
    return functional.batch_norm(
        x.movedim(-1, 1), None, None, gamma, beta, training=True, eps=EPSILON
    ).movedim(1, -1)


def batch_moments(x, gamma, beta):
    flat = x.reshape(-1, x.shape[-1])
    return {"mean": flat.mean(0), "variance": flat.var(0, unbiased=False)}


def batch_norm_case(name, shape, scale, offset):
    inputs = operands("batchNorm", name, shape, scale, offset)
    return differentiated_case(
        "batchNorm", name, {"epsilon": EPSILON}, inputs, batch_norm, auxiliary=batch_moments
    )


def inference_case():
    """Inputs x, gamma, beta, moving mean, moving variance; the moving statistics are constants."""
    op, name = "batchNormInference", "images"
    inputs = operands(op, name, (2, 3, 4, 5), 2.0, 1.0)
    mean = random_normal(f"{op}/{name}/mean", (5,))
    variance = abs(random_normal(f"{op}/{name}/variance", (5,)))

    def function(x, gamma, beta, mean, variance):
        y = functional.batch_norm(x.movedim(-1, 1), mean, variance, gamma, beta, eps=EPSILON)
        return y.movedim(1, -1)

    return differentiated_case(
        op, name, {"epsilon": EPSILON}, inputs + [mean, variance], function, constant=(3, 4)
    )


def layer_norm_case(name, shape, scale, offset):
    def function(x, gamma, beta):
        return functional.layer_norm(x, shape[-1:], gamma, beta, EPSILON)

    inputs = operands("layerNorm", name, shape, scale, offset)
    return differentiated_case("layerNorm", name, {"axis": -1, "epsilon": EPSILON}, inputs, function)


def layer_norm_axes_case(name, shape, axes):
    lengths = tuple(shape[axis] for axis in axes)

    def function(x, gamma, beta):
        last = range(-len(axes), 0)
        return functional.layer_norm(x.movedim(axes, tuple(last)), lengths, gamma, beta, EPSILON).movedim(
            tuple(last), axes
        )

    inputs = operands("layerNorm", name, shape, 2.0, 1.0, lengths)
    return differentiated_case("layerNorm", name, {"axis": axes, "epsilon": EPSILON}, inputs, function)


def batch_norm_axis_case(name, shape, axis):
    def function(x, gamma, beta):
        return batch_norm(x.movedim(axis, -1), gamma, beta).movedim(-1, axis)

    inputs = operands("batchNorm", name, shape, 2.0, 1.0, (shape[axis],))
    return differentiated_case(
        "batchNorm",
        name,
        {"epsilon": EPSILON, "axis": axis},
        inputs,
        function,
        auxiliary=lambda x, gamma, beta: batch_moments(x.movedim(axis, -1), gamma, beta),
    )


def group_norm_case(name, shape, groups, axis):
    def function(x, gamma, beta):
        y = functional.group_norm(x.movedim(axis, 1), groups, gamma, beta, EPSILON)
        return y.movedim(1, axis)

    offset = 4.0 if name == "shifted" else 1.0
    inputs = operands("groupNorm", name, shape, 2.0, offset, (shape[axis],))
    params = {"groups": groups, "axis": axis, "epsilon": EPSILON}
    return differentiated_case("groupNorm", name, params, inputs, function)


if __name__ == "__main__":
    write_fixture(
        "normalization",
        [batch_norm_case(*row) for row in BATCH_NORM]
        + [inference_case()]
        + [layer_norm_case(*row) for row in LAYER_NORM]
        + [layer_norm_axes_case(*row) for row in LAYER_NORM_AXES]
        + [batch_norm_axis_case(*row) for row in BATCH_NORM_AXES]
        + [group_norm_case(*row) for row in GROUP_NORM],
    )
