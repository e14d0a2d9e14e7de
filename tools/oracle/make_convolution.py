"""Golden cases of conv1d, conv2d and depthwiseConv2d."""

import channels_last
from fixture_file import differentiated_case, random_normal, write_fixture

# name, input shape, filter shape, what differs from strides 1, padding "same", dilation 1, groups 1
CONV2D = [
    ("3x3", (2, 5, 6, 3), (3, 3, 3, 5), {}),
    ("5x5-valid-one-channel", (1, 7, 9, 1), (5, 5, 1, 6), {"padding": "valid"}),
    ("3x3-strides-2", (2, 6, 7, 3), (3, 3, 3, 4), {"strides": [2, 2]}),
    ("even-kernel", (1, 5, 5, 2), (2, 4, 2, 3), {}),
    ("1x1", (2, 3, 4, 5), (1, 1, 5, 7), {}),
    ("1x1-strides-2", (2, 5, 5, 3), (1, 1, 3, 6), {"strides": [2, 2]}),
    ("dilation-2", (1, 7, 6, 3), (3, 3, 3, 2), {"dilationRate": [2, 2]}),
    ("dilation-1-3-valid", (2, 4, 9, 1), (2, 3, 1, 5), {"dilationRate": [1, 3], "padding": "valid"}),
    ("groups-2-valid", (2, 5, 5, 6), (3, 3, 3, 4), {"groups": 2, "padding": "valid"}),
    ("groups-3", (1, 5, 4, 6), (3, 3, 2, 9), {"groups": 3}),
    ("groups-2-strides-2-explicit", (1, 6, 6, 4), (3, 3, 2, 6),
     {"groups": 2, "strides": [2, 2], "padding": [[1, 1], [1, 1]]}),
    ("explicit-uneven", (1, 5, 6, 2), (3, 3, 2, 3), {"padding": [[2, 0], [1, 3]]}),
    ("strides-larger-than-kernel", (1, 9, 8, 3), (2, 1, 3, 4), {"strides": [3, 4], "padding": "valid"}),
    ("1x1-input", (3, 1, 1, 4), (3, 3, 4, 5), {}),
    ("7x3-strides-2-1", (2, 11, 4, 1), (7, 3, 1, 3), {"strides": [2, 1]}),
    ("kernel-as-large-as-input", (2, 4, 5, 3), (4, 5, 3, 7), {"padding": "valid"}),
    ("kernel-larger-than-input", (1, 4, 3, 2), (9, 7, 2, 1), {}),
    ("16-channels", (1, 6, 5, 8), (3, 3, 8, 16), {}),
]  # fmt: skip

CONV1D = [
    ("3", (2, 9, 3), (3, 3, 5), {}),
    ("80-strides-4", (1, 90, 1), (80, 1, 3), {"strides": [4]}),
    ("5-strides-3", (2, 11, 5), (5, 5, 7), {"strides": [3]}),
    ("2-valid", (1, 6, 4), (2, 4, 6), {"padding": "valid"}),
    ("causal-dilation-2", (2, 9, 3), (3, 3, 4), {"padding": "causal", "dilationRate": [2]}),
    ("causal-strides-2", (1, 8, 2), (4, 2, 3), {"padding": "causal", "strides": [2]}),
    ("groups-3-valid", (2, 7, 6), (3, 2, 3), {"groups": 3, "padding": "valid"}),
    ("explicit-uneven", (1, 5, 2), (4, 2, 5), {"padding": [[3, 1]]}),
    ("one-sample", (2, 1, 3), (3, 3, 2), {}),
]

DEPTHWISE_CONV2D = [
    ("3x3", (2, 5, 6, 3), (3, 3, 3, 1), {}),
    ("multiplier-2", (1, 6, 5, 5), (3, 2, 5, 2), {"padding": "valid"}),
    ("strides-2", (2, 6, 7, 4), (3, 3, 4, 1), {"strides": [2, 2]}),
    ("dilation-2", (1, 7, 7, 7), (3, 3, 7, 1), {"dilationRate": [2, 2]}),
    ("one-channel-multiplier-3", (1, 4, 4, 1), (5, 5, 1, 3), {}),
]


def convolution_case(op, name, input_shape, filter_shape, options):
    rank = len(input_shape) - 2
    params = {"strides": [1] * rank, "padding": "same", "dilationRate": [1] * rank}
    if op != "depthwiseConv2d":
        params["groups"] = 1
    params.update(options)

    def function(x, filters):
        window = (params["strides"], params["padding"], params["dilationRate"])
        if op == "depthwiseConv2d":
            return channels_last.depthwise_convolution(x, filters, *window)
        return channels_last.convolution(x, filters, *window, params["groups"])

    x = random_normal(f"{op}/{name}/x", input_shape)
    filters = random_normal(f"{op}/{name}/filters", filter_shape)
    return differentiated_case(op, name, params, [x, filters], function)


if __name__ == "__main__":
    tables = {"conv2d": CONV2D, "conv1d": CONV1D, "depthwiseConv2d": DEPTHWISE_CONV2D}
    write_fixture("convolution", [convolution_case(op, *row) for op in tables for row in tables[op]])
