"""The default network on pictures in PyTorch, with the recipe, the pixels, the split and the augmentation of one of Auricle's runs.

usage: small_resnet.py <place>   reads <place>.json and <place>.bin, writes <place>.pytorch.json
"""

import math
import sys

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from recipe import Scores, he_normal, keras_batch_norm, read_place, scores, train, write_result


class Convolution(nn.Module):
    """A convolution with Keras' padding "same", whose odd one goes at the end, and batch normalisation."""

    def __init__(self, before: int, filters: int, size: int, stride: int = 1):
        super().__init__()
        self.convolution = nn.Conv2d(before, filters, size, stride, bias=False)
        self.normalization = keras_batch_norm(filters)
        he_normal(self.convolution.weight)

    def forward(self, x: Tensor) -> Tensor:
        (size, _), (stride, _) = self.convolution.kernel_size, self.convolution.stride
        pads = []
        for length in (x.shape[3], x.shape[2]):
            total = max(0, (math.ceil(length / stride) - 1) * stride + size - length)
            pads += [total // 2, total - total // 2]
        return self.normalization(self.convolution(F.pad(x, pads)))


class Block(nn.Module):
    """ReLU(x + f(x)); where size or channels change, x goes through a mean over 2 by 2 pixels and a 1 by 1 convolution."""

    def __init__(self, before: int, filters: int, stride: int):
        super().__init__()
        second = Convolution(filters, filters, 3)
        nn.init.zeros_(second.normalization.weight)
        self.inner = nn.Sequential(Convolution(before, filters, 3, stride), nn.ReLU(), second)
        means = [nn.AvgPool2d(stride, ceil_mode=True, count_include_pad=False)] if stride > 1 else []
        stays = stride == 1 and before == filters
        self.shortcut = nn.Identity() if stays else nn.Sequential(*means, Convolution(before, filters, 1))

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.shortcut(x) + self.inner(x))


class SmallResNet(nn.Module):
    """src/models/small-resnet.ts."""

    def __init__(self, side: int, channels: int, classes: int):
        super().__init__()
        layers = [Convolution(channels, 32, 3, 2 if side >= 64 else 1), nn.ReLU()]
        if side >= 128:
            layers.append(nn.MaxPool2d(2, ceil_mode=True))
        before = 32
        for filters, stride in ((32, 1), (64, 2), (128, 2)):
            layers += [Block(before, filters, stride), Block(filters, filters, 1)]
            before = filters
        self.features = nn.Sequential(*layers)
        self.last = nn.Linear(before, classes)
        nn.init.xavier_uniform_(self.last.weight)
        nn.init.zeros_(self.last.bias)

    def forward(self, x: Tensor) -> Tensor:
        return self.last(self.features(x).mean(dim=(2, 3)))


GEOMETRY = {"horizontalFlip", "verticalFlip", "shift", "rotation", "zoom", "crop"}
COLORS = {"brightness", "contrast", "saturation"}


def warped(x: Tensor, changes: dict) -> Tensor:
    """Flips, crop, shift, zoom and rotation as one bilinear resampling; beyond the border its outermost pixels go on."""
    count, _, height, width = x.shape
    uniform = lambda low, high: low + (high - low) * torch.rand(count)
    sign = lambda name: torch.where(torch.rand(count) < 0.5, -1.0, 1.0) if name in changes else torch.ones(count)
    flip_x, flip_y = sign("horizontalFlip"), sign("verticalFlip")
    scale = uniform(changes["crop"], 1).sqrt() if "crop" in changes else torch.ones(count)
    shift = changes.get("shift", 0)
    right, down = (
        (1 - scale) * side / 2 * uniform(-1, 1) + shift * side * uniform(-1, 1) for side in (width, height)
    )
    low, high = changes.get("zoom", (1, 1))
    scale = scale / torch.exp(uniform(math.log(low), math.log(high)))
    angle = uniform(-1, 1) * math.radians(changes.get("rotation", 0))
    cos, sin = angle.cos() * scale, angle.sin() * scale
    # Places from -1 to 1 between the middles of the outermost pixels.
    across, along = (width - 1) / 2, (height - 1) / 2
    rows = [
        torch.stack([cos * flip_x, -sin * flip_y * along / across, right / across], dim=1),
        torch.stack([sin * flip_x * across / along, cos * flip_y, down / along], dim=1),
    ]
    grid = F.affine_grid(torch.stack(rows, dim=1), list(x.shape), align_corners=True)
    return F.grid_sample(x, grid, padding_mode="border", align_corners=True)


def recolored(x: Tensor, changes: dict) -> Tensor:
    """Brightness, contrast and saturation of values from 0 to 1."""
    factor = lambda name: 1 + changes[name] * (2 * torch.rand(len(x), 1, 1, 1) - 1)
    grey = lambda: (x * torch.tensor([0.299, 0.587, 0.114]).reshape(3, 1, 1)).sum(1, True) if x.shape[1] == 3 else x
    if "brightness" in changes:
        x = (x * factor("brightness")).clamp(0, 1)
    if "contrast" in changes:
        mean = grey().mean(dim=(1, 2, 3), keepdim=True)
        x = (mean + factor("contrast") * (x - mean)).clamp(0, 1)
    if "saturation" in changes and x.shape[1] == 3:
        base = grey()
        x = (base + factor("saturation") * (x - base)).clamp(0, 1)
    return x


def augmented(x: Tensor, augmentation: dict | str) -> Tensor:
    if augmentation == "none":
        return x
    unknown = augmentation.keys() - GEOMETRY - COLORS
    if unknown:
        raise SystemExit(f"small_resnet.py: there is no {', '.join(sorted(unknown))} here")
    if augmentation.keys() & GEOMETRY:
        x = warped(x, augmentation)
    return recolored(x, augmentation)


def main(place: str) -> None:
    described, numbers = read_place(place, np.uint8)
    config, labels = described["config"], {part: torch.tensor(own) for part, own in described["labels"].items()}
    height, width, channels = (config["pixels"][name] for name in ("height", "width", "channels"))
    every = torch.from_numpy(numbers.reshape(-1, height, width, channels)).permute(0, 3, 1, 2) / 255
    pictures = dict(zip(labels, every.split([len(own) for own in labels.values()])))
    deviation, mean = torch.std_mean(pictures["train"], dim=(0, 2, 3), correction=0, keepdim=True)
    network = SmallResNet(min(height, width), channels, len(config["classNames"]))
    count, size = len(labels["train"]), config["batchSize"]

    def batches():
        for chosen in torch.randperm(count).split(size):
            x = augmented(pictures["train"][chosen], config["augmentation"])
            yield (x - mean) / deviation, labels["train"][chosen]

    def evaluate(part: str) -> Scores:
        with torch.no_grad():
            outputs = [network((x - mean) / deviation) for x in pictures[part].split(size)]
        return scores(F.softmax(torch.cat(outputs), dim=1), labels[part])

    validate = (lambda: evaluate("validation")) if len(labels["validation"]) > 0 else None
    epochs = train(network, config, -(-count // size), batches, validate)
    write_result(place, evaluate("test"), epochs)


if __name__ == "__main__":
    main(sys.argv[1])
