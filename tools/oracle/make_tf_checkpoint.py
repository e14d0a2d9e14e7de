"""Small checkpoints written by TensorFlow, in both of its ways: fixtures/tf-checkpoint.

v1 is of tf.compat.v1's Saver, with a variable that is stored in parts; v2 of tf.train.Checkpoint, with a list of objects and the
count of savings; sharded has its variables in two data files. Number i of a variable is (i + 1) / 8, in the order of its rows.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf

from fixture_file import FIXTURES

FOLDER = FIXTURES / "tf-checkpoint"
# Names that share beginnings, a scalar, and an axis of length 0.
SHAPES = {
    "batch_normalization/gamma": (3,),
    "batch_normalization/moving_mean": (3,),
    "batch_normalization_1/gamma": (2,),
    "conv2d/bias": (2,),
    "conv2d/kernel": (3, 2, 1, 2),
    "dense/kernel": (4, 5),
    "empty": (0, 3),
    "scale": (),
}


def numbers(shape):
    return ((np.arange(np.prod(shape, dtype=int)) + 1) / 8).astype(np.float32).reshape(shape)


def write_v1():
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        for name, shape in SHAPES.items():
            tf.compat.v1.get_variable(name, initializer=numbers(shape))
        tf.compat.v1.get_variable("steps", initializer=np.int64(7))
        tf.compat.v1.get_variable(
            "divided",
            shape=(4, 2),
            initializer=tf.compat.v1.ones_initializer(),
            partitioner=tf.compat.v1.fixed_size_partitioner(2),
        )
        session.run(tf.compat.v1.global_variables_initializer())
        tf.compat.v1.train.Saver().save(session, str(FOLDER / "v1"), write_meta_graph=False, write_state=False)


def write_v2():
    layers = [tf.Variable(numbers(SHAPES[name])) for name in ("conv2d/kernel", "conv2d/bias", "dense/kernel")]
    tf.train.Checkpoint(layers=layers, half=tf.Variable(numbers((2,)).astype(np.float16))).write(str(FOLDER / "v2"))


def write_sharded():
    prefixes = []
    for part, names in enumerate((["conv2d/bias", "conv2d/kernel"], ["dense/kernel"])):
        prefix = str(FOLDER / f"part-{part}")
        tensors = [tf.constant(numbers(SHAPES[name])) for name in names]
        tf.raw_ops.SaveV2(prefix=prefix, tensor_names=names, shape_and_slices=[""] * len(names), tensors=tensors)
        prefixes.append(prefix)
    tf.raw_ops.MergeV2Checkpoints(
        checkpoint_prefixes=prefixes, destination_prefix=str(FOLDER / "sharded"), delete_old_dirs=False
    )


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    write_v1()
    write_v2()
    write_sharded()
    for path in sorted(FOLDER.iterdir()):
        print(path.name, path.stat().st_size)
