"""PyTorch, eager, on the processor: one workload and phase, in the better of its two memory formats.

    python bench/peers/pytorch.py --workload vgg4 --phase train --threads 2 --seconds 5

A training step is forward, softmax cross-entropy, backward and Adam (fused); inference is the forward pass in
evaluation mode.
"""

import statistics

import torch
from torch import nn

from measurement import flags, measure, report
from workload import WORKLOADS, shaped_layers


def module_of(layer, rank):
    kind, channels = layer["layer"], layer["channels"]
    convolution, batch_norm, max_pool, mean_pool, global_pool = {
        1: (nn.Conv1d, nn.BatchNorm1d, nn.MaxPool1d, nn.AvgPool1d, nn.AdaptiveAvgPool1d),
        2: (nn.Conv2d, nn.BatchNorm2d, nn.MaxPool2d, nn.AvgPool2d, nn.AdaptiveAvgPool2d),
    }[rank]
    if kind == "conv":
        if any(before != after for before, after in layer["pads"]):
            raise ValueError(f"pytorch: a convolution pads both sides alike here; got {layer['pads']}")
        padding = [before for before, _ in layer["pads"]]
        return convolution(channels, layer["filters"], layer["kernelSize"], layer["strides"], padding)
    if kind in ("maxPool", "avgPool"):
        pool = max_pool if kind == "maxPool" else mean_pool
        return pool(tuple(layer["poolSize"]), ceil_mode=layer["padding"] == "same")
    if kind == "globalAvgPool":
        return nn.Sequential(global_pool(1), nn.Flatten())
    return {
        "batchNorm": lambda: batch_norm(channels, eps=1e-3),
        "relu": nn.ReLU,
        "tanh": nn.Tanh,
        "flatten": nn.Flatten,
        "dropout": lambda: nn.Dropout(layer["rate"]),
        "dense": lambda: nn.Linear(channels, layer["units"]),
    }[kind]()


def build(workload):
    rank = len(workload["input"]) - 1
    model = nn.Sequential(*(module_of(layer, rank) for layer in shaped_layers(workload)))
    parameters = sum(parameter.numel() for parameter in model.parameters())
    assert parameters == workload["parameters"], parameters
    return model


def step_of(workload, phase, memory_format):
    torch.manual_seed(0)
    *lengths, channels = workload["input"]
    model = build(workload).to(memory_format=memory_format)
    x = torch.randn(workload["batch"], channels, *lengths).to(memory_format=memory_format)
    if phase == "infer":
        model.eval()

        def infer():
            with torch.inference_mode():
                return model(x)

        return infer
    labels = torch.randint(workload["classes"], (workload["batch"],))
    optimizer = torch.optim.Adam(model.parameters(), 1e-3, eps=1e-7, fused=True)

    def train():
        optimizer.zero_grad(set_to_none=True)
        loss = nn.functional.cross_entropy(model(x), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return train


def main():
    arguments = flags(__doc__.split("\n")[0])
    torch.set_num_threads(arguments.threads)
    workload = WORKLOADS[arguments.workload]
    formats = {"contiguous": torch.contiguous_format}
    if len(workload["input"]) == 3:  # PyTorch has channels last for images only
        formats["channelsLast"] = torch.channels_last
    times = {
        name: measure(step_of(workload, arguments.phase, memory_format), arguments.seconds / len(formats))
        for name, memory_format in formats.items()
    }
    best = min(times, key=lambda name: statistics.median(times[name]))
    version = torch.__version__.split("+")[0]
    report("pytorch", version, arguments, times=times[best], memoryFormat=best)


if __name__ == "__main__":
    main()
