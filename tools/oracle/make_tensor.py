"""Golden cases of resizing, matrix products, picking by indices and cumulative sums."""

import torch
import torch.nn.functional as functional

from channels_last import channels_first, channels_last
from fixture_file import differentiated_case, random_labels, random_normal, write_fixture

# name, input shape, size, interpolation, antialias
RESIZES = [
    ("bilinear-up", (2, 3, 4, 2), [6, 10], "bilinear", False),
    ("bilinear-down", (1, 11, 8, 3), [4, 5], "bilinear", False),
    ("bilinear-far-down", (2, 17, 9, 1), [3, 2], "bilinear", False),
    ("bilinear-up-and-down", (1, 5, 12, 5), [8, 7], "bilinear", False),
    ("bilinear-from-1", (2, 1, 3, 2), [4, 1], "bilinear", False),
    ("bilinear-many-channels", (1, 4, 3, 37), [5, 7], "bilinear", False),
    ("antialias-down", (1, 16, 11, 2), [5, 4], "bilinear", True),
    ("antialias-far-down", (2, 23, 9, 1), [3, 2], "bilinear", True),
    ("antialias-up-and-down", (1, 4, 19, 3), [7, 6], "bilinear", True),
    ("nearest-up", (2, 3, 4, 2), [6, 12], "nearest", False),
    ("nearest-up-unevenly", (1, 3, 5, 3), [7, 8], "nearest", False),
    ("nearest-down", (1, 12, 9, 2), [5, 3], "nearest", False),
    ("1d-linear-up", (2, 5, 3), [13], "bilinear", False),
    ("1d-linear-down", (1, 20, 1), [7], "bilinear", False),
    ("1d-nearest", (2, 9, 4), [4], "nearest", False),
]

# name, shapes of a and b, transposeA, transposeB
PRODUCTS = [
    ("rows-of-many", (2, 3, 4, 5), (5, 6), False, False),
    ("rows-of-many-transposed-b", (2, 3, 5), (6, 5), False, True),
    ("pairs", (3, 4, 5), (3, 5, 2), False, False),
    ("pairs-transposed-a", (3, 5, 4), (3, 5, 2), True, False),
    ("pairs-transposed-b", (3, 4, 5), (3, 2, 5), False, True),
    ("pairs-transposed-both", (3, 5, 4), (3, 2, 5), True, True),
    ("one-for-many", (4, 5), (2, 3, 5, 6), False, False),
    ("one-transposed-for-many", (5, 4), (3, 5, 6), True, False),
    ("both-broadcast", (2, 1, 4, 3), (5, 3, 2), False, False),
    ("two-axes-transposed-both", (5, 4), (2, 5), True, True),
    ("attention", (2, 3, 10, 8), (2, 3, 10, 8), False, True),
    ("vector-by-many", (5,), (3, 5, 2), False, False),
    ("many-by-vector", (3, 4, 5), (5,), False, False),
    ("vectors", (7,), (7,), False, False),
]

# name, shape of x, shape of the indices, axis
GATHERS = [
    ("rows", (5, 3), (7,), 0),
    ("table-of-embeddings", (30, 16), (4, 9), 0),
    ("middle-axis", (2, 6, 5), (4,), 1),
    ("last-axis", (3, 4, 9), (2, 3), 2),
    ("one", (4, 2), (1,), 0),
]
TAKES = [
    ("rows", (5, 3), (7, 3), 0),
    ("middle-axis", (2, 6, 5), (2, 3, 5), 1),
    ("last-axis", (3, 4, 9), (3, 4, 12), 2),
]
# name, shape, k, axis
TOPS = [("last-axis", (3, 11), 4, 1), ("all", (2, 9), 9, 1), ("first-axis", (8, 3), 2, 0), ("middle-axis", (2, 20, 3), 5, 1)]

# name, shape, axes, keepDims
REDUCTIONS = [("all", (2, 3), [0, 1], False), ("last", (3, 7), [1], False), ("middle", (2, 9, 3), [1], True)]
# name, shape, axis, exclusive, reverse
SUMS = [
    ("last", (3, 21), 1, False, False),
    ("last-exclusive", (2, 10), 1, True, False),
    ("last-reverse", (2, 19), 1, False, True),
    ("last-exclusive-reverse", (2, 13), 1, True, True),
    ("middle", (2, 8, 5), 1, False, False),
    ("first-exclusive-reverse", (7, 4), 0, True, True),
]


def resize(x, size, interpolation, antialias):
    """x [N, ..., C] -> [N, *size, C], with centres at half pixels."""
    modes = {"nearest": "nearest-exact", "bilinear": "linear" if x.ndim == 3 else "bilinear"}
    align = {} if interpolation == "nearest" else {"align_corners": False}
    mode = modes[interpolation]
    y = functional.interpolate(channels_first(x), size, mode=mode, antialias=antialias, **align)
    return channels_last(y)


def resize_case(name, shape, size, interpolation, antialias):
    params = {"size": size, "interpolation": interpolation, "antialias": antialias}
    x = random_normal(f"resize/{name}/x", shape)
    return differentiated_case(
        "resize", name, params, [x], lambda x: resize(x, size, interpolation, antialias)
    )


def product_case(name, shape_a, shape_b, transpose_a, transpose_b):
    params = {"transposeA": transpose_a, "transposeB": transpose_b}
    a, b = (
        random_normal(f"matmul/{name}/{operand}", shape)
        for operand, shape in (("a", shape_a), ("b", shape_b))
    )

    def product(a, b):
        return torch.matmul(a.mT if transpose_a else a, b.mT if transpose_b else b)

    return differentiated_case("matmul", name, params, [a, b], product)


def gather_case(op, function, name, shape, indices_shape, axis):
    x = random_normal(f"{op}/{name}/x", shape)
    indices = random_labels(f"{op}/{name}/indices", indices_shape, shape[axis])
    return differentiated_case(op, name, {"axis": axis}, [x, indices], lambda *xs: function(*xs, axis))


def gather(x, indices, axis):
    picked = torch.index_select(x, axis, indices.flatten())
    return picked.reshape(*x.shape[:axis], *indices.shape, *x.shape[axis + 1 :])


def take_along_axis(x, indices, axis):
    return torch.gather(x, axis, indices)


def top_case(name, shape, k, axis):
    x = random_normal(f"topK/{name}/x", shape)
    return differentiated_case(
        "topK",
        name,
        {"k": k, "axis": axis},
        [x],
        lambda x: torch.topk(x, k, axis).values,
        auxiliary=lambda x: {"indices": torch.topk(x, k, axis).indices},
    )


def product(x, axes, keep_dims):
    for axis in sorted(axes, reverse=True):
        x = torch.prod(x, axis, keep_dims)
    return x


def reduction_case(op, function, name, shape, axes, keep_dims):
    x = random_normal(f"{op}/{name}/x", shape)
    params = {"axes": axes, "keepDims": keep_dims}
    return differentiated_case(op, name, params, [x], lambda x: function(x, axes, keep_dims))


def sum_case(name, shape, axis, exclusive, reverse):
    def cumulative_sum(x):
        x = x.flip(axis) if reverse else x
        y = torch.cumsum(x, axis) - x if exclusive else torch.cumsum(x, axis)
        return y.flip(axis) if reverse else y

    x = random_normal(f"cumulativeSum/{name}/x", shape)
    params = {"axis": axis, "exclusive": exclusive, "reverse": reverse}
    return differentiated_case("cumulativeSum", name, params, [x], cumulative_sum)


if __name__ == "__main__":
    cases = [resize_case(*row) for row in RESIZES]
    cases += [product_case(*row) for row in PRODUCTS]
    cases += [gather_case("gather", gather, *row) for row in GATHERS]
    cases += [gather_case("takeAlongAxis", take_along_axis, *row) for row in TAKES]
    cases += [top_case(*row) for row in TOPS]
    cases += [reduction_case("product", product, *row) for row in REDUCTIONS]
    cases += [reduction_case("logSumExp", torch.logsumexp, *row) for row in REDUCTIONS]
    cases += [sum_case(*row) for row in SUMS]
    write_fixture("tensor", cases)
