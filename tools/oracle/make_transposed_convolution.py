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


def transposed_case(op, name, input_shape, filter_shape, strides, padding):
    x = random_normal(f"{op}/{name}/x", input_shape)
    filters = random_normal(f"{op}/{name}/filters", filter_shape)

    def function(x, filters):
        return channels_last.transposed_convolution(x, filters, strides, padding)

    return differentiated_case(op, name, {"strides": strides, "padding": padding}, [x, filters], function)


if __name__ == "__main__":
    write_fixture("transposed-convolution", [transposed_case(*row) for row in CASES])
