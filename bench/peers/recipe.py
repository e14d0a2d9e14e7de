"""A training by the recipe of one of Auricle's runs: its optimizer, schedule and loss, its choice of the best epoch, its figures."""

import json
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Scores(NamedTuple):
    """The figures of examples that training has not seen."""

    accuracy: float
    macro_f1: float
    loss: float


def read_place(place: str, dtype: type) -> tuple[dict, np.ndarray]:
    """The description <place>.json and the numbers of <place>.bin; sets threads and the seed of the weights."""
    with open(f"{place}.json") as file:
        described = json.load(file)
    torch.set_num_threads(described["threads"])
    torch.manual_seed(described["config"]["seed"])
    return described, np.fromfile(f"{place}.bin", dtype=dtype)


def keras_batch_norm(channels: int) -> nn.BatchNorm2d:
    """As in Auricle's networks: Keras' momentum of 0.9 is PyTorch's of 0.1, and its epsilon is 1e-3."""
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.1)


def he_normal(weight: Tensor) -> None:
    """Keras' HeNormal: cut at two deviations of a normal law, whose variance is 2 / inputs after the cut."""
    deviation = (2 / weight[0].numel()) ** 0.5 / 0.87962566103423978
    nn.init.trunc_normal_(weight, std=deviation, a=-2 * deviation, b=2 * deviation)


def scores(probabilities: Tensor, labels: Tensor) -> Scores:
    """Of probabilities `[examples, classes]`. The macro-F1 is the mean over the classes that occur or are answered."""
    classes = probabilities.shape[1]
    answers = probabilities.argmax(dim=1)
    pairs = torch.bincount(labels * classes + answers, minlength=classes * classes).reshape(classes, classes)
    sizes = pairs.sum(dim=0) + pairs.sum(dim=1)
    f1 = 2 * pairs.diagonal()[sizes > 0] / sizes[sizes > 0]
    own = probabilities[torch.arange(len(labels)), labels]
    return Scores(
        (answers == labels).float().mean().item(), f1.mean().item(), -torch.log(own + 1e-12).mean().item()
    )


def optimizer_of(
    network: nn.Module, config: dict, total: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    """AdamW and one cycle of `total` steps.

    As in Auricle, kernels decay and biases and normalisation do not, and one cycle leaves the momentum alone. PyTorch adds epsilon
    after the correction of the root.
    """
    kernels = [weight for weight in network.parameters() if weight.ndim > 1]
    others = [weight for weight in network.parameters() if weight.ndim == 1]
    rate = config["learningRate"]
    groups = [{"params": kernels}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=rate, weight_decay=config["weightDecay"], eps=1e-7)
    return optimizer, torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=total, cycle_momentum=False)


def train(
    network: nn.Module,
    config: dict,
    steps: int,
    batches: Callable[[], Iterable[tuple[Tensor, Tensor]]],
    validate: Callable[[], Scores] | None,
) -> int:
    """Trains with `steps` batches an epoch. The network ends with the weights of the best epoch, if there is a validation."""
    total = steps * config["epochs"]
    optimizer, schedule = optimizer_of(network, config, total)
    best, best_weights, since, epoch = (-1.0, 0.0), None, 0, 0
    for epoch in range(1, config["epochs"] + 1):
        network.train()
        for x, y in batches():
            optimizer.zero_grad()
            F.cross_entropy(network(x), y, label_smoothing=config["labelSmoothing"]).backward()
            optimizer.step()
            if schedule.last_epoch < total - 1:
                schedule.step()
        if validate is None:
            continue
        network.eval()
        found = validate()
        if (found.macro_f1, -found.loss) > best:
            best, since = (found.macro_f1, -found.loss), 0
            best_weights = {name: value.clone() for name, value in network.state_dict().items()}
        else:
            since += 1
            if config["patience"] is not None and since >= config["patience"]:
                break
    if best_weights is not None:
        network.load_state_dict(best_weights)
    network.eval()
    return epoch


def write_result(place: str, found: Scores, epochs: int) -> None:
    """Writes <place>.pytorch.json."""
    result = {
        "accuracy": found.accuracy,
        "macroF1": found.macro_f1,
        "loss": found.loss,
        "epochs": epochs,
        "version": torch.__version__,
    }
    with open(f"{place}.pytorch.json", "w") as file:
        json.dump(result, file)
