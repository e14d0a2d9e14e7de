"""A network in ONNX Runtime, from the file that Auricle wrote and from PyTorch's export of the same layers, in turn.

    python bench/peers/onnx_export.py --network vgg4 --ours vgg4.onnx --batch 32 --threads 2 --seconds 5

Prints one JSON line with the median milliseconds of both.
"""

import argparse
import io
import json
import statistics
import time

import numpy as np
import onnxruntime
import torch

from mel_cnn import MelCnn
from pytorch import build
from small_resnet import SmallResNet
from workload import WORKLOADS

MODULES = {
    "lenet5": lambda shape: build(WORKLOADS["lenet5"]),
    "vgg4": lambda shape: build(WORKLOADS["vgg4"]),
    "small-resnet": lambda shape: SmallResNet(shape[1], shape[3], 10),
    "mel-cnn": lambda shape: MelCnn(10),
}


def session_of(model, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def exported(module, x):
    """PyTorch's file, with a batch of any length as ours has it."""
    file = io.BytesIO()
    axes = {"input": {0: "batch"}, "output": {0: "batch"}}
    names = {"input_names": ["input"], "output_names": ["output"], "dynamic_axes": axes}
    torch.onnx.export(module.eval(), x, file, dynamo=False, opset_version=17, **names)
    return file.getvalue()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--network", choices=list(MODULES), required=True)
    parser.add_argument("--ours", required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=5.0, help="how long to measure both together")
    arguments = parser.parse_args()
    torch.manual_seed(0)
    ours = session_of(arguments.ours, arguments.threads)
    given = ours.get_inputs()[0]
    shape = [arguments.batch, *given.shape[1:]]
    x = np.random.default_rng(0).standard_normal(shape, np.float32)
    first = np.ascontiguousarray(np.moveaxis(x, -1, 1))
    theirs = session_of(exported(MODULES[arguments.network](shape), torch.from_numpy(first)), arguments.threads)
    runs = {
        "ours": lambda: ours.run(None, {given.name: x}),
        "pytorch": lambda: theirs.run(None, {"input": first}),
    }
    times = {name: [] for name in runs}
    for run in runs.values():
        for _ in range(3):
            run()
    start = time.perf_counter()
    while not times["pytorch"] or time.perf_counter() - start < arguments.seconds:
        for name, run in runs.items():
            before = time.perf_counter()
            run()
            times[name].append((time.perf_counter() - before) * 1e3)
    medians = {name: round(statistics.median(values), 4) for name, values in times.items()}
    print(json.dumps({"batch": arguments.batch, "runs": len(times["ours"]), **medians}))


if __name__ == "__main__":
    main()
