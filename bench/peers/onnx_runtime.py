"""ONNX Runtime on the processor, inference alone: it cannot train.

    python bench/peers/onnx_runtime.py --workload vgg4 --phase infer --threads 2 --seconds 5

The graph is written here by hand, channels first, from the workload's layers. (The file is not called
onnxruntime.py, which would hide the package of that name.)
"""

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from measurement import flag_parser, measure, report
from workload import WORKLOADS, shaped_layers

OPSET = 17


class Graph:
    """Nodes, each fed by `last`, the output of the one before it, with random parameters."""

    def __init__(self, input_shape):
        self.nodes, self.parameters, self.last, self.moving = [], [], "input", 0
        self.random = np.random.default_rng(0)
        self.input = helper.make_tensor_value_info("input", TensorProto.FLOAT, input_shape)

    def parameter(self, values):
        name = f"parameter{len(self.parameters)}"
        self.parameters.append(numpy_helper.from_array(np.asarray(values, np.float32), name))
        return name

    def weights(self, shape, fan_in):
        return self.parameter(self.random.standard_normal(shape) / np.sqrt(fan_in))

    def add(self, kind, *parameters, **attributes):
        output = f"output{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, [self.last, *parameters], [output], **attributes))
        self.last = output

    def model(self, output_shape):
        output = helper.make_tensor_value_info(self.last, TensorProto.FLOAT, output_shape)
        graph = helper.make_graph(self.nodes, "workload", [self.input], [output], self.parameters)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
        onnx.checker.check_model(model)
        return model


def add_convolution(graph, layer):
    kernel, channels = layer["kernelSize"], layer["channels"]
    filters, groups = (channels, channels) if layer["layer"] == "depthwise" else (layer["filters"], 1)
    pads = [before for before, _ in layer["pads"]] + [after for _, after in layer["pads"]]
    inputs = channels // groups
    weights = graph.weights((filters, inputs, *kernel), inputs * np.prod(kernel))
    bias = [graph.parameter(np.zeros(filters))] if layer.get("useBias", True) else []
    steps = {"strides": layer["strides"], "dilations": layer["dilations"]}
    graph.add("Conv", weights, *bias, kernel_shape=kernel, **steps, pads=pads, group=groups)


def add_batch_norm(graph, layer):
    ones, zeros = np.ones(layer["channels"]), np.zeros(layer["channels"])
    # The moving mean and variance are no parameters in Keras' count of trainable ones.
    graph.moving += 2 * layer["channels"]
    graph.add("BatchNormalization", *[graph.parameter(v) for v in (ones, zeros, zeros, ones)], epsilon=1e-3)


def add_pool(graph, layer):
    kind = {"maxPool": "MaxPool", "avgPool": "AveragePool"}[layer["layer"]]
    ceil_mode = int(layer["padding"] == "same")
    graph.add(kind, kernel_shape=layer["poolSize"], strides=layer["strides"], ceil_mode=ceil_mode)


def add_global_mean(graph, layer):
    graph.add("GlobalAveragePool")
    graph.add("Flatten")


def add_dense(graph, layer):
    channels, units = layer["channels"], layer["units"]
    graph.add("Gemm", graph.weights((channels, units), channels), graph.parameter(np.zeros(units)))


def add_residual(graph, layer):
    """The sum of two branches with the same input."""
    given, ends = graph.last, []
    for branch in ("layers", "shortcut"):
        graph.last = given
        add_chain(graph, layer[branch])
        ends.append(graph.last)
    graph.last = ends[0]
    graph.add("Add", ends[1])


def add_chain(graph, layers):
    for layer in layers:
        ADD[layer["layer"]](graph, layer)


ADD = {
    "conv": add_convolution,
    "depthwise": add_convolution,
    "residual": add_residual,
    "batchNorm": add_batch_norm,
    "maxPool": add_pool,
    "avgPool": add_pool,
    "globalAvgPool": add_global_mean,
    "dense": add_dense,
    "relu": lambda graph, layer: graph.add("Relu"),
    "tanh": lambda graph, layer: graph.add("Tanh"),
    "flatten": lambda graph, layer: graph.add("Flatten"),
    "dropout": lambda graph, layer: None,  # the identity in inference
}


def build(workload):
    *lengths, channels = workload["input"]
    graph = Graph([workload["batch"], channels, *lengths])
    add_chain(graph, shaped_layers(workload))
    count = sum(int(np.prod(parameter.dims)) for parameter in graph.parameters)
    assert count - graph.moving == workload["parameters"], count
    return graph.model([workload["batch"], workload["classes"]])


def main():
    arguments = flag_parser(__doc__.split("\n")[0]).parse_args()
    version = onnxruntime.__version__
    if arguments.phase == "train":
        report("onnxruntime", version, arguments, error="this package can run models but not train them")
        return
    workload = WORKLOADS[arguments.workload]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = arguments.threads
    session = onnxruntime.InferenceSession(
        build(workload).SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    *lengths, channels = workload["input"]
    x = np.random.default_rng(1).standard_normal((workload["batch"], channels, *lengths), np.float32)
    times = measure(lambda: session.run(None, {"input": x}), arguments.seconds)
    report("onnxruntime", version, arguments, times=times)


if __name__ == "__main__":
    main()
