"""Makes the steps of a default training of mel-cnn in PyTorch, from the same weights on the same batches, and compares the losses.

    npm run build && .venv/bin/python tools/oracle/check_training.py

Prints the largest difference within each half epoch. The first step must agree to 1e-5 and the first half epoch to 1e-3; rounding grows
with every step, as it does between any two libraries.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent / "bench" / "peers"))

from mel_cnn import MelCnn
from recipe import optimizer_of


def numbers(weights: dict, path: str) -> torch.Tensor:
    entry = weights[path]
    return torch.tensor(entry["data"], dtype=torch.float32).reshape(entry["shape"])


def network_of(weights: dict, classes: int) -> MelCnn:
    network = MelCnn(classes)
    network.dropout.p = 0.0
    convolutions = [layer for layer in network.features if isinstance(layer, nn.Conv2d)]
    with torch.no_grad():
        for i, layer in enumerate(convolutions, 1):
            layer.weight.copy_(numbers(weights, f"conv2d_{i}/kernel").permute(3, 2, 0, 1))
        network.last.weight.copy_(numbers(weights, "dense_1/kernel").T)
        network.last.bias.copy_(numbers(weights, "dense_1/bias"))
    return network.train()


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["node", HERE / "export_training.mjs", folder], check=True)
        folder = pathlib.Path(folder)
        training = json.loads((folder / "training.json").read_text())
        inputs = np.fromfile(folder / "inputs.f32", np.float32).reshape(-1, training["frames"], 128)
        targets = np.fromfile(folder / "targets.f32", np.float32).reshape(-1, training["classes"])
    before = training["before"]
    network = network_of(before, training["classes"])
    mean = before["normalization_1/mean"]["data"]
    variance = before["normalization_1/variance"]["data"]
    inputs = (inputs - np.float32(mean)) / np.sqrt(np.float32(variance))
    optimizer, schedule = optimizer_of(network, training, training["steps"])
    differences, at = [], 0
    for step in training["losses"]:
        batch = slice(at, at + step["size"])
        at = batch.stop
        x, y = torch.from_numpy(inputs[batch, None]), torch.from_numpy(targets[batch].argmax(axis=1))
        optimizer.zero_grad()
        loss = F.cross_entropy(network(x), y, label_smoothing=training["labelSmoothing"])
        loss.backward()
        optimizer.step()
        schedule.step()
        differences.append(abs(loss.item() - step["loss"]))
    part = max(1, len(differences) // 4)
    for start in range(0, len(differences), part):
        print(f"steps {start + 1} to {min(start + part, len(differences))}: {max(differences[start : start + part]):.1e}")
    return 0 if differences[0] < 1e-5 and max(differences[:part]) < 1e-3 else 1


if __name__ == "__main__":
    sys.exit(main())
