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

# name, input shape, pool size, strides, padding, further options
MAX_CASES = [
    ("2-dilation-3", (2, 11, 3), [2], [1], "valid", {"dilationRate": [3]}),
    ("3-dilation-2-strides-2-same", (1, 9, 4), [3], [2], "same", {"dilationRate": [2]}),
    ("3-padding-1-strides-2-ceil", (2, 8, 5), [3], [2], [[1, 1]], {"ceil": True}),
    ("2-strides-4-ceil-past-the-end", (1, 9, 2), [2], [4], "valid", {"ceil": True}),
    ("3-strides-4-ceil-drops-the-last", (1, 8, 2), [3], [4], "valid", {"ceil": True}),
    ("2-padding-1-strides-3-ceil-drops-the-last", (1, 5, 3), [2], [3], [[1, 1]], {"ceil": True}),
    ("4-longer-than-input-ceil", (1, 3, 2), [4], [2], "valid", {"ceil": True}),
    ("3x2-dilation-2-3", (2, 8, 9, 3), [3, 2], [1, 2], "valid", {"dilationRate": [2, 3]}),
    ("3x3-dilation-2-padding-1", (1, 7, 6, 17), [3, 3], [1, 1], [[1, 1], [1, 1]], {"dilationRate": [2, 2]}),
    ("3x3-strides-2-ceil", (2, 6, 7, 4), [3, 3], [2, 2], "valid", {"ceil": True}),
    (
        "3x2-dilation-1-2-padding-1-ceil",
        (1, 8, 10, 5),
        [3, 2],
        [2, 3],
        [[1, 1], [1, 1]],
        {"dilationRate": [1, 2], "ceil": True},
    ),
    ("2x2-ceil-16-channels", (1, 5, 7, 16), [2, 2], [2, 2], "valid", {"ceil": True}),
]

AVERAGE_CASES = [
    ("2-dilation-3", (2, 11, 3), [2], [1], "valid", {"dilationRate": [3]}),
    ("3-dilation-2-strides-2-same", (1, 9, 4), [3], [2], "same", {"dilationRate": [2]}),
    ("3-padding-1-ceil", (2, 8, 5), [3], [2], [[1, 1]], {"ceil": True}),
    ("3-padding-1-counted", (2, 8, 5), [3], [2], [[1, 1]], {"countIncludePad": True}),
    ("3-padding-1-ceil-counted", (1, 8, 5), [3], [2], [[1, 1]], {"ceil": True, "countIncludePad": True}),
    ("4-strides-3-same-counted", (1, 6, 2), [4], [3], "same", {"countIncludePad": True}),
    ("5-strides-4-padding-2-ceil-counted", (1, 7, 1), [5], [4], [[2, 2]], {"ceil": True, "countIncludePad": True}),
    ("3x2-dilation-2-3", (2, 8, 9, 3), [3, 2], [1, 2], "valid", {"dilationRate": [2, 3]}),
    ("3x3-dilation-2-padding", (1, 7, 6, 17), [3, 3], [2, 1], [[2, 1], [3, 0]], {"dilationRate": [2, 2]}),
    ("3x3-strides-2-ceil", (2, 6, 7, 4), [3, 3], [2, 2], "valid", {"ceil": True}),
    ("3x3-padding-1-counted", (1, 6, 5, 16), [3, 3], [2, 2], [[1, 1], [1, 1]], {"countIncludePad": True}),
    (
        "5x4-padding-2-1-ceil-counted",
        (2, 8, 9, 3),
        [5, 4],
        [2, 3],
        [[2, 2], [1, 1]],
        {"ceil": True, "countIncludePad": True},
    ),
]


def pooling_case(kind, function, name, input_shape, pool_size, strides, padding, options=None, x=None):
    op = f"{kind}Pool{len(pool_size)}d"
    options = options or {}
    params = {"poolSize": pool_size, "strides": strides, "padding": padding, **options}
    names = {"dilationRate": "dilation", "ceil": "ceil", "countIncludePad": "count"}
    arguments = {names[option]: value for option, value in options.items()}
    if x is None:
        # Negative numbers mostly, so that a maximum over zero padding would be seen.
        x = random_normal(f"{op}/{name}/x", input_shape, offset=-2.0)
    return differentiated_case(
        op, name, params, [x], lambda x: function(x, pool_size, strides, padding, **arguments)
    )


def tie_case():
    """Equal maxima in one window: the whole gradient goes to the first, row by row, in PyTorch and JAX."""
    x = np.array([[1, 1, 2, 0], [1, 0, 2, 2], [0, 3, 0, 0], [3, 3, 0, 0]], np.float32)
    return pooling_case(
        "max", channels_last.max_pool, "ties", None, [2, 2], [2, 2], "valid", None, x.reshape(1, 4, 4, 1)
    )


if __name__ == "__main__":
    cases = [pooling_case("max", channels_last.max_pool, *row) for row in CASES] + [tie_case()]
    cases += [pooling_case("avg", channels_last.average_pool, *row) for row in CASES]
    cases += [pooling_case("max", channels_last.max_pool, *row) for row in MAX_CASES]
    cases += [pooling_case("avg", channels_last.average_pool, *row) for row in AVERAGE_CASES]
    write_fixture("pooling", cases)
