"""Trains LeNet-5 on Fashion-MNIST in PyTorch with Auricle's recipe: the accuracy to compare ours with.

The simplified LeNet-5 (tanh, mean pooling, 61,706 parameters) as in make_lenet5_training.py; pixels divided
by 255, then standardised with mean and deviation of all training pixels; weights uniform by Glorot, biases zero; softmax cross-entropy; Adam with learning
rate 1e-3 and Keras' epsilon; batches of 64, shuffled each epoch, the last one short; 5 epochs.

    python tools/oracle/lenet_fashion.py /usr/share/datasets/fashion-mnist
"""

import argparse
import gzip
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

EPOCHS, BATCH, LEARNING_RATE, EPSILON = 5, 64, 1e-3, 1e-7


def read_idx(path):
    """An IDX file of bytes, gzipped: two zero bytes, type 8, rank, then the lengths as big-endian int32."""
    data = gzip.decompress(path.read_bytes())
    rank = data[3]
    shape = np.frombuffer(data, ">i4", rank, 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * rank).reshape(shape)


def load(folder, part):
    images = torch.tensor(read_idx(folder / f"{part}-images-idx3-ubyte.gz"), dtype=torch.float32) / 255
    labels = torch.tensor(read_idx(folder / f"{part}-labels-idx1-ubyte.gz"), dtype=torch.int64)
    return images[:, None], labels


def standardised(train_set, test_set):
    """Both sets with the mean and the deviation of the training pixels taken out."""
    mean, deviation = train_set[0].mean(), train_set[0].std()
    return [((images - mean) / deviation, labels) for images, labels in (train_set, test_set)]


def lenet5():
    model = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2),
        nn.Tanh(),
        nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5),
        nn.Tanh(),
        nn.AvgPool2d(2),
        nn.Flatten(),
        nn.Linear(400, 120),
        nn.Tanh(),
        nn.Linear(120, 84),
        nn.Tanh(),
        nn.Linear(84, 10),
    )
    for parameter in model.parameters():
        if parameter.ndim > 1:
            nn.init.xavier_uniform_(parameter)
        else:
            nn.init.zeros_(parameter)
    return model


def accuracy(model, images, labels):
    with torch.inference_mode():
        right = sum(
            (model(images[i : i + 1000]).argmax(1) == labels[i : i + 1000]).sum().item()
            for i in range(0, len(images), 1000)
        )
    return right / len(images)


def train(seed, train_set, test_set):
    torch.manual_seed(seed)
    images, labels = train_set
    model = lenet5()
    optimizer = torch.optim.Adam(model.parameters(), LEARNING_RATE, eps=EPSILON)
    start = time.perf_counter()
    for epoch in range(EPOCHS):
        total = 0.0
        for indices in torch.randperm(len(images)).split(BATCH):
            loss = nn.functional.cross_entropy(model(images[indices]), labels[indices])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(indices)
        print(
            f"seed {seed} epoch {epoch + 1}: training loss {total / len(images):.4f}, "
            f"test accuracy {accuracy(model, *test_set):.4f}, {time.perf_counter() - start:.0f} s",
            flush=True,
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="with the four gzipped IDX files of Fashion-MNIST")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    train_set, test_set = standardised(load(arguments.folder, "train"), load(arguments.folder, "t10k"))
    for seed in arguments.seeds:
        train(seed, train_set, test_set)


if __name__ == "__main__":
    main()
