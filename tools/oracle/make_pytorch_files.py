"""Files that PyTorch writes, for src/formats/pytorch: state dicts of every type and layout, checkpoints, and what is refused.

    .venv/bin/python tools/oracle/make_pytorch_files.py
"""

import base64
import collections
import io
import json
import pathlib

import torch

TARGET = pathlib.Path(__file__).parent / "files" / "pytorch.json"


def saved(value, **options):
    stream = io.BytesIO()
    torch.save(value, stream, **options)
    return base64.b64encode(stream.getvalue()).decode()


def expected(tensors):
    """Tensors as JSON: shape and values, row-major."""
    return {
        name: {"shape": list(tensor.shape), "values": tensor.detach().flatten().double().tolist()}
        for name, tensor in tensors.items()
    }


def of_types():
    signed = torch.tensor([-1.5, 0.0, 2.25])
    floats = {str(dtype)[6:]: signed.to(dtype) for dtype in (torch.float32, torch.float64, torch.float16, torch.bfloat16)}
    whole = torch.tensor([[-3, 2], [100, -128]])
    ints = {str(dtype)[6:]: whole.to(dtype) for dtype in (torch.int64, torch.int32, torch.int16, torch.int8)}
    unsigned = {"uint8": torch.tensor([0, 255], dtype=torch.uint8), "uint16": torch.tensor([0, 65535], dtype=torch.uint16)}
    return {**floats, **ints, **unsigned, "bool": torch.tensor([True, False])}


def of_layouts():
    base = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
    return {
        "contiguous": base.clone(),
        "transposed": base.clone().permute(2, 0, 1),
        "view": base[1, 1:, ::2],
        "same storage": base[0],
        "scalar": torch.tensor(7.5),
        "empty": torch.zeros(0, 4),
        "parameter": torch.nn.Parameter(torch.tensor([0.5])),
    }


def network():
    torch.manual_seed(3)
    return torch.nn.Sequential(collections.OrderedDict(
        conv=torch.nn.Conv2d(1, 2, 3), norm=torch.nn.BatchNorm2d(2), head=torch.nn.Linear(4, 2)))


def cases():
    yield "types", of_types(), of_types(), {}
    yield "layouts", of_layouts(), of_layouts(), {}
    net = network()
    state = net.state_dict()
    yield "state dict", state, state, {}
    for protocol in (3, 4, 5):
        yield f"protocol {protocol}", state, state, {"pickle_protocol": protocol}
    optimizer = torch.optim.Adam(net.parameters())
    sum(parameter.sum() for parameter in net.parameters()).backward()
    optimizer.step()
    state = net.state_dict()
    yield "checkpoint", {"epoch": 3, "loss": 0.25, "name": "é", "done": False, "classes": ["a", ("b", None)],
                         "model_state_dict": state, "optimizer_state_dict": optimizer.state_dict()}, state, {}
    prefixed = collections.OrderedDict((f"model.{name}", tensor) for name, tensor in state.items())
    yield "Lightning", {"epoch": 3, "global_step": 10, "pytorch-lightning_version": "2.4.0", "state_dict": prefixed,
                        "callbacks": {}, "optimizer_states": [optimizer.state_dict()]}, prefixed, {}
    yield "tensors and others", {**state, "epoch": 3}, state, {}


def main():
    net = network()
    small = {"a": torch.ones(2)}
    parts = {
        "files": [
            {"name": name, "tensors": expected(tensors), "base64": saved(value, **options)}
            for name, value, tensors, options in cases()
        ],
        "refused": [
            {"name": "a module", "base64": saved(net)},
            {"name": "a tensor", "base64": saved(torch.ones(2))},
            {"name": "two networks", "base64": saved({"generator": small, "discriminator": small.copy()})},
            {"name": "a number too large", "base64": saved({"a": torch.tensor([2**40])})},
            {"name": "complex numbers", "base64": saved({"a": torch.ones(2, dtype=torch.complex64)})},
        ],
    }
    head = {"tool": f"torch {torch.__version__.split('+')[0]}", "command": "python tools/oracle/make_pytorch_files.py"}
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    for key, rows in parts.items():
        lines.append(f"{json.dumps(key)}: [\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]")
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
