"""The zoo's other side: a network that Auricle has written as a PyTorch program, by PyTorch or by ONNX Runtime.

    python bench/peers/zoo.py --library pytorch --network folder/network --phase train --threads 2 --ways eager,compiled

First checks that parameters and outputs are Auricle's. Then each line of input is a command, `{"way": "eager", "seconds": 0.5}`, and each
line of output its answer, so that the libraries take turns.
"""

import argparse
import importlib.util
import io
import json
import sys
import warnings
from pathlib import Path

import numpy as np
import torch

from turn import times_of

TOLERANCE = 1e-4
CLASSES = 10
CHANNELS_LAST = " channels last"


def read_network(path):
    """The module with Auricle's weights, the input channels first, and Auricle's outputs."""
    facts = json.loads(path.with_suffix(".json").read_text())
    spec = importlib.util.spec_from_file_location("network", path.with_suffix(".py"))
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    module = getattr(program, facts["className"])()
    module.load_state_dict(torch.load(path.with_suffix(".pt"), weights_only=True), strict=True)
    parameters = sum(parameter.numel() for parameter in module.parameters() if parameter.requires_grad)
    if parameters != facts["parameters"]:
        raise ValueError(f"{parameters} parameters, not {facts['parameters']}")
    numbers = torch.from_numpy(np.fromfile(path.with_suffix(".bin"), np.float32))
    count = int(np.prod(facts["input"]))
    x = numbers[:count].reshape(facts["input"])
    x = x.movedim(-1, 1).contiguous() if x.ndim > 2 else x
    return module, x, numbers[count:]


def difference(outputs, expected):
    """The largest, in units of the largest output. Raises an error above the tolerance."""
    found = torch.as_tensor(outputs).reshape(-1)
    worst = float((found - expected).abs().max() / expected.abs().max().clamp(min=1))
    if not worst < TOLERANCE:
        raise ValueError(f"outputs differ by {worst:.1e} of the largest")
    return worst


def torch_step(path, phase, way):
    module, x, _ = read_network(path)
    if way.endswith(CHANNELS_LAST):
        module, x = module.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
    compiled = way.startswith("compiled")
    module.train(phase == "train")
    run = torch.compile(module) if compiled else module
    if phase == "infer":

        def infer():
            # Freezing does not go with inference_mode.
            with torch.no_grad() if compiled else torch.inference_mode():
                return run(x)

        return infer
    labels = torch.randint(CLASSES, (len(x),))
    optimizer = torch.optim.Adam(module.parameters(), 1e-3, eps=1e-7, fused=True)

    def train():
        optimizer.zero_grad(set_to_none=True)
        loss = torch.nn.functional.cross_entropy(run(x), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return train


def by_pytorch(path, arguments):
    torch.set_num_threads(arguments.threads)
    torch._inductor.config.freezing = arguments.phase == "infer"
    module, x, expected = read_network(path)
    with torch.inference_mode():
        worst = difference(module.eval()(x), expected)
    # PyTorch has channels last for images only.
    formats = ["", CHANNELS_LAST] if x.ndim == 4 else [""]
    steps, errors = {}, {}
    for way in arguments.ways.split(","):
        for name in (way + form for form in formats):
            try:
                steps[name] = torch_step(path, arguments.phase, name)
                steps[name]()
            except Exception as error:  # a compiler that is missing or fails
                if way == "eager":
                    raise
                del steps[name]
                errors[name] = str(error).strip().split("\n")[0] or type(error).__name__
    return steps, {"version": torch.__version__.split("+")[0], "difference": worst, "errors": errors}


def with_counted_axes(model):
    """Axes that PyTorch's export counts from the last, which a transposition in ONNX does not know."""
    for node in model.graph.node:
        for attribute in node.attribute:
            if node.op_type == "Transpose" and attribute.name == "perm":
                attribute.ints[:] = [axis % len(attribute.ints) for axis in attribute.ints]
    return model


def by_onnx_runtime(path, arguments):
    """PyTorch's export, which has channels first as ONNX Runtime's kernels."""
    import onnx
    import onnxruntime

    module, x, expected = read_network(path)
    file = io.BytesIO()
    torch.onnx.export(module.eval(), x, file, dynamo=False, opset_version=17, input_names=["input"])
    model = with_counted_axes(onnx.load_from_string(file.getvalue()))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = arguments.threads
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    values = x.numpy()
    worst = difference(session.run(None, {"input": values})[0], expected)
    steps = {"onnxruntime": lambda: session.run(None, {"input": values})}
    return steps, {"version": onnxruntime.__version__, "difference": worst}


LIBRARIES = {"pytorch": by_pytorch, "onnxruntime": by_onnx_runtime}


def answer(line):
    print(json.dumps(line), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--library", choices=list(LIBRARIES), required=True)
    parser.add_argument("--network", type=Path, required=True)
    parser.add_argument("--phase", choices=["train", "infer"], required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--ways", default="eager,compiled")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    torch.manual_seed(0)
    steps, facts = LIBRARIES[arguments.library](arguments.network, arguments)
    for step in steps.values():
        step()
    answer({"ways": list(steps), **facts})
    for line in sys.stdin:
        command = json.loads(line)
        answer({"times": times_of(steps[command["way"]], command["seconds"], least=2)})


if __name__ == "__main__":
    main()
