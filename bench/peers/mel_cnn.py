"""The default network on recordings in PyTorch, with Auricle's recipe, on the features and the split of one of its runs.

usage: mel_cnn.py <place>   reads <place>.json and <place>.bin, writes <place>.pytorch.json
"""

import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from recipe import Scores, he_normal, keras_batch_norm, read_place, scores, train, write_result


class MelCnn(nn.Module):
    """Four blocks of convolution, batch normalisation, ReLU and max pooling; mean and maximum; dropout; a linear layer."""

    def __init__(self, classes: int):
        super().__init__()
        layers, before = [], 1
        for filters in (32, 64, 128, 128):
            convolution = nn.Conv2d(before, filters, 3, padding=1, bias=False)
            he_normal(convolution.weight)
            layers += [convolution, keras_batch_norm(filters), nn.ReLU(), nn.MaxPool2d(2)]
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


def statistics(clips: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Mean and deviation of each bin. Each clip weighs the same, however long, as it does among the windows of training."""
    means = np.stack([one.mean(axis=0, dtype=np.float64) for one in clips])
    squares = np.stack([(one.astype(np.float64) ** 2).mean(axis=0) for one in clips]).mean(axis=0)
    mean = means.mean(axis=0)
    variance = squares - mean**2
    # What never varies must not be divided by its rounding.
    least = 0.01 * (squares.mean() - mean.mean() ** 2)
    return mean.astype(np.float32), np.sqrt(np.maximum(variance, least)).astype(np.float32)


def main(place: str) -> None:
    described, values = read_place(place, np.float32)
    config, bins, parts = described["config"], described["bins"], described["parts"]
    clip = lambda one: values[one["offset"] : one["offset"] + one["frames"] * bins].reshape(one["frames"], bins)
    frames, classes = config["windowFrames"], len(config["classNames"])
    random = np.random.default_rng(config["seed"])
    training = [clip(one) for one in parts["train"]]
    labels = [one["label"] for one in parts["train"]]
    mean, deviation = statistics(training)
    # PyTorch's faster layout on processors.
    network = MelCnn(classes).to(memory_format=torch.channels_last)
    per_clip, size = config["windowsPerClip"], config["batchSize"]

    def batches():
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
            x = torch.from_numpy(np.stack(windows)[:, None]).float().to(memory_format=torch.channels_last)
            yield x, torch.tensor([labels[i] for i in chosen])

    def evaluate(part: list[dict]) -> Scores:
        """Of whole clips: the mean of the probabilities of windows side by side."""
        means = []
        for one in part:
            whole = (clip(one) - mean) / deviation
            count = max(1, -(-one["frames"] // frames))
            starts = np.linspace(0, one["frames"] - frames, count).round().astype(int)
            windows = np.stack([whole[s : s + frames] for s in starts])[:, None]
            with torch.no_grad():
                means.append(F.softmax(network(torch.from_numpy(windows).float()), dim=1).mean(dim=0))
        return scores(torch.stack(means), torch.tensor([one["label"] for one in part]))

    validate = (lambda: evaluate(parts["validation"])) if parts["validation"] else None
    steps = -(-len(training) * per_clip // size)
    epochs = train(network, config, steps, batches, validate)
    write_result(place, evaluate(parts["test"]), epochs)


if __name__ == "__main__":
    main(sys.argv[1])
