"""Reads workloads.json and works out the shapes that PyTorch and ONNX want to be told."""

import json
from pathlib import Path

WORKLOADS = json.loads((Path(__file__).parent / "workloads.json").read_text())


def same_padding(lengths, kernel, strides):
    """Keras' 'same' as [before, after] for each axis: out = ceil(n / stride), the odd one at the end."""
    pairs = []
    for n, k, s in zip(lengths, kernel, strides):
        total = max(0, (-(-n // s) - 1) * s + k - n)
        pairs.append([total // 2, total - total // 2])
    return pairs


def shaped_layers(workload):
    """Yields each layer with `channels` (or features) that come in, and for windows `pads`; pools take pads
    of zero at the beginning by their nature here, and at the end by rounding the output length up."""
    *lengths, channels = workload["input"]
    for layer in workload["layers"]:
        kind, shaped = layer["layer"], {**layer, "channels": channels}
        if kind == "conv":
            kernel, strides = layer["kernelSize"], layer["strides"]
            same = layer["padding"] == "same"
            pads = same_padding(lengths, kernel, strides) if same else [[0, 0]] * len(lengths)
            lengths = [(n + sum(p) - k) // s + 1 for n, p, k, s in zip(lengths, pads, kernel, strides)]
            channels = layer["filters"]
            shaped["pads"] = pads
        elif kind in ("maxPool", "avgPool"):
            rounding = (lambda n, k: -(-n // k)) if layer["padding"] == "same" else (lambda n, k: n // k)
            lengths = [rounding(n, k) for n, k in zip(lengths, layer["poolSize"])]
        elif kind in ("flatten", "globalAvgPool"):
            if kind == "flatten":
                for length in lengths:
                    channels *= length
            lengths = []
        elif kind == "dense":
            channels = layer["units"]
        yield shaped
