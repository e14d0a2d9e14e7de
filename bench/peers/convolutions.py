"""Single convolutions by oneDNN, through PyTorch: each line of input is a command, each line of output its answer.

    python bench/peers/convolutions.py --threads 2
    {"shape": {"batch": 8, "lengths": [32, 32], "channels": 16, …}, "pass": "forward"}
    {"way": "channels last", "seconds": 0.05}

The first prepares a pass, "forward", "input gradient" or "filter gradient", and gives the sum of squares of its result, by which all
libraries are compared; the second measures it.
"""

import argparse
import json
import sys

import numpy as np
import torch

from turn import times_of


def numbers(*shape):
    """The numbers that Auricle's side has, in [-1, 1], which repeat at no power of two."""
    k = np.arange(int(np.prod(shape)), dtype=np.int64)
    return torch.from_numpy((((k * 7919) % 2003) / 1001.5 - 1).astype(np.float32).reshape(shape))


def channels_first(array):
    return array.movedim(-1, 1).contiguous()


def steps_of(shape, what):
    """By the memory format's name; PyTorch has channels last for images only."""
    batch, lengths, kernel, groups = (shape[name] for name in ("batch", "lengths", "kernel", "groups"))
    x = channels_first(numbers(batch, *lengths, shape["channels"]))
    filters = numbers(*kernel, shape["channels"] // groups, shape["filters"])
    filters = filters.movedim((-1, -2), (0, 1)).contiguous()
    options = (shape["strides"], shape["padding"], shape["dilations"])
    convolve = torch.nn.functional.conv2d if len(lengths) == 2 else torch.nn.functional.conv1d
    y = convolve(x, filters, None, *options, groups)
    gradient = channels_first(numbers(batch, *y.shape[2:], shape["filters"]))
    formats = {"contiguous": torch.contiguous_format}
    if len(lengths) == 2:
        formats["channels last"] = torch.channels_last
    return {
        name: step_of(what, [one.to(memory_format=form) for one in (x, filters, gradient)], options, groups, convolve)
        for name, form in formats.items()
    }


def step_of(what, arrays, options, groups, convolve):
    x, filters, gradient = arrays
    if what == "forward":
        return lambda: convolve(x, filters, None, *options, groups)
    wanted = [what == "input gradient", what == "filter gradient", False]
    none = [0] * len(options[0])
    backward = torch.ops.aten.convolution_backward

    def step():
        return backward(gradient, x, filters, None, *options, False, none, groups, wanted)[wanted.index(True)]

    return step


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--threads", type=int, default=1)
    torch.set_num_threads(parser.parse_args().threads)
    print(json.dumps({"version": torch.__version__.split("+")[0]}), flush=True)
    steps = {}
    with torch.inference_mode():
        for line in sys.stdin:
            command = json.loads(line)
            if "shape" in command:
                steps = steps_of(command["shape"], command["pass"])
                squares = [float(step().double().square().sum()) for step in steps.values()]
                answer = {"ways": list(steps), "squares": squares[0]}
            else:
                step = steps[command["way"]]
                step()
                answer = {"times": times_of(step, command["seconds"])}
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
