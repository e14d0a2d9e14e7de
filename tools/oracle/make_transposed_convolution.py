"""Golden cases of conv1dTranspose and conv2dTranspose."""

import channels_last
from fixture_file import differentiated_case, random_normal, write_fixture

# op, name, input shape, filter shape [k..., out, in], strides, padding
CASES = [
    ("conv1dTranspose", "4-strides-2-same", (2, 5, 3), (4, 5, 3), [2], "same"),
    ("conv1dTranspose", "3-strides-2-same", (1, 6, 2), (3, 3, 2), [2], "same"),
    ("conv1dTranspose", "2-strides-3-same", (1, 4, 3), (2, 2, 3), [3], "same"),
    ("conv1dTranspose", "2-strides-3-valid", (2, 4, 1), (2, 3, 1), [3], "valid"),
    ("conv1dTranspose", "5-valid", (1, 3, 7), (5, 1, 7), [1], "valid"),
    ("conv2dTranspose", "2x2-strides-2-same", (2, 3, 4, 5), (2, 2, 3, 5), [2, 2], "same"),
    ("conv2dTranspose", "3x3-same", (1, 5, 4, 3), (3, 3, 2, 3), [1, 1], "same"),
    ("conv2dTranspose", "3x3-strides-2-same", (2, 3, 4, 3), (3, 3, 6, 3), [2, 2], "same"),
    ("conv2dTranspose", "3x3-strides-2-valid", (1, 3, 4, 4), (3, 3, 5, 4), [2, 2], "valid"),
    ("conv2dTranspose", "5x2-strides-2-3-same", (1, 4, 3, 2), (5, 2, 1, 2), [2, 3], "same"),
    ("conv2dTranspose", "1x2-strides-2-3-valid", (2, 2, 3, 1), (1, 2, 3, 1), [2, 3], "valid"),
    ("conv2dTranspose", "6x5-strides-3-2-same", (1, 2, 3, 3), (6, 5, 2, 3), [3, 2], "same"),
    ("conv2dTranspose", "1x1-input", (1, 1, 1, 5), (4, 3, 3, 5), [2, 2], "same"),
]

# op, name, input shape, filter shape [k..., out / groups, in], strides, padding, further options
OPTION_CASES = [
    ("conv1dTranspose", "4-padding-1-output-1", (2, 5, 3), (4, 5, 3), [3], [[1, 1]], {"outputPadding": [1]}),
    ("conv1dTranspose", "3-dilation-2-groups-2", (1, 6, 4), (3, 3, 4), [2], "valid", {"dilationRate": [2], "groups": 2}),
    ("conv1dTranspose", "3-dilation-3-same", (2, 5, 2), (3, 4, 2), [2], "same", {"dilationRate": [3]}),
    ("conv1dTranspose", "4-same-output-0", (1, 5, 3), (4, 2, 3), [3], "same", {"outputPadding": [0]}),
    ("conv1dTranspose", "2-valid-output-1", (1, 4, 3), (2, 2, 3), [3], "valid", {"outputPadding": [1]}),
    ("conv1dTranspose", "5-padding-2-0", (2, 4, 3), (5, 2, 3), [2], [[2, 0]], {}),
    ("conv1dTranspose", "3-wide-padding", (1, 7, 2), (3, 3, 2), [2], [[4, 4]], {}),
    ("conv1dTranspose", "3-dilation-4-output-3", (1, 3, 2), (3, 2, 2), [2], [[1, 1]], {"dilationRate": [4], "outputPadding": [3]}),
    ("conv1dTranspose", "4-depthwise", (2, 7, 5), (4, 1, 5), [2], [[1, 1]], {"groups": 5}),
    ("conv2dTranspose", "4x4-padding-1", (2, 3, 4, 5), (4, 4, 3, 5), [2, 2], [[1, 1], [1, 1]], {}),
    ("conv2dTranspose", "3x3-padding-1-output-1", (1, 4, 3, 4), (3, 3, 8, 4), [2, 2], [[1, 1], [1, 1]], {"outputPadding": [1, 1]}),
    ("conv2dTranspose", "3x2-groups-3", (1, 4, 3, 6), (3, 2, 2, 6), [2, 1], "same", {"groups": 3}),
    ("conv2dTranspose", "3x3-same-output-1-0", (1, 3, 4, 3), (3, 3, 2, 3), [2, 3], "same", {"outputPadding": [1, 0]}),
    ("conv2dTranspose", "3x3-dilation-2-valid-output-1", (1, 3, 4, 3), (3, 3, 2, 3), [2, 3], "valid", {"dilationRate": [2, 1], "outputPadding": [1, 2]}),
    (
        "conv2dTranspose",
        "3x4-all",
        (2, 4, 3, 8),
        (3, 4, 2, 8),
        [2, 3],
        [[2, 2], [1, 1]],
        {"dilationRate": [2, 1], "groups": 4, "outputPadding": [1, 2]},
    ),
    ("conv2dTranspose", "3x3-depthwise", (2, 4, 5, 16), (3, 3, 1, 16), [2, 2], "same", {"groups": 16}),
    ("conv2dTranspose", "3x3-depthwise-dilated", (1, 4, 5, 3), (3, 3, 1, 3), [1, 2], [[1, 1], [2, 2]], {"dilationRate": [2, 2], "groups": 3, "outputPadding": [0, 1]}),
    ("conv2dTranspose", "2x3-depthwise-multiplier-2", (1, 3, 4, 3), (2, 3, 2, 3), [2, 2], "valid", {"groups": 3}),
]


def transposed_case(op, name, input_shape, filter_shape, strides, padding, options=None):
    options = options or {}
    names = {"dilationRate": "dilation", "groups": "groups", "outputPadding": "output_padding"}
    arguments = {names[option]: value for option, value in options.items()}
    x = random_normal(f"{op}/{name}/x", input_shape)
    filters = random_normal(f"{op}/{name}/filters", filter_shape)

    def function(x, filters):
        return channels_last.transposed_convolution(x, filters, strides, padding, **arguments)

    params = {"strides": strides, "padding": padding, **options}
    return differentiated_case(op, name, params, [x, filters], function)


if __name__ == "__main__":
    write_fixture("transposed-convolution", [transposed_case(*row) for row in CASES + OPTION_CASES])
