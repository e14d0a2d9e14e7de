"""PyTorch on the processor: one workload and phase, in the better of its two memory formats.

    python bench/peers/pytorch.py --workload vgg4 --phase train --threads 2 --seconds 5
    python bench/peers/pytorch.py --compile --workload vgg4 --phase train --threads 2 --seconds 5

A training step is forward, softmax cross-entropy, backward and Adam (fused); inference is the forward pass in
evaluation mode. `--compile` runs the model through torch.compile's inductor, which writes C++ and needs a compiler for it; in
inference the weights are constants to it ("freezing"), as they are in a file for ONNX Runtime.
"""

import statistics
import subprocess
import time

import torch
from torch import nn

from measurement import flag_parser, measure, report
from workload import WORKLOADS, shaped_layers


class Residual(nn.Module):
    """The sum of two branches."""

    def __init__(self, branch, shortcut):
        super().__init__()
        self.branch, self.shortcut = branch, shortcut

    def forward(self, x):
        return self.branch(x) + self.shortcut(x)


def chain_of(layers, rank):
    return nn.Sequential(*(module_of(layer, rank) for layer in layers))


def module_of(layer, rank):
    kind, channels = layer["layer"], layer["channels"]
    convolution, batch_norm, max_pool, mean_pool, global_pool = {
        1: (nn.Conv1d, nn.BatchNorm1d, nn.MaxPool1d, nn.AvgPool1d, nn.AdaptiveAvgPool1d),
        2: (nn.Conv2d, nn.BatchNorm2d, nn.MaxPool2d, nn.AvgPool2d, nn.AdaptiveAvgPool2d),
    }[rank]
    if kind in ("conv", "depthwise"):
        filters, groups = (layer["filters"], 1) if kind == "conv" else (channels, channels)
        # PyTorch pads both sides alike: where Keras pads one more at the end, one more at the beginning too.
        padding = [after for _, after in layer["pads"]]
        sizes = (layer["kernelSize"], layer["strides"], padding, layer["dilations"], groups)
        return convolution(channels, filters, *sizes, bias=layer.get("useBias", True))
    if kind in ("maxPool", "avgPool"):
        pool = max_pool if kind == "maxPool" else mean_pool
        return pool(tuple(layer["poolSize"]), tuple(layer["strides"]), ceil_mode=layer["padding"] == "same")
    if kind == "residual":
        return Residual(*(chain_of(layer[branch], rank) for branch in ("layers", "shortcut")))
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
    model = chain_of(shaped_layers(workload), len(workload["input"]) - 1)
    parameters = sum(parameter.numel() for parameter in model.parameters())
    assert parameters == workload["parameters"], parameters
    return model


def step_of(workload, phase, memory_format, compiled):
    torch.manual_seed(0)
    *lengths, channels = workload["input"]
    model = build(workload).to(memory_format=memory_format)
    x = torch.randn(workload["batch"], channels, *lengths).to(memory_format=memory_format)
    if phase == "infer":
        model.eval()
        run = torch.compile(model) if compiled else model

        def infer():
            # Freezing does not go with inference_mode.
            with torch.no_grad() if compiled else torch.inference_mode():
                return run(x)

        return infer
    labels = torch.randint(workload["classes"], (workload["batch"],))
    optimizer = torch.optim.Adam(model.parameters(), 1e-3, eps=1e-7, fused=True)
    run = torch.compile(model) if compiled else model

    def train():
        optimizer.zero_grad(set_to_none=True)
        loss = nn.functional.cross_entropy(run(x), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return train


def compiler_name():
    """The C++ compiler that inductor takes, with its version. Raises an error if there is none."""
    from torch._inductor.cpp_builder import get_cpp_compiler

    compiler = get_cpp_compiler()
    version = subprocess.run([compiler, "-dumpfullversion", "-dumpversion"], capture_output=True, text=True)
    return f"{compiler} {version.stdout.strip()}"


def measure_formats(workload, arguments, formats):
    """Times in milliseconds by the format's name, and what the first steps took in all, in seconds."""
    times, first_seconds = {}, 0.0
    for name, memory_format in formats.items():
        before = time.perf_counter()
        step = step_of(workload, arguments.phase, memory_format, arguments.compile)
        step()
        first_seconds += time.perf_counter() - before
        times[name] = measure(step, arguments.seconds / len(formats))
        torch.compiler.reset()
    return times, first_seconds


def main():
    parser = flag_parser(__doc__.split("\n")[0])
    parser.add_argument("--compile", action="store_true", help="by torch.compile")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    version = torch.__version__.split("+")[0]
    peer = "pytorch-compiled" if arguments.compile else "pytorch"
    workload = WORKLOADS[arguments.workload]
    formats = {"contiguous": torch.contiguous_format}
    if len(workload["input"]) == 3:  # PyTorch has channels last for images only
        formats["channelsLast"] = torch.channels_last
    details = {}
    try:
        if arguments.compile:
            torch._inductor.config.freezing = arguments.phase == "infer"
            details = {"backend": "inductor", "compiler": compiler_name()}
        times, first_seconds = measure_formats(workload, arguments, formats)
    except Exception as error:
        if not arguments.compile:
            raise
        message = str(error).strip().split("\n")[0] or type(error).__name__
        report(peer, version, arguments, error=f"torch.compile: {message}", **details)
        return
    if arguments.compile:
        details["compileSeconds"] = round(first_seconds, 1)
    best = min(times, key=lambda name: statistics.median(times[name]))
    report(peer, version, arguments, times=times[best], memoryFormat=best, **details)


if __name__ == "__main__":
    main()
