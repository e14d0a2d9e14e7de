"""Golden histories of a network with two outputs: total loss, each output's loss and metrics, under Keras' names.

A trunk of 5 units (tanh) on 4 features, "genre" with 3 logits and "tempo" with one number. Full batches in their order,
SGD with learning rate 0.1, three epochs, each validated on other examples.
"""

import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np

from fixture_file import encode, random_labels, random_normal, write_fixture

EPOCHS, TRAINING, VALIDATION = 3, 12, 7
SHAPES = {"trunk": [(4, 5), (5,)], "genre": [(5, 3), (3,)], "tempo": [(5, 1), (1,)]}

keras.config.set_floatx("float64")


def examples(part, count):
    name = f"severalOutputs/{part}"
    x = random_normal(f"{name}/x", (count, 4))
    return x, random_labels(f"{name}/genre", (count,), 3), random_normal(f"{name}/tempo", (count, 1))


def network(form, weights):
    x = keras.Input((4,))
    trunk = keras.layers.Dense(5, activation="tanh", name="trunk")(x)
    genre = keras.layers.Dense(3, name="genre")(trunk)
    tempo = keras.layers.Dense(1, name="tempo")(trunk)
    model = keras.Model(x, {"genre": genre, "tempo": tempo} if form == "named" else [genre, tempo])
    for name, arrays in weights.items():
        model.get_layer(name).set_weights(arrays)
    return model


def case(name, form, loss_weights, with_sample_weights):
    weights = {
        layer: [random_normal(f"severalOutputs/{layer}/{i}", shape, 0.5) for i, shape in enumerate(shapes)]
        for layer, shapes in SHAPES.items()
    }
    model = network(form, weights)
    both = (lambda a, b: {"genre": a, "tempo": b}) if form == "named" else (lambda a, b: [a, b])
    model.compile(
        optimizer=keras.optimizers.SGD(0.1),
        loss=both(keras.losses.SparseCategoricalCrossentropy(from_logits=True), "mse"),
        loss_weights=None if loss_weights is None else both(*loss_weights),
        metrics=both(["accuracy"], ["mae"]),
    )
    x, genre, tempo = examples("training", TRAINING)
    sample_weights = [
        np.abs(random_normal(f"severalOutputs/weights/{i}", (TRAINING,))) for i in range(2)
    ]
    held_x, held_genre, held_tempo = examples("validation", VALIDATION)
    history = model.fit(
        x,
        both(genre, tempo),
        batch_size=TRAINING,
        epochs=EPOCHS,
        shuffle=False,
        sample_weight=both(*sample_weights) if with_sample_weights else None,
        validation_data=(held_x, both(held_genre, held_tempo)),
        validation_batch_size=VALIDATION,
        verbose=0,
    ).history
    arrays = [x, genre, tempo, *sample_weights, held_x, held_genre, held_tempo]
    return {
        "name": name,
        "op": "severalOutputs",
        "params": {"form": form, "lossWeights": loss_weights, "sampleWeights": with_sample_weights},
        "inputs": [encode(array) for array in [*arrays, *(w for pair in weights.values() for w in pair)]],
        "output": encode(history["loss"]),
        "auxiliaryOutputs": {key: encode(values) for key, values in history.items()},
    }


if __name__ == "__main__":
    cases = [
        case("outputs by name", "named", None, False),
        case("outputs by name, with weights of losses and examples", "named", [0.75, 2.5], True),
        case("a list of outputs, with weights of losses", "list", [1.5, 0.25], False),
    ]
    write_fixture("several-outputs", cases, f"keras {keras.__version__} on torch, float64")
