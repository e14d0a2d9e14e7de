"""Reads the workloads and works out the shapes that PyTorch and ONNX want to be told."""

import json
from pathlib import Path

FOLDER = Path(__file__).parent
MODELS, ARCHITECTURES = (
    json.loads((FOLDER / name).read_text()) for name in ("workloads.json", "architectures.json")
)
WORKLOADS = {**MODELS, **ARCHITECTURES}


def same_padding(lengths, kernel, strides):
    """Keras' 'same' as [before, after] for each axis: out = ceil(n / stride), the odd one at the end."""
    pairs = []
    for n, k, s in zip(lengths, kernel, strides):
        total = max(0, (-(-n // s) - 1) * s + k - n)
        pairs.append([total // 2, total - total // 2])
    return pairs


def shaped_layers(workload):
    """Returns the layers, each with the `channels` (or features) that come in. Windows have `strides`, `dilations` and
    `pads` besides; a residual layer has lists of such layers."""
    *lengths, channels = workload["input"]
    return shape_chain(workload["layers"], lengths, channels)[0]


def shape_chain(layers, lengths, channels):
    shaped = []
    for layer in layers:
        layer, lengths, channels = shape_layer({**layer, "channels": channels}, lengths, channels)
        shaped.append(layer)
    return shaped, lengths, channels


def shape_layer(layer, lengths, channels):
    """Returns the layer with what it wants to know, and the lengths and channels that it gives."""
    kind = layer["layer"]
    if kind in ("conv", "depthwise", "maxPool", "avgPool"):
        lengths = shape_window(layer, lengths)
    if kind == "residual":
        layer["shortcut"] = shape_chain(layer["shortcut"], lengths, channels)[0]
        layer["layers"], lengths, channels = shape_chain(layer["layers"], lengths, channels)
    elif kind == "conv":
        channels = layer["filters"]
    elif kind == "flatten":
        for length in lengths:
            channels *= length
    elif kind == "dense":
        channels = layer["units"]
    return layer, [] if kind in ("flatten", "globalAvgPool") else lengths, channels


def shape_window(layer, lengths):
    """Adds `kernelSize`, `strides`, `dilations` and `pads`, and returns the output's lengths."""
    kernel = layer["kernelSize"] = layer.get("kernelSize") or layer["poolSize"]
    strides = layer["strides"] = layer.get("strides") or layer.get("poolSize") or [1] * len(kernel)
    dilations = layer["dilations"] = layer.get("dilations") or [1] * len(kernel)
    reach = [(k - 1) * d + 1 for k, d in zip(kernel, dilations)]
    same = layer["padding"] == "same"
    pads = layer["pads"] = same_padding(lengths, reach, strides) if same else [[0, 0]] * len(lengths)
    return [(n + sum(p) - k) // s + 1 for n, p, k, s in zip(lengths, pads, reach, strides)]
