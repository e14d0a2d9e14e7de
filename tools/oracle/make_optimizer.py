"""Golden cases of the optimizers: five steps of Keras' own, in float64.

Inputs: the initial weights [n] and the gradients [5, n], given whatever the weights have become. Output: the
weights after each step [5, n]. SGD is checked against torch.optim.SGD on the way (the definitions agree as
long as the learning rate is constant); RMSprop, Adam and AdamW differ from PyTorch's in where epsilon stands
and in their defaults, and Auricle follows Keras:

  SGD      m <- momentum m - lr g;  w <- w + m   (Nesterov: w <- w + momentum m - lr g)
  RMSprop  v <- rho v + (1 - rho) g^2;  w <- w - lr g / sqrt(v + epsilon)
           (centered: v less the square of the mean gradient, which decays as v does, under the root)
           (with momentum: u <- momentum u + lr g / sqrt(v + epsilon);  w <- w - u)
  Adam     m <- m + (1 - beta1) (g - m);  v <- v + (1 - beta2) (g^2 - v)
           w <- w - lr sqrt(1 - beta2^t) / (1 - beta1^t) m / (sqrt(v) + epsilon)
           (amsgrad: the largest v so far under the root)
  AdamW    w <- w - lr weightDecay w, then Adam's step
  Adamax   m as Adam's;  u <- max(beta2 u, |g|);  w <- w - lr / (1 - beta1^t) m / (u + epsilon)
  Nadam    m, v as Adam's;  mu_t = beta1 (1 - 0.96^t / 2)
           w <- w - lr (mu_t+1 m / (1 - mu_1...mu_t+1) + (1 - mu_t) g / (1 - mu_1...mu_t))
                / (sqrt(v / (1 - beta2^t)) + epsilon)
  Adagrad  a <- a + g^2, a beginning with initialAccumulatorValue;  w <- w - lr g / sqrt(a + epsilon)
  Adadelta a <- rho a + (1 - rho) g^2;  d = g sqrt(s + epsilon) / sqrt(a + epsilon)
           s <- rho s + (1 - rho) d^2;  w <- w - lr d
"""

import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch

from fixture_file import encode, random_normal, write_fixture

STEPS, SIZE = 5, 9

# Keras' argument names, and ours.
OUR_NAMES = {
    "learning_rate": "learningRate",
    "momentum": "momentum",
    "nesterov": "nesterov",
    "rho": "rho",
    "epsilon": "epsilon",
    "beta_1": "beta1",
    "beta_2": "beta2",
    "weight_decay": "weightDecay",
    "initial_accumulator_value": "initialAccumulatorValue",
    "amsgrad": "amsgrad",
    "centered": "centered",
}

CASES = [
    ("sgd", "plain", keras.optimizers.SGD, {"learning_rate": 0.1, "momentum": 0.0, "nesterov": False}),
    ("sgd", "momentum", keras.optimizers.SGD, {"learning_rate": 0.1, "momentum": 0.9, "nesterov": False}),
    ("sgd", "nesterov", keras.optimizers.SGD, {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True}),
    ("rmsprop", "defaults", keras.optimizers.RMSprop,
     {"learning_rate": 1e-3, "rho": 0.9, "momentum": 0.0, "epsilon": 1e-7}),
    ("rmsprop", "momentum", keras.optimizers.RMSprop,
     {"learning_rate": 0.01, "rho": 0.8, "momentum": 0.9, "epsilon": 1e-3}),
    ("adam", "defaults", keras.optimizers.Adam,
     {"learning_rate": 1e-3, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}),
    ("adam", "large-epsilon", keras.optimizers.Adam,
     {"learning_rate": 0.1, "beta_1": 0.8, "beta_2": 0.99, "epsilon": 0.01}),
    ("adamw", "defaults", keras.optimizers.AdamW,
     {"learning_rate": 1e-3, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7, "weight_decay": 0.004}),
    ("adamw", "strong-decay", keras.optimizers.AdamW,
     {"learning_rate": 0.1, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7, "weight_decay": 0.5}),
    ("rmsprop", "centered", keras.optimizers.RMSprop,
     {"learning_rate": 0.01, "rho": 0.8, "momentum": 0.0, "epsilon": 1e-3, "centered": True}),
    ("rmsprop", "centered-momentum", keras.optimizers.RMSprop,
     {"learning_rate": 0.01, "rho": 0.9, "momentum": 0.5, "epsilon": 1e-3, "centered": True}),
    ("adam", "amsgrad", keras.optimizers.Adam,
     {"learning_rate": 0.01, "beta_1": 0.9, "beta_2": 0.5, "epsilon": 1e-7, "amsgrad": True}),
    ("adamax", "defaults", keras.optimizers.Adamax,
     {"learning_rate": 1e-3, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}),
    ("adamax", "fast-decay", keras.optimizers.Adamax,
     {"learning_rate": 0.1, "beta_1": 0.5, "beta_2": 0.6, "epsilon": 1e-3}),
    ("nadam", "defaults", keras.optimizers.Nadam,
     {"learning_rate": 1e-3, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}),
    ("nadam", "large-epsilon", keras.optimizers.Nadam,
     {"learning_rate": 0.1, "beta_1": 0.8, "beta_2": 0.99, "epsilon": 0.01}),
    ("adagrad", "defaults", keras.optimizers.Adagrad,
     {"learning_rate": 1e-3, "initial_accumulator_value": 0.1, "epsilon": 1e-7}),
    ("adagrad", "from-zero", keras.optimizers.Adagrad,
     {"learning_rate": 0.1, "initial_accumulator_value": 0.0, "epsilon": 1e-3}),
    ("adadelta", "defaults", keras.optimizers.Adadelta,
     {"learning_rate": 1e-3, "rho": 0.95, "epsilon": 1e-7}),
    ("adadelta", "rate-1", keras.optimizers.Adadelta,
     {"learning_rate": 1.0, "rho": 0.9, "epsilon": 1e-3}),
]  # fmt: skip


def keras_steps(optimizer, weights, gradients):
    variable = keras.Variable(weights.astype(np.float64), dtype="float64")
    optimizer.build([variable])
    after = []
    for gradient in gradients:
        optimizer.apply([torch.tensor(gradient, dtype=torch.float64)])
        after.append(keras.ops.convert_to_numpy(variable).copy())
    return np.stack(after)


def check_against_torch_sgd(weights, gradients, options, expected):
    parameter = torch.nn.Parameter(torch.tensor(weights, dtype=torch.float64))
    optimizer = torch.optim.SGD(
        [parameter], options["learning_rate"], options["momentum"], nesterov=options["nesterov"]
    )
    for gradient, after in zip(gradients, expected):
        parameter.grad = torch.tensor(gradient, dtype=torch.float64)
        optimizer.step()
        np.testing.assert_allclose(parameter.detach().numpy(), after, rtol=1e-12)


def optimizer_case(op, name, keras_class, options):
    weights = random_normal(f"{op}/{name}/weights", (SIZE,))
    gradients = random_normal(f"{op}/{name}/gradients", (STEPS, SIZE))
    # Gradients of very different sizes, down to that of epsilon, and one parameter that never gets any.
    gradients *= np.array([1, 100, 0.01, 1e-4, 1e-6, 1e-8, 0, 1, 1], np.float32)
    after = keras_steps(keras_class(**options), weights, gradients)
    if op == "sgd":
        check_against_torch_sgd(weights, gradients, options, after)
    return {
        "name": name,
        "op": op,
        "params": {OUR_NAMES[key]: value for key, value in options.items()},
        "inputs": [encode(weights), encode(gradients)],
        "output": encode(after),
    }


if __name__ == "__main__":
    keras.config.set_floatx("float64")
    tool = f"keras {keras.__version__} on torch {torch.__version__.split('+')[0]}"
    write_fixture("optimizer", [optimizer_case(*row) for row in CASES], tool)
