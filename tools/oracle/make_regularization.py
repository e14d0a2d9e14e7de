"""Golden cases of regularizers (l1, l2, l1l2) and constraints (maxNorm, nonNeg, unitNorm, minMaxNorm), by Keras' formulas."""

import torch

from fixture_file import differentiated_case, random_normal, write_fixture

EPSILON = 1e-7

REGULARIZERS = {
    "l1": lambda x, p: p["l1"] * x.abs().sum(),
    "l2": lambda x, p: p["l2"] * (x * x).sum(),
    "l1l2": lambda x, p: p["l1"] * x.abs().sum() + p["l2"] * (x * x).sum(),
}

# name, op, options, shape
PENALTIES = [
    ("dense", "l1", {"l1": 0.01}, (7, 5)),
    ("filters", "l2", {"l2": 0.05}, (3, 3, 2, 4)),
    ("both", "l1l2", {"l1": 0.02, "l2": 0.1}, (11,)),
]


def norms(w, p):
    return torch.linalg.vector_norm(w, dim=p["axis"], keepdim=True)


def min_max_norm(w, p):
    n = norms(w, p)
    desired = p["rate"] * n.clamp(p["minValue"], p["maxValue"]) + (1 - p["rate"]) * n
    return w * desired / (EPSILON + n)


CONSTRAINTS = {
    "maxNorm": lambda w, p: w * norms(w, p).clamp(0, p["maxValue"]) / (EPSILON + norms(w, p)),
    "nonNeg": lambda w, p: w.clamp(min=0),
    "unitNorm": lambda w, p: w / (EPSILON + norms(w, p)),
    "minMaxNorm": min_max_norm,
}

# Norms on both sides of the bounds: those of 6 numbers of deviation 0.8 are near 2.
BOUNDS = [
    ("units", "maxNorm", {"maxValue": 2, "axis": 0}, (6, 9)),
    ("filters", "maxNorm", {"maxValue": 1.5, "axis": [0, 1, 2]}, (3, 2, 1, 9)),
    ("units", "nonNeg", {}, (6, 9)),
    ("units", "unitNorm", {"axis": 0}, (6, 9)),
    ("rows", "unitNorm", {"axis": 1}, (6, 9)),
    ("units", "minMaxNorm", {"minValue": 1.5, "maxValue": 2.2, "rate": 1, "axis": 0}, (6, 9)),
    ("slowly", "minMaxNorm", {"minValue": 1.5, "maxValue": 1.8, "rate": 0.3, "axis": 0}, (6, 9)),
]


def penalty_case(name, op, params, shape):
    x = random_normal(f"{op}/{name}/x", shape)
    return differentiated_case(op, name, params, [x], lambda x: REGULARIZERS[op](x, params))


def bound_case(name, op, params, shape):
    w = random_normal(f"{op}/{name}/w", shape, 0.8)
    return differentiated_case(op, name, params, [w], lambda w: CONSTRAINTS[op](w, params))


if __name__ == "__main__":
    write_fixture(
        "regularization",
        [penalty_case(*row) for row in PENALTIES] + [bound_case(*row) for row in BOUNDS],
    )
