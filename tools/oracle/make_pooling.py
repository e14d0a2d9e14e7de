"""Golden cases of maxPool1d, maxPool2d, avgPool1d and avgPool2d."""

import numpy as np

import channels_last
from fixture_file import differentiated_case, random_normal, write_fixture

# name, input shape, pool size, strides, padding; each is made for maximum and mean, in 1D or 2D by its rank
CASES = [
    ("2", (2, 8, 3), [2], [2], "valid"),
    ("4-odd-length", (1, 11, 5), [4], [4], "valid"),
    ("3-strides-2-same", (2, 7, 1), [3], [2], "same"),
    ("4-strides-3-same", (1, 6, 2), [4], [3], "same"),
    ("2-strides-3", (1, 9, 6), [2], [3], "valid"),
    ("2x2", (2, 4, 6, 3), [2, 2], [2, 2], "valid"),
    ("2x2-odd-same", (1, 4, 5, 7), [2, 2], [2, 2], "same"),
    ("3x3-strides-2-same", (2, 7, 6, 5), [3, 3], [2, 2], "same"),
    ("3x3-strides-1-same", (1, 4, 3, 1), [3, 3], [1, 1], "same"),
    ("2x4-strides-3-4", (1, 7, 9, 3), [2, 4], [3, 4], "valid"),
    ("3x2-strides-1-2", (1, 5, 5, 4), [3, 2], [1, 2], "valid"),
    ("5x5-larger-than-input-same", (2, 2, 3, 3), [5, 5], [5, 5], "same"),
    ("1x1-input-same", (3, 1, 1, 6), [2, 2], [2, 2], "same"),
    ("whole-input", (2, 3, 4, 8), [3, 4], [3, 4], "valid"),
]


def pooling_case(kind, function, name, input_shape, pool_size, strides, padding, x=None):
    op = f"{kind}Pool{len(pool_size)}d"
    params = {"poolSize": pool_size, "strides": strides, "padding": padding}
    if x is None:
        # Negative numbers mostly, so that a maximum over zero padding would be seen.
        x = random_normal(f"{op}/{name}/x", input_shape, offset=-2.0)
    return differentiated_case(
        op, name, params, [x], lambda x: function(x, pool_size, strides, padding)
    )


def tie_case():
    """Equal maxima in one window: the whole gradient goes to the first, row by row, in PyTorch and JAX."""
    x = np.array([[1, 1, 2, 0], [1, 0, 2, 2], [0, 3, 0, 0], [3, 3, 0, 0]], np.float32)
    return pooling_case(
        "max", channels_last.max_pool, "ties", None, [2, 2], [2, 2], "valid", x.reshape(1, 4, 4, 1)
    )


if __name__ == "__main__":
    cases = [pooling_case("max", channels_last.max_pool, *row) for row in CASES] + [tie_case()]
    cases += [pooling_case("avg", channels_last.average_pool, *row) for row in CASES]
    write_fixture("pooling", cases)
