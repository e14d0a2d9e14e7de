"""Golden cases of pad with what is at the edges: NumPy's places, PyTorch's values and gradients."""

import numpy as np
import torch
import torch.nn.functional as functional

from fixture_file import differentiated_case, random_normal, write_fixture

# name, input shape, padding, mode
CASES = [
    ("time", (2, 7, 3), [[0, 0], [3, 2], [0, 0]], "reflect"),
    ("as-wide-as-it-goes", (1, 4, 2), [[0, 0], [3, 3], [0, 0]], "reflect"),
    ("image", (2, 5, 4, 3), [[0, 0], [1, 2], [3, 0], [0, 0]], "reflect"),
    ("all-axes", (2, 3, 4), [[1, 0], [2, 1], [0, 3]], "reflect"),
    ("time", (2, 7, 3), [[0, 0], [3, 2], [0, 0]], "symmetric"),
    ("as-wide-as-it-goes", (1, 4, 2), [[0, 0], [4, 4], [0, 0]], "symmetric"),
    ("image", (2, 5, 4, 3), [[0, 0], [1, 2], [3, 0], [0, 0]], "symmetric"),
    ("time", (2, 7, 3), [[0, 0], [3, 2], [0, 0]], "edge"),
    ("wider-than-the-input", (1, 3, 2), [[0, 0], [5, 4], [0, 0]], "edge"),
    ("image", (2, 5, 4, 3), [[0, 0], [1, 2], [3, 0], [0, 0]], "edge"),
    ("all-axes", (2, 3, 4), [[1, 0], [2, 1], [0, 3]], "edge"),
    ("time", (2, 7, 3), [[0, 0], [3, 2], [0, 0]], "wrap"),
    ("more-than-once-round", (1, 3, 2), [[0, 0], [7, 4], [0, 0]], "wrap"),
    ("image", (2, 5, 4, 3), [[0, 0], [1, 2], [3, 0], [0, 0]], "wrap"),
]

TORCH_MODES = {"reflect": "reflect", "edge": "replicate", "wrap": "circular"}


def pad_case(name, shape, padding, mode):
    places = np.pad(np.arange(np.prod(shape)).reshape(shape), padding, mode)

    def function(x):
        return x.reshape(-1)[torch.tensor(places)]

    x = random_normal(f"pad/{mode}-{name}/x", shape)
    check_with_torch(x, padding, mode, places)
    return differentiated_case("pad", f"{mode}-{name}", {"padding": padding, "mode": mode}, [x], function)


def check_with_torch(x, padding, mode, places):
    """PyTorch pads the inner axes of images and sequences, symmetrically or not, not more than once round."""
    inner = padding[1:-1]
    within = all(max(sides) <= n for sides, n in zip(inner, x.shape[1:-1]))
    if mode not in TORCH_MODES or not within or padding[0] != [0, 0] or padding[-1] != [0, 0]:
        return
    flat = [side for pair in reversed(inner) for side in pair]
    padded = functional.pad(torch.tensor(x).movedim(-1, 1), flat, TORCH_MODES[mode]).movedim(1, -1)
    assert np.array_equal(padded.numpy(), x.reshape(-1)[places])


if __name__ == "__main__":
    write_fixture("pad", [pad_case(*row) for row in CASES])
