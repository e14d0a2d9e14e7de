"""Golden losses of ten training steps of LeNet-5 (the simplified one, 61,706 parameters).

The weights and the inputs come from a formula, so that they need not be stored. README.md gives it; in short:
value = 2 * mix32(offset + index) / 2^32 - 1, mix32 as in src/random/generator.ts, computed in float64, times
the limit and rounded to float32. The same batch is used in all steps.

Two runs must agree before anything is written: PyTorch in float64 with Keras' Adam written out by hand (the
golden one), and a Keras model in float32 with Keras' Adam, whose distance is stored as a measure of what
float32 costs.
"""

import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch
import torch.nn.functional as functional

import channels_last
from fixture_file import encode, write_fixture

STEPS, BATCH, CLASSES = 10, 8, 10
LEARNING_RATE, BETA_1, BETA_2, EPSILON = 1e-3, 0.9, 0.999, 1e-7
INPUT_OFFSET, LABEL_OFFSET = 1_000_000, 2_000_000
KERNELS = [(5, 5, 1, 6), (5, 5, 6, 16), (400, 120), (120, 84), (84, 10)]


def mix32(x):
    """src/random/generator.ts's mix32, over an array of uint32."""
    x = x.astype(np.uint32)
    x = x ^ (x >> np.uint32(17))
    x = x * np.uint32(0xED5AD4BB)
    x = x ^ (x >> np.uint32(11))
    x = x * np.uint32(0xAC4C1B51)
    x = x ^ (x >> np.uint32(15))
    x = x * np.uint32(0x31848BAB)
    return x ^ (x >> np.uint32(14))


def formula(offset, shape, limit=1.0):
    """Numbers in [-limit, limit): row-major index i gives (2 mix32(offset + i) / 2^32 - 1) limit."""
    mixed = mix32(offset + np.arange(np.prod(shape)))
    return ((mixed / 2.0**32 * 2 - 1) * limit).astype(np.float32).reshape(shape)


def initial_kernels():
    """In the order of the layers, each starting where the one before ended; Glorot's uniform limit."""
    kernels, offset = [], 0
    for shape in KERNELS:
        window = int(np.prod(shape[:-2]))
        limit = np.sqrt(6 / (window * shape[-2] + window * shape[-1]))
        kernels.append(formula(offset, shape, limit))
        offset += int(np.prod(shape))
    return kernels


def batch():
    labels = mix32(LABEL_OFFSET + np.arange(BATCH)) % CLASSES
    return formula(INPUT_OFFSET, (BATCH, 28, 28, 1)), labels.astype(np.int32)


def forward(x, parameters):
    convolution, pool = channels_last.convolution, channels_last.average_pool
    k1, b1, k2, b2, k3, b3, k4, b4, k5, b5 = parameters
    x = pool(torch.tanh(convolution(x, k1, [1, 1], "same", [1, 1]) + b1), [2, 2], [2, 2], "valid")
    x = pool(torch.tanh(convolution(x, k2, [1, 1], "valid", [1, 1]) + b2), [2, 2], [2, 2], "valid")
    x = x.reshape(len(x), -1)
    x = torch.tanh(x @ k3 + b3)
    x = torch.tanh(x @ k4 + b4)
    return x @ k5 + b5


def adam_step(parameters, moments, velocities, step):
    """Keras' Adam ("epsilon hat")."""
    rate = LEARNING_RATE * np.sqrt(1 - BETA_2**step) / (1 - BETA_1**step)
    for parameter, moment, velocity in zip(parameters, moments, velocities):
        moment += (1 - BETA_1) * (parameter.grad - moment)
        velocity += (1 - BETA_2) * (parameter.grad**2 - velocity)
        parameter -= rate * moment / (velocity.sqrt() + EPSILON)
        parameter.grad = None


def torch_losses(images, labels):
    parameters = []
    for kernel in initial_kernels():
        for value in (kernel, np.zeros(kernel.shape[-1])):
            parameters.append(torch.tensor(value, dtype=torch.float64, requires_grad=True))
    moments = [torch.zeros_like(p) for p in parameters]
    velocities = [torch.zeros_like(p) for p in parameters]
    images, labels = torch.tensor(images, dtype=torch.float64), torch.tensor(labels, dtype=torch.int64)
    losses = []
    for step in range(1, STEPS + 1):
        loss = functional.cross_entropy(forward(images, parameters), labels)
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            adam_step(parameters, moments, velocities, step)
    return np.array(losses)


def keras_losses(images, labels):
    layers = keras.layers
    model = keras.Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(6, 5, padding="same", activation="tanh"),
            layers.AveragePooling2D(2),
            layers.Conv2D(16, 5, activation="tanh"),
            layers.AveragePooling2D(2),
            layers.Flatten(),
            layers.Dense(120, activation="tanh"),
            layers.Dense(84, activation="tanh"),
            layers.Dense(CLASSES),
        ]
    )
    assert model.count_params() == 61_706
    model.set_weights([w for k in initial_kernels() for w in (k, np.zeros(k.shape[-1], np.float32))])
    model.compile(
        keras.optimizers.Adam(LEARNING_RATE, BETA_1, BETA_2, EPSILON),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    losses = []
    for _ in range(STEPS):
        model.reset_metrics()
        losses.append(float(model.train_on_batch(images, labels)))
    return np.array(losses)


if __name__ == "__main__":
    images, labels = batch()
    golden, single = torch_losses(images, labels), keras_losses(images, labels)
    distance = np.abs(single / golden - 1).max()
    print("losses", golden, "largest relative distance of float32", distance)
    np.testing.assert_allclose(single, golden, rtol=1e-4)
    case = {
        "name": "ten-steps",
        "op": "lenet5Training",
        "params": {
            "steps": STEPS,
            "batch": BATCH,
            "learningRate": LEARNING_RATE,
            "beta1": BETA_1,
            "beta2": BETA_2,
            "epsilon": EPSILON,
            "inputOffset": INPUT_OFFSET,
            "labelOffset": LABEL_OFFSET,
        },
        "inputs": [],
        "output": encode(golden),
        "auxiliaryOutputs": {
            "kerasFloat32Losses": encode(single),
            "firstKernelValues": encode(np.stack([k.reshape(-1)[:4] for k in initial_kernels()])),
            "firstInputValues": encode(images.reshape(-1)[:4]),
            "labels": encode(labels),
        },
    }
    tool = f"torch {torch.__version__.split('+')[0]}, keras {keras.__version__}"
    write_fixture("lenet5-training", [case], tool)
