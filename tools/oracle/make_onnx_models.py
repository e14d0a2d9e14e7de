"""Writes networks of PyTorch and Keras as ONNX files, each with examples and what ONNX Runtime makes of them, for
check_onnx_import.mjs:

    python make_onnx_models.py <folder> [file.onnx ...]

Networks are those that papers describe, with weights as training leaves them, by both of PyTorch's exporters (the newer needs
onnxscript) and by tf2onnx where it is installed. Further files are published models: examples are drawn for their inputs.
"""

import base64
import json
import pathlib
import sys

import numpy as np
import onnxruntime
import torch
from torch import nn

FOLDER = pathlib.Path(sys.argv[1])
EXAMPLES = 3


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10),
    )  # fmt: skip


def vgg():
    layers, channels = [], 3
    for width in (16, "M", 32, "M", 64, 64, "M", 64, 64, "M"):
        if width == "M":
            layers.append(nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU()]
            channels = width
    head = [nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(256, 128), nn.ReLU(), nn.Dropout(), nn.Linear(128, 10)]
    return nn.Sequential(*layers, *head)


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.down = None
        if stride != 1 or inputs != outputs:
            self.down = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return torch.relu(y + (x if self.down is None else self.down(x)))


class ResNet18(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.pool = nn.MaxPool2d(3, 2, 1)
        widths = [64, 64, 64, 128, 128, 256, 256, 512, 512]
        self.blocks = nn.Sequential(*(Block(a, b, 1 if a == b else 2) for a, b in zip(widths, widths[1:])))
        self.fc = nn.Linear(512, classes)

    def forward(self, x):
        x = self.blocks(self.pool(torch.relu(self.bn1(self.conv1(x)))))
        return self.fc(torch.flatten(nn.functional.adaptive_avg_pool2d(x, 1), 1))


class Inverted(nn.Module):
    def __init__(self, inputs, outputs, stride, expand):
        super().__init__()
        wide = inputs * expand
        self.skip = stride == 1 and inputs == outputs
        layers = [] if expand == 1 else [nn.Conv2d(inputs, wide, 1, bias=False), nn.BatchNorm2d(wide), nn.ReLU6()]
        layers += [nn.Conv2d(wide, wide, 3, stride, 1, groups=wide, bias=False), nn.BatchNorm2d(wide), nn.ReLU6()]
        layers += [nn.Conv2d(wide, outputs, 1, bias=False), nn.BatchNorm2d(outputs)]
        self.conv = nn.Sequential(*layers)

    def forward(self, x):
        return x + self.conv(x) if self.skip else self.conv(x)


def mobilenet_v2():
    settings = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]
    layers, channels = [nn.Conv2d(3, 32, 3, 2, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU6()], 32
    for expand, width, count, stride in settings:
        for i in range(count):
            layers.append(Inverted(channels, width, stride if i == 0 else 1, expand))
            channels = width
    layers += [nn.Conv2d(channels, 1280, 1, bias=False), nn.BatchNorm2d(1280), nn.ReLU6(), nn.AdaptiveAvgPool2d(1)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Dropout(0.2), nn.Linear(1280, 10))


def m5():
    layers, channels = [], 1
    for width, size, stride in ((32, 80, 4), (32, 3, 1), (64, 3, 1), (64, 3, 1)):
        layers += [nn.Conv1d(channels, width, size, stride), nn.BatchNorm1d(width), nn.ReLU(), nn.MaxPool1d(4)]
        channels = width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(64, 10), nn.LogSoftmax(-1))


class Mixed(nn.Module):
    """Squeeze-and-excitation, attention to channels, transposed convolution, layer, group and instance norms, gates."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(2, 8, 3, padding=1, padding_mode="reflect")
        self.group = nn.GroupNorm(4, 8)
        self.instance = nn.InstanceNorm2d(8, affine=True)
        self.squeeze = nn.Sequential(nn.Conv2d(8, 4, 1), nn.SiLU(), nn.Conv2d(4, 8, 1), nn.Hardsigmoid())
        self.up = nn.ConvTranspose2d(8, 6, 3, 2, 1, 1)
        self.slope = nn.PReLU(6)
        self.norm = nn.LayerNorm(6)
        self.mix = nn.Sequential(nn.Linear(6, 12), nn.GELU(), nn.Linear(12, 6))
        self.head = nn.Linear(6, 5)

    def forward(self, x):
        x = self.instance(torch.nn.functional.gelu(self.group(self.stem(x))))
        x = x * self.squeeze(x.mean((2, 3), keepdim=True))
        x = self.slope(self.up(x))
        x = nn.functional.interpolate(x, scale_factor=0.5, mode="bilinear", align_corners=False)
        tokens = x.flatten(2).transpose(1, 2)
        tokens = tokens + self.mix(self.norm(tokens))
        weights = torch.softmax(tokens @ tokens.transpose(1, 2) / 6**0.5, -1)
        return self.head((weights @ tokens).amax(1))


class Sound(nn.Module):
    """A spectrogram by convolution with a fixed basis, then a small network on it."""

    def __init__(self):
        super().__init__()
        n = torch.arange(64)
        basis = torch.stack([torch.cos(2 * torch.pi * n * k / 64) for k in range(33)])
        self.register_buffer("basis", (basis * torch.hann_window(64))[:, None])
        self.conv = nn.Conv2d(1, 8, 3, (2, 1), 1)
        self.head = nn.Linear(8, 4)

    def forward(self, x):
        spectrum = nn.functional.conv1d(x.unsqueeze(1), self.basis, stride=32, padding=32)
        features = torch.log10(spectrum.pow(2).clamp(min=1e-6)).unsqueeze(1)
        x = nn.functional.leaky_relu(self.conv(features), 0.2)
        return torch.sigmoid(self.head(x.flatten(2).max(2).values))


NETWORKS = {
    "lenet": (lenet, (1, 28, 28)),
    "vgg": (vgg, (3, 32, 32)),
    "resnet18": (ResNet18, (3, 64, 64)),
    "mobilenet-v2": (mobilenet_v2, (3, 64, 64)),
    "m5": (m5, (1, 8000)),
    "mixed": (Mixed, (2, 12, 10)),
    "sound": (Sound, (2000,)),
}


def moved(module):
    """Normalisations that were never trained do nothing."""
    for part in module.modules():
        if isinstance(part, nn.modules.batchnorm._BatchNorm):
            nn.init.uniform_(part.weight, 0.6, 1.4)
            nn.init.normal_(part.bias, 0, 0.2)
            nn.init.normal_(part.running_mean, 0, 0.2)
            nn.init.uniform_(part.running_var, 0.6, 1.4)
    return module.eval()


def encoded(array):
    data = base64.b64encode(np.ascontiguousarray(array, np.float32).tobytes()).decode()
    return {"shape": list(array.shape), "data": data}


def keep(path):
    """Writes what ONNX Runtime makes of examples."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    random = np.random.default_rng(1)
    inputs = {}
    for one in session.get_inputs():
        batch = one.shape[0] if isinstance(one.shape[0], int) else EXAMPLES
        lengths = [length if isinstance(length, int) else 43844 for length in one.shape[1:]]
        inputs[one.name] = random.standard_normal([batch, *lengths]).astype(np.float32)
    outputs = dict(zip([one.name for one in session.get_outputs()], session.run(None, inputs)))
    facts = {"inputs": {k: encoded(v) for k, v in inputs.items()}, "outputs": {k: encoded(v) for k, v in outputs.items()}}
    path.with_suffix(".json").write_text(json.dumps(facts))


def torch_models():
    for name, (make, shape) in NETWORKS.items():
        torch.manual_seed(3)
        module = moved(make())
        example = torch.randn(2, *shape)
        for exporter in ("script", "dynamo"):
            path = FOLDER / f"torch-{exporter}-{name}.onnx"
            try:
                if exporter == "script":
                    axes = {"x": {0: "batch"}, "y": {0: "batch"}}
                    torch.onnx.export(module, (example,), str(path), dynamo=False, input_names=["x"],
                                      output_names=["y"], dynamic_axes=axes)  # fmt: skip
                else:
                    batch = torch.export.Dim("batch", min=1)
                    torch.onnx.export(module, (example,), str(path), dynamo=True, input_names=["x"], output_names=["y"],
                                      dynamic_shapes=({0: batch},), external_data=False, verbose=False)  # fmt: skip
            except Exception as error:  # noqa: BLE001
                print(path.stem, "was not exported:", str(error).splitlines()[0][:160])
                continue
            keep(path)


def keras_models():
    try:
        import keras
        import tensorflow as tf
        import tf2onnx
    except ImportError as error:
        print("no Keras networks:", error)
        return
    layers = keras.layers

    def small_resnet():
        x = inputs = keras.Input((32, 32, 3))
        x = layers.Conv2D(8, 3, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization()(x)
        for width, stride in ((8, 1), (16, 2)):
            y = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(width, 3, stride, padding="same")(x)))
            y = layers.Conv2D(width, 3, padding="same")(y)
            x = layers.Add()([y, layers.Conv2D(width, 1, stride)(x)])
        x = layers.GlobalAveragePooling2D()(layers.ReLU()(x))
        return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))

    def lenet5():
        return keras.Sequential([
            keras.Input((28, 28, 1)), layers.Conv2D(6, 5, padding="same", activation="tanh"), layers.AveragePooling2D(2),
            layers.Conv2D(16, 5, activation="tanh"), layers.AveragePooling2D(2), layers.Flatten(),
            layers.Dense(84, activation="tanh"), layers.Dense(10),
        ])  # fmt: skip

    def mobile():
        x = inputs = keras.Input((32, 32, 3))
        for width, stride in ((8, 2), (16, 1), (24, 2)):
            x = layers.ReLU(6.0)(layers.BatchNormalization()(layers.DepthwiseConv2D(3, stride, padding="same")(x)))
            x = layers.ReLU(6.0)(layers.BatchNormalization()(layers.Conv2D(width, 1)(x)))
        return keras.Model(inputs, layers.Dense(4, activation="sigmoid")(layers.GlobalMaxPooling2D()(x)))

    def wave():
        return keras.Sequential([
            keras.Input((1000, 1)), layers.Conv1D(8, 9, 4, padding="same"), layers.LeakyReLU(0.1), layers.MaxPooling1D(4),
            layers.LayerNormalization(), layers.Conv1D(8, 3, padding="causal"), layers.GlobalAveragePooling1D(), layers.Dense(3),
        ])  # fmt: skip

    for make in (small_resnet, lenet5, mobile, wave):
        keras.utils.set_random_seed(5)
        model = make()
        for layer in model.layers:
            if isinstance(layer, layers.BatchNormalization):
                layer.set_weights([w + 0.3 * np.random.rand(*w.shape).astype(np.float32) for w in layer.get_weights()])
        path = FOLDER / f"keras-{make.__name__}.onnx"
        specification = [tf.TensorSpec((None, *model.input_shape[1:]), tf.float32, name="x")]
        try:
            function = tf.function(lambda x, model=model: model(x, training=False))
            tf2onnx.convert.from_function(function, specification, opset=17, output_path=str(path))
        except Exception as error:  # noqa: BLE001
            print(path.stem, "was not exported:", str(error).splitlines()[0][:160])
            continue
        keep(path)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[2:]:
        path = FOLDER / f"published-{pathlib.Path(name).name}"
        path.write_bytes(pathlib.Path(name).read_bytes())
        try:
            keep(path)
        except Exception as error:  # noqa: BLE001
            print(path.stem, "was not run:", str(error).splitlines()[0][:200])
    torch_models()
    keras_models()


main()
