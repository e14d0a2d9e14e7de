"""Golden cases of softmax, logSoftmax and the elementwise activations."""

import numpy as np
import torch
import torch.nn.functional as functional

from fixture_file import differentiated_case, random_normal, write_fixture

ELEMENTWISE = [
    ("relu", "zero-included", {}, functional.relu),
    ("leakyRelu", "alpha-0.3", {"alpha": 0.3}, lambda x: functional.leaky_relu(x, 0.3)),
    ("leakyRelu", "alpha-0.01", {"alpha": 0.01}, lambda x: functional.leaky_relu(x, 0.01)),
    ("elu", "alpha-1", {"alpha": 1.0}, functional.elu),
    ("elu", "alpha-0.5", {"alpha": 0.5}, lambda x: functional.elu(x, 0.5)),
    ("sigmoid", "wide-range", {}, torch.sigmoid),
    ("tanh", "wide-range", {}, torch.tanh),
    ("gelu", "exact", {"approximate": False}, functional.gelu),
    ("gelu", "tanh", {"approximate": True}, lambda x: functional.gelu(x, approximate="tanh")),
    ("silu", "wide-range", {}, functional.silu),
    # By its definition in the stable form: torch switches to the identity above a threshold of 20.
    ("softplus", "wide-range", {}, lambda x: torch.logaddexp(x, torch.zeros_like(x))),
    ("relu6", "ends-apart", {}, functional.relu6),
    ("selu", "wide-range", {}, functional.selu),
    ("hardSigmoid", "ends-apart", {}, functional.hardsigmoid),
    ("hardSilu", "ends-apart", {}, functional.hardswish),
    ("hardTanh", "ends-apart", {}, functional.hardtanh),
    ("softsign", "zero-included", {}, functional.softsign),
    ("logSigmoid", "wide-range", {}, functional.logsigmoid),
    # By its definition in the stable form, for the same reason as softplus.
    ("mish", "wide-range", {}, lambda x: x * torch.tanh(torch.logaddexp(x, torch.zeros_like(x)))),
]

# Large and tiny numbers of both signs, zero, and the range in between. relu'(0) = 0 in all tools.
EXTREMES = [-50, -20, -10, -5, -1, -1e-3, -1e-7, 0, 1e-7, 1e-3, 1, 5, 10, 20, 50]
# Without zero: the gradient there is alpha in PyTorch and TensorFlow, 1 in JAX.
WITHOUT_KINK = [x or 1e-5 for x in EXTREMES]
KINKED = {"leakyRelu", "elu", "selu"}
# Neither 1 nor -1, where the gradient of hardTanh is 1 in JAX and 0 in PyTorch.
WITHOUT_ENDS = [1.25 * x for x in EXTREMES]
ENDED = {"hardTanh"}


def elementwise_case(op, name, params, function):
    spread = random_normal(f"{op}/{name}/x", (20,), scale=2.0)
    chosen = WITHOUT_KINK if op in KINKED else WITHOUT_ENDS if op in ENDED else EXTREMES
    x = np.concatenate([np.array(chosen, np.float32), spread]).reshape(5, 7)
    return differentiated_case(op, name, params, [x], function)


# name, shape of x, shape of alpha
PRELU = [("features", (4, 6), (6,)), ("images", (2, 3, 4, 5), (1, 1, 5)), ("all-shared", (3, 7), (1,))]


def prelu_case(name, shape, slopes):
    x = random_normal(f"prelu/{name}/x", shape, 2.0)
    alpha = random_normal(f"prelu/{name}/alpha", slopes, 0.5)
    return differentiated_case("prelu", name, {}, [x, alpha], lambda x, a: torch.where(x > 0, x, a * x))


SOFTMAX_INPUTS = [
    ("features", random_normal("softmax/features", (3, 5))),
    ("three-axes", random_normal("softmax/three-axes", (2, 3, 7), 3.0)),
    ("one-class", random_normal("softmax/one-class", (2, 1))),
    ("large-logits", np.array([[1000, 999, 0, -1000], [-1000, -1001, -1000, -1002]], np.float32)),
]


def softmax_cases():
    for op, function in [("softmax", functional.softmax), ("logSoftmax", functional.log_softmax)]:
        for name, x in SOFTMAX_INPUTS:
            yield differentiated_case(op, name, {"axis": -1}, [x], lambda x: function(x, dim=-1))
        x = random_normal("softmax/other-axis", (2, 3, 4, 5), 2.0)
        yield differentiated_case(op, "other-axis", {"axis": 1}, [x], lambda x: function(x, dim=1))
    x = random_normal("softmax/two-axes", (2, 3, 4, 5), 2.0)
    flat = lambda x: functional.softmax(x.reshape(2, 12, 5), dim=1).reshape(x.shape)
    yield differentiated_case("softmax", "two-axes", {"axis": [1, 2]}, [x], flat)


if __name__ == "__main__":
    write_fixture(
        "activation",
        [
            *softmax_cases(),
            *(elementwise_case(*row) for row in ELEMENTWISE),
            *(prelu_case(*row) for row in PRELU),
        ],
    )
