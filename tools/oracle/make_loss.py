"""Golden cases of the losses, with Keras' reduction.

The output is a scalar: the mean over all examples of weight times loss. The sum is divided by the number of
examples, also when there are weights (Keras' "sum_over_batch_size"); PyTorch's cross_entropy with class
weights divides by the sum of the weights instead, so the weighting here is written out over its unreduced
losses. An example is a row: for all losses but softmaxCrossEntropy its loss is the mean over its last axis.

With ignoreIndex the sum is divided by the number of labels that are not ignored, as PyTorch's cross_entropy and Keras'
mask do. klDivergence, the hinges, logCosh, poisson and cosineSimilarity are Keras' own functions, in float64.

Inputs: prediction, target, and optionally one weight for each example or each of its positions. Only the prediction gets a
gradient.
"""

import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch
import torch.nn.functional as functional

from fixture_file import decode, differentiated_case, random_labels, random_normal, write_fixture

SAMPLE_WEIGHTS = np.array([0.5, 1.0, 2.0, 0.0, 1.25], np.float32)


def mean_over_examples(losses, weights, count=None):
    if weights:
        # One weight for each example is that of all its positions.
        losses = losses * weights[0].reshape(weights[0].shape + (1,) * (losses.dim() - weights[0].dim()))
    return losses.sum() / (losses.numel() if count is None else count)


def softmax_cross_entropy(params):
    def function(logits, labels, *weights):
        classes = logits.shape[-1]
        if labels.dtype == torch.int64:
            targets, indices = labels.reshape(-1), labels
        else:
            targets, indices = labels.reshape(-1, classes), labels.argmax(-1)
        ignored = params["ignoreIndex"]
        options = {} if ignored is None else {"ignore_index": ignored}
        losses = functional.cross_entropy(
            logits.reshape(-1, classes),
            targets,
            reduction="none",
            label_smoothing=params["labelSmoothing"],
            **options,
        ).reshape(logits.shape[:-1])
        if params["classWeights"] is not None:
            class_weights = torch.tensor(params["classWeights"], dtype=torch.float64)
            losses = losses * class_weights[indices.clamp(0, classes - 1)]
        count = None if ignored is None else (indices != ignored).sum()
        return mean_over_examples(losses, weights, count)

    return function


def cross_entropy_case(
    name, logits, labels, weights=None, label_smoothing=0.0, class_weights=None, ignore_index=None
):
    params = {
        "labelSmoothing": label_smoothing,
        "classWeights": class_weights,
        "ignoreIndex": ignore_index,
    }
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
    yield from position_cases()


def check_against_weighted_mean(case, logits, labels, class_weights):
    """PyTorch's own mean of a spatial target with class weights, which divides by the sum of the weights."""
    scores = torch.tensor(logits, dtype=torch.float64).movedim(-1, 1)
    targets = torch.tensor(labels, dtype=torch.int64)
    weight = torch.tensor(class_weights, dtype=torch.float64)
    expected = functional.cross_entropy(scores, targets, weight=weight)
    output = float(decode(case["output"]))
    np.testing.assert_allclose(output * labels.size / weight[targets].sum(), expected, rtol=1e-6)


def position_cases():
    """A label for each position, as for a segmentation: weights by example, by position and by class; ignored labels."""
    op = "softmaxCrossEntropy"
    logits = random_normal(f"{op}/positions/logits", (2, 3, 4, 5), 2.0)
    labels = random_labels(f"{op}/positions/labels", (2, 3, 4), 5)
    class_weights = [0.5, 2.0, 1.0, 0.0, 3.0]
    by_example = np.array([0.5, 2.0], np.float32)
    by_position = np.abs(random_normal(f"{op}/positions/weights", (2, 3, 4)))
    weighted = cross_entropy_case("positions-class-weights", logits, labels, class_weights=class_weights)
    check_against_weighted_mean(weighted, logits, labels, class_weights)
    yield weighted
    yield cross_entropy_case("positions-example-weights", logits, labels, by_example)
    yield cross_entropy_case("positions-weights", logits, labels, by_position, 0.1)
    yield cross_entropy_case("positions-all-weights", logits, labels, by_position, 0.1, class_weights)
    holes = np.where(random_labels(f"{op}/positions/holes", (2, 3, 4), 3) == 0, -100, labels).astype(np.int32)
    yield cross_entropy_case("ignored", logits, holes, ignore_index=-100)
    yield cross_entropy_case("ignored-smoothing", logits, holes, label_smoothing=0.1, ignore_index=-100)
    yield cross_entropy_case("ignored-a-class", logits, labels, ignore_index=2)
    yield cross_entropy_case("ignored-weights", logits, holes, by_example, 0.0, class_weights, -100)


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


def keras_case(op, name, function, prediction, target, weights=None):
    inputs = [prediction, target] + ([] if weights is None else [weights])

    def mean(prediction, target, *weights):
        losses = function(target.to(torch.float64), prediction)
        return mean_over_examples(losses, weights)

    return differentiated_case(op, name, {}, inputs, mean, constant=(1, 2))


def keras_cases():
    losses = keras.losses
    rows = [
        ("logCosh", losses.log_cosh),
        ("cosineSimilarity", losses.cosine_similarity),
        ("hinge", losses.hinge),
        ("squaredHinge", losses.squared_hinge),
        ("poisson", losses.poisson),
        ("klDivergence", losses.kl_divergence),
        ("categoricalHinge", losses.categorical_hinge),
    ]
    for op, function in rows:
        prediction = random_normal(f"{op}/prediction", (5, 4), 1.5)
        target = random_normal(f"{op}/target", (5, 4), 1.5)
        labels = random_labels(f"{op}/labels", (5,), 4)
        if op in ("hinge", "squaredHinge"):
            target = np.sign(target)
            yes = ((target + 1) / 2).astype(np.float32)
            yield keras_case(op, "zero-one", function, prediction, yes)
        if op == "poisson":
            prediction, target = np.abs(prediction), random_labels(f"{op}/counts", (5, 4), 6).astype(np.float32)
        if op == "klDivergence":
            prediction, target = (np.exp(x) / np.exp(x).sum(-1, keepdims=True) for x in (prediction, target))
            prediction[0, 1] = 0  # Keras takes 1e-7 for it, and there is no gradient.
        if op == "categoricalHinge":
            target = np.eye(4, dtype=np.float32)[labels]
        yield keras_case(op, "rows", function, prediction, target)
        yield keras_case(op, "sample-weights", function, prediction, target, SAMPLE_WEIGHTS)
    far = np.array([[40.0], [-60.0], [1e-3], [0.0]], np.float32)
    yield keras_case("logCosh", "far-and-near", losses.log_cosh, far, np.zeros((4, 1), np.float32))


if __name__ == "__main__":
    keras.config.set_floatx("float64")
    cases = [*cross_entropy_cases(), *binary_cross_entropy_cases(), *error_cases(), *keras_cases()]
    version = torch.__version__.split("+")[0]
    write_fixture("loss", cases, f"torch {version}, keras {keras.__version__} on torch {version}")
