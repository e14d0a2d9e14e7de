"""TensorFlow with Keras on the processor: one workload and phase, channels last, in the better of its two executors.

    python bench/peers/tensorflow_keras.py --workload vgg4 --phase train --threads 2 --seconds 5

A training step is one tf.function: forward, softmax cross-entropy, backward and Adam; inference is the forward pass in
evaluation mode. It runs as a graph of TensorFlow's own kernels (oneDNN's among them) and as one program compiled by
XLA; the better is reported. (The file is not called tensorflow.py, which would hide the package of that name.)
"""

import os
import statistics

# Read once, when TensorFlow is imported: no GPU is looked for, and only errors are told.
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

import keras
import tensorflow as tf
from keras import layers

from measurement import flag_parser, measure, report
from workload import WORKLOADS

EXECUTORS = {"graph": False, "xla": True}


def layer_of(layer, rank):
    kind = layer["layer"]
    convolution, max_pool, mean_pool, global_pool = {
        1: (layers.Conv1D, layers.MaxPooling1D, layers.AveragePooling1D, layers.GlobalAveragePooling1D),
        2: (layers.Conv2D, layers.MaxPooling2D, layers.AveragePooling2D, layers.GlobalAveragePooling2D),
    }[rank]
    if kind == "conv":
        return convolution(layer["filters"], layer["kernelSize"], layer["strides"], layer["padding"])
    if kind in ("maxPool", "avgPool"):
        pool = max_pool if kind == "maxPool" else mean_pool
        return pool(layer["poolSize"], padding=layer["padding"])
    return {
        "globalAvgPool": global_pool,
        "batchNorm": layers.BatchNormalization,
        "relu": lambda: layers.Activation("relu"),
        "tanh": lambda: layers.Activation("tanh"),
        "flatten": layers.Flatten,
        "dropout": lambda: layers.Dropout(layer["rate"]),
        "dense": lambda: layers.Dense(layer["units"]),
    }[kind]()


def build(workload):
    rank = len(workload["input"]) - 1
    model = keras.Sequential([keras.Input(workload["input"])])
    for layer in workload["layers"]:
        model.add(layer_of(layer, rank))
    parameters = sum(weight.numpy().size for weight in model.trainable_weights)
    assert parameters == workload["parameters"], parameters
    return model


def step_of(workload, phase, xla):
    keras.utils.set_random_seed(0)
    model = build(workload)
    x = tf.random.normal([workload["batch"], *workload["input"]])
    if phase == "infer":
        forward = tf.function(lambda images: model(images, training=False), jit_compile=xla)
        return lambda: forward(x).numpy()
    labels = tf.random.uniform([workload["batch"]], maxval=workload["classes"], dtype=tf.int32)
    optimizer = keras.optimizers.Adam(1e-3)
    optimizer.build(model.trainable_variables)

    @tf.function(jit_compile=xla)
    def train(images, labels):
        with tf.GradientTape() as tape:
            logits = model(images, training=True)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
            loss = tf.reduce_mean(losses)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        return loss

    return lambda: train(x, labels).numpy()


def main():
    arguments = flag_parser(__doc__.split("\n")[0]).parse_args()
    tf.config.threading.set_intra_op_parallelism_threads(arguments.threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    workload = WORKLOADS[arguments.workload]
    times = {
        name: measure(step_of(workload, arguments.phase, xla), arguments.seconds / len(EXECUTORS))
        for name, xla in EXECUTORS.items()
    }
    best = min(times, key=lambda name: statistics.median(times[name]))
    report("tensorflow", tf.__version__, arguments, times=times[best], executor=best, keras=keras.__version__)


if __name__ == "__main__":
    main()
