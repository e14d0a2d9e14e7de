"""Golden outputs of CREPE (tiny) in PyTorch, by the code of torchcrepe, with weights that a formula gives.

No weight is stored. README.md has the formula; tensors are counted in the order of their names. The second window is a
thousandth as loud as the first, the third is constant.
"""

import numpy as np
import torch

from fixture_file import encode, write_fixture
from make_lenet5_training import formula
from original_crepe import WINDOW, build, normalized, unpacked_package

INPUT_OFFSET = 9_000_000


def value_of(name, shape, offset):
    """Numbers such as a trained network has: near 0, and scales and variances near 1."""
    if len(shape) > 1:
        return formula(offset, shape, np.sqrt(6 / (np.prod(shape[1:]) + shape[0])))
    numbers = formula(offset, shape, 0.25)
    return numbers + np.float32(1) if name.endswith(("BN.weight", "running_var")) else numbers


if __name__ == "__main__":
    network = build(unpacked_package(), "tiny").double()
    offset, stored, tensors = 0, {}, network.state_dict()
    for name in sorted(tensors):
        if name.endswith("num_batches_tracked"):
            continue
        shape = tuple(tensors[name].shape)
        tensors[name].copy_(torch.tensor(value_of(name, shape, offset)))
        stored[name] = shape
        offset += int(np.prod(shape))
    frames = formula(INPUT_OFFSET, (3, WINDOW), 0.5).astype(np.float64)
    frames[1] /= 1024
    frames[2] = 0.25
    with torch.no_grad():
        output = network(normalized(torch.tensor(frames))).numpy()
    print(offset, "numbers; probabilities", output.min(), "to", output.max())
    params = {"tensors": stored}
    write_fixture("crepe", [{"name": "tiny", "op": "crepe", "params": params, "inputs": [], "output": encode(output)}])
