"""The default network on recordings in PyTorch, with Auricle's recipe, on the features and the split of one of its runs.

usage: mel_cnn.py <place>   reads <place>.json and <place>.bin, writes <place>.pytorch.json
"""

import json
import os
import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


class MelCnn(nn.Module):
    """Four blocks of convolution, batch normalisation, ReLU and max pooling; mean and maximum; dropout; a linear layer."""

    def __init__(self, classes: int):
        super().__init__()
        layers, before = [], 1
        for filters in (32, 64, 128, 128):
            convolution = nn.Conv2d(before, filters, 3, padding=1, bias=False)
            nn.init.kaiming_normal_(convolution.weight, nonlinearity="relu")
            # Keras' momentum of 0.9 is PyTorch's of 0.1; its epsilon is 1e-3.
            layers += [convolution, nn.BatchNorm2d(filters, eps=1e-3, momentum=0.1), nn.ReLU(), nn.MaxPool2d(2)]
            before = filters
        self.features = nn.Sequential(*layers)
        self.dropout = nn.Dropout(0.3)
        self.last = nn.Linear(2 * before, classes)
        nn.init.normal_(self.last.weight, std=0.01)
        nn.init.zeros_(self.last.bias)

    def forward(self, x):
        x = self.features(x)
        pooled = torch.cat([x.mean(dim=(2, 3)), x.amax(dim=(2, 3))], dim=1)
        return self.last(self.dropout(pooled))


def masked(window: np.ndarray, random: np.random.Generator, share: tuple[float, float]) -> np.ndarray:
    """SpecAugment's masks, one in time and one in frequency, with 0, the mean after normalisation."""
    for axis, part in enumerate(share):
        length = window.shape[axis]
        width = int(random.integers(0, max(1, round(length * part)) + 1))
        first = int(random.integers(0, length - width + 1))
        if axis == 0:
            window[first : first + width] = 0
        else:
            window[:, first : first + width] = 0
    return window


def main(place: str) -> None:
    with open(f"{place}.json") as file:
        described = json.load(file)
    config, bins, parts = described["config"], described["bins"], described["parts"]
    values = np.fromfile(f"{place}.bin", dtype=np.float32)
    clip = lambda one: values[one["offset"] : one["offset"] + one["frames"] * bins].reshape(one["frames"], bins)
    torch.set_num_threads(os.cpu_count())
    frames, classes = config["windowFrames"], len(config["classNames"])
    seed = config["seed"]
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    training = [clip(one) for one in parts["train"]]
    labels = [one["label"] for one in parts["train"]]
    stacked = np.concatenate(training)
    mean, deviation = stacked.mean(axis=0), stacked.std(axis=0)
    # What never varies must not be divided by its rounding.
    deviation = np.maximum(deviation, 0.1 * stacked.std())
    network = MelCnn(classes)
    per_clip, size = config["windowsPerClip"], config["batchSize"]
    steps = config["epochs"] * -(-len(training) * per_clip // size)
    optimizer = torch.optim.AdamW(network.parameters(), lr=config["learningRate"], weight_decay=config["weightDecay"])
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, config["learningRate"], total_steps=steps + 1)

    def evaluate(part):
        network.eval()
        hits, loss, by_class = 0, 0.0, np.zeros((classes, classes))
        with torch.no_grad():
            for one in part:
                whole = (clip(one) - mean) / deviation
                count = max(1, -(-one["frames"] // frames))
                starts = np.linspace(0, one["frames"] - frames, count).round().astype(int)
                batch = np.stack([whole[s : s + frames] for s in starts])[:, None]
                probabilities = F.softmax(network(torch.from_numpy(batch).float()), dim=1).mean(dim=0)
                answer = int(probabilities.argmax())
                hits += answer == one["label"]
                by_class[one["label"], answer] += 1
                loss -= float(torch.log(probabilities[one["label"]] + 1e-12))
        f1 = [
            2 * by_class[c, c] / max(1, by_class[c].sum() + by_class[:, c].sum())
            for c in range(classes)
            if by_class[c].sum() + by_class[:, c].sum() > 0
        ]
        return hits / len(part), float(np.mean(f1)), loss / len(part)

    best, best_weights, since, epoch = (-1.0, 0.0), None, 0, 0
    for epoch in range(1, config["epochs"] + 1):
        network.train()
        order = random.permutation(np.repeat(np.arange(len(training)), per_clip))
        for start in range(0, len(order), size):
            chosen = order[start : start + size]
            windows = []
            for i in chosen:
                first = int(random.integers(0, len(training[i]) - frames + 1))
                window = (training[i][first : first + frames] - mean) / deviation
                if config["augmentation"] != "none":
                    window = masked(window, random, (1 / 5, 1 / 8))
                windows.append(window)
            x = torch.from_numpy(np.stack(windows)[:, None]).float()
            y = torch.tensor([labels[i] for i in chosen])
            optimizer.zero_grad()
            F.cross_entropy(network(x), y, label_smoothing=config["labelSmoothing"]).backward()
            optimizer.step()
            schedule.step()
        if not parts["validation"]:
            continue
        accuracy, f1, loss = evaluate(parts["validation"])
        if (f1, -loss) > best:
            best, since = (f1, -loss), 0
            best_weights = {name: value.clone() for name, value in network.state_dict().items()}
        else:
            since += 1
            if config["patience"] is not None and since >= config["patience"]:
                break
    if best_weights is not None:
        network.load_state_dict(best_weights)
    accuracy, f1, loss = evaluate(parts["test"])
    with open(f"{place}.pytorch.json", "w") as file:
        json.dump({"accuracy": accuracy, "macroF1": f1, "loss": loss, "epochs": epoch, "version": torch.__version__}, file)


main(sys.argv[1])
