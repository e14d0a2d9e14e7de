"""What the fixture scripts share: reproducible inputs, gradients by PyTorch, and the file format.

Everything is computed in float64 from inputs that are exact in float32, and rounded once at the end, so a
fixture is right to the last bit of float32 and a test's tolerance counts only the error of the code under
test. The format is described in README.md.
"""

import base64
import json
import zlib
from pathlib import Path

import numpy as np
import torch

FIXTURES = Path(__file__).parent / "fixtures"


def random_normal(seed_text, shape, scale=1.0, offset=0.0):
    """Standard normal float32 numbers (times scale, plus offset) that depend on the text alone."""
    generator = np.random.default_rng(zlib.crc32(seed_text.encode()))
    return (generator.standard_normal(shape) * scale + offset).astype(np.float32)


def random_labels(seed_text, shape, classes):
    """Class indices 0 … classes-1 that depend on the text alone, as int32."""
    generator = np.random.default_rng(zlib.crc32(seed_text.encode()))
    return generator.integers(0, classes, shape).astype(np.int32)


def encode(array):
    """float32 or int32 numbers as shape, dtype and base64 of their little-endian bytes, row-major."""
    array = np.asarray(array)
    dtype = "int32" if np.issubdtype(array.dtype, np.integer) else "float32"
    data = np.ascontiguousarray(array.astype("<i4" if dtype == "int32" else "<f4"))
    return {
        "shape": list(array.shape),
        "dtype": dtype,
        "base64": base64.b64encode(data.tobytes()).decode("ascii"),
    }


def decode(encoded):
    """The inverse of encode."""
    dtype = "<i4" if encoded["dtype"] == "int32" else "<f4"
    return np.frombuffer(base64.b64decode(encoded["base64"]), dtype).reshape(encoded["shape"])


def differentiated_case(op, name, params, inputs, function, constant=(), auxiliary=None):
    """One case: y = function(*inputs), and the gradients of sum(y * dy) for a random dy.

    inputs: float32 or int32 arrays. Integer inputs, and those at the indices in `constant`, get no gradient.
    auxiliary: optional function of the same inputs that gives further outputs, as a dict of tensors.
    """
    tensors = []
    for index, array in enumerate(inputs):
        floating = np.issubdtype(array.dtype, np.floating)
        tensor = torch.tensor(array, dtype=torch.float64 if floating else torch.int64)
        tensors.append(tensor.requires_grad_(floating and index not in constant))
    output = function(*tensors)
    output_gradient = random_normal(f"{op}/{name}/outputGradient", tuple(output.shape))
    (output * torch.tensor(output_gradient, dtype=torch.float64)).sum().backward()
    case = {
        "name": name,
        "op": op,
        "params": params,
        "inputs": [encode(array) for array in inputs],
        "output": encode(output.detach().numpy()),
        "outputGradient": encode(output_gradient),
        "inputGradients": [
            encode(tensor.grad.numpy()) if tensor.requires_grad else None for tensor in tensors
        ],
    }
    if auxiliary is not None:
        with torch.no_grad():
            case["auxiliaryOutputs"] = {
                key: encode(value.numpy()) for key, value in auxiliary(*tensors).items()
            }
    return case


def write_fixture(name, cases, tool=None):
    """Writes fixtures/<name>.json, one case a line, so that a changed case is one changed line."""
    header = {
        "tool": tool or f"torch {torch.__version__.split('+')[0]}",
        "command": f"python tools/oracle/make_{name.replace('-', '_')}.py",
    }
    lines = ",\n".join("    " + json.dumps(case) for case in cases)
    text = json.dumps(header, indent=2)[:-2] + ',\n  "cases": [\n' + lines + "\n  ]\n}\n"
    json.loads(text)
    path = FIXTURES / f"{name}.json"
    path.write_text(text)
    print(f"{path.name}: {len(cases)} cases, {len(text)} bytes")
