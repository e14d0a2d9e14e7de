"""Golden outputs of musicnn's networks in TensorFlow, by the code of their package, with weights that a formula gives.

No weight is stored. README.md has the formula; the variables are counted in the order of their names.
"""

from importlib.metadata import version

import numpy as np

from fixture_file import encode, write_fixture
from make_lenet5_training import formula
from original_musicnn import BANDS, FRAMES, build, tf, unpacked_package

INPUT_OFFSET = 9_000_000


def value_of(name, shape, offset):
    """Numbers such as a trained network has: near 0, and scales and variances near 1."""
    kind = name.split("/")[-1]
    if kind == "kernel":
        window = int(np.prod(shape[:-2]))
        return formula(offset, shape, np.sqrt(6 / (window * shape[-2] + window * shape[-1])))
    numbers = formula(offset, shape, 0.25)
    return numbers + np.float32(1) if kind in ("gamma", "moving_variance") else numbers


def case(package, name):
    session, x, outputs = build(package, name)
    variables = sorted(tf.compat.v1.global_variables(), key=lambda variable: variable.name)
    offset, stored = 0, {}
    with session:
        for variable in variables:
            name_of_variable, shape = variable.name.split(":")[0], tuple(variable.shape.as_list())
            variable.load(value_of(name_of_variable, shape, offset), session)
            stored[name_of_variable] = shape
            offset += int(np.prod(shape))
        features = np.abs(formula(INPUT_OFFSET, (2, FRAMES, BANDS), 4))
        logits = session.run(outputs[0], {x: features})
    print(name, offset, "numbers; logits", logits.min(), "to", logits.max())
    return {"name": name, "op": "musicnn", "params": {"variables": stored}, "inputs": [], "output": encode(logits)}


if __name__ == "__main__":
    folder = unpacked_package()
    tool = f"tensorflow {tf.__version__}, tf_keras {version('tf_keras')}"
    write_fixture("pretrained", [case(folder, name) for name in ("MTT_musicnn", "MTT_vgg")], tool)
