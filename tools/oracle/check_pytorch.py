"""Checks the files of export_pytorch.mjs in PyTorch: the program runs, `load_state_dict` takes the weights strictly, outputs agree.

    python tools/oracle/check_pytorch.py <folder>

Prints for each model how far its outputs are apart at most, in units of the largest, which must be below 1e-4. Also trains each for two
steps and saves it as `<name>.trained.pt` with its outputs, for `auricle import`.
"""

import importlib.util
import json
import pathlib
import sys

import numpy as np
import torch

TOLERANCE = 1e-4


def network_of(path, class_name):
    spec = importlib.util.spec_from_file_location(path.stem, path.with_suffix(".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    network = getattr(module, class_name)()
    network.load_state_dict(torch.load(path.with_suffix(".pt"), weights_only=True), strict=True)
    return network.eval()


def outputs(network, x):
    with torch.no_grad():
        return network(x)


def train(network, x):
    """Two steps of a loss that moves every parameter, running statistics included."""
    network.train()
    optimizer = torch.optim.SGD(network.parameters(), lr=1e-3)
    for _ in range(2):
        optimizer.zero_grad()
        network(x).square().mean().backward()
        optimizer.step()
    network.eval()


def main():
    paths = sorted(pathlib.Path(sys.argv[1]).glob("*.json"))
    failed = []
    for path in paths:
        facts = json.loads(path.read_text())
        numbers = torch.from_numpy(np.fromfile(path.with_suffix(".bin"), np.float32))
        count = int(np.prod(facts["input"]))
        x = numbers[:count].reshape(facts["input"])
        expected = numbers[count:].reshape(facts["output"])
        if x.ndim > 2:
            x = x.movedim(-1, 1)
        network = network_of(path, facts["className"])
        found = outputs(network, x)
        worst = float((found - expected).abs().max() / expected.abs().max().clamp(min=1))
        print(f"{path.stem:20} {worst:.1e}", flush=True)
        if not (found.shape == expected.shape and worst < TOLERANCE):
            failed.append(path.stem)
        train(network, x)
        torch.save(network.state_dict(), path.with_suffix(".trained.pt"))
        outputs(network, x).numpy().tofile(path.with_suffix(".trained.bin"))
    print(f"{len(paths)} models, {len(failed)} wrong {' '.join(failed)}")
    sys.exit(1 if failed or not paths else 0)


main()
