"""Golden cases of the losses, with Keras' reduction.

The output is a scalar: the mean over all examples of weight times loss. The sum is divided by the number of
examples, also when there are weights (Keras' "sum_over_batch_size"); PyTorch's cross_entropy with class
weights divides by the sum of the weights instead, so the weighting here is written out over its unreduced
losses. An example is a row: for all losses but softmaxCrossEntropy its loss is the mean over its last axis.

Inputs: prediction, target, and optionally one weight for each example. Only the prediction gets a gradient.
"""

import numpy as np
import torch
import torch.nn.functional as functional

from fixture_file import differentiated_case, random_labels, random_normal, write_fixture

SAMPLE_WEIGHTS = np.array([0.5, 1.0, 2.0, 0.0, 1.25], np.float32)


def mean_over_examples(losses, weights):
    if weights:
        losses = losses * weights[0]
    return losses.sum() / losses.numel()


def softmax_cross_entropy(params):
    def function(logits, labels, *weights):
        classes = logits.shape[-1]
        if labels.dtype == torch.int64:
            targets, indices = labels.reshape(-1), labels
        else:
            targets, indices = labels.reshape(-1, classes), labels.argmax(-1)
        losses = functional.cross_entropy(
            logits.reshape(-1, classes), targets, reduction="none", label_smoothing=params["labelSmoothing"]
        ).reshape(logits.shape[:-1])
        if params["classWeights"] is not None:
            losses = losses * torch.tensor(params["classWeights"], dtype=torch.float64)[indices]
        return mean_over_examples(losses, weights)

    return function


def cross_entropy_case(name, logits, labels, weights=None, label_smoothing=0.0, class_weights=None):
    params = {"labelSmoothing": label_smoothing, "classWeights": class_weights}
    inputs = [logits, labels] + ([] if weights is None else [weights])
    return differentiated_case(
        "softmaxCrossEntropy", name, params, inputs, softmax_cross_entropy(params), constant=(1, 2)
    )


def cross_entropy_cases():
    logits = random_normal("softmaxCrossEntropy/logits", (5, 7), 2.0)
    labels = random_labels("softmaxCrossEntropy/labels", (5,), 7)
    one_hot = np.eye(7, dtype=np.float32)[labels]
    class_weights = [0.5, 1.0, 2.0, 0.25, 1.5, 3.0, 0.75]
    mixed = (0.75 * one_hot + 0.25 * np.roll(one_hot, 2, axis=0)).astype(np.float32)
    steps = random_normal("softmaxCrossEntropy/steps", (2, 3, 4))
    extreme = np.array([[1000, 0, -1000], [-1000, 1000, 999]], np.float32)
    yield cross_entropy_case("labels", logits, labels)
    yield cross_entropy_case("one-hot", logits, one_hot)
    yield cross_entropy_case("mixed-targets", logits, mixed)
    yield cross_entropy_case("labels-smoothing", logits, labels, label_smoothing=0.1)
    yield cross_entropy_case("one-hot-smoothing", logits, one_hot, label_smoothing=0.1)
    yield cross_entropy_case("class-weights", logits, labels, class_weights=class_weights)
    yield cross_entropy_case("sample-weights", logits, labels, SAMPLE_WEIGHTS)
    yield cross_entropy_case("class-and-sample-weights", logits, labels, SAMPLE_WEIGHTS, 0.1, class_weights)
    yield cross_entropy_case("large-logits", extreme, np.array([1, 2], np.int32))
    yield cross_entropy_case("batch-1", logits[:1], labels[:1])
    yield cross_entropy_case("three-axes", steps, random_labels("softmaxCrossEntropy/steps", (2, 3), 4))


def regression_case(op, name, params, elementwise, prediction, target, weights=None):
    inputs = [prediction, target] + ([] if weights is None else [weights])

    def function(prediction, target, *weights):
        return mean_over_examples(elementwise(prediction, target).mean(-1), weights)

    return differentiated_case(op, name, params, inputs, function, constant=(1, 2))


def binary_cross_entropy_cases():
    op = "binaryCrossEntropy"
    logits = random_normal(f"{op}/logits", (5, 3), 3.0)
    targets = random_labels(f"{op}/targets", (5, 3), 2).astype(np.float32)
    extreme = np.array([[100], [-100], [100], [-100]], np.float32)
    extreme_targets = np.array([[1], [1], [0], [0]], np.float32)

    def losses(smoothing):
        def function(logits, targets):
            smoothed = targets * (1 - smoothing) + smoothing / 2
            return functional.binary_cross_entropy_with_logits(logits, smoothed, reduction="none")

        return function

    plain, smoothed = {"labelSmoothing": 0.0}, {"labelSmoothing": 0.1}
    yield regression_case(op, "several-labels", plain, losses(0.0), logits, targets)
    yield regression_case(op, "smoothing", smoothed, losses(0.1), logits, targets)
    yield regression_case(op, "sample-weights", plain, losses(0.0), logits, targets, SAMPLE_WEIGHTS)
    yield regression_case(op, "large-logits", plain, losses(0.0), extreme, extreme_targets)


def error_cases():
    def huber(delta):
        return lambda p, t: functional.huber_loss(p, t, reduction="none", delta=delta)

    def squared(p, t):
        return functional.mse_loss(p, t, reduction="none")

    def absolute(p, t):
        return functional.l1_loss(p, t, reduction="none")

    rows = [
        ("meanSquaredError", "features", {}, squared),
        ("meanAbsoluteError", "features", {}, absolute),
        ("huber", "delta-1", {"delta": 1.0}, huber(1.0)),
        ("huber", "delta-0.5", {"delta": 0.5}, huber(0.5)),
    ]
    for op, name, params, elementwise in rows:
        prediction = random_normal(f"{op}/{name}/prediction", (5, 3), 1.5)
        target = random_normal(f"{op}/{name}/target", (5, 3), 1.5)
        yield regression_case(op, name, params, elementwise, prediction, target)
        yield regression_case(
            op, f"{name}-sample-weights", params, elementwise, prediction, target, SAMPLE_WEIGHTS
        )


if __name__ == "__main__":
    write_fixture("loss", [*cross_entropy_cases(), *binary_cross_entropy_cases(), *error_cases()])
