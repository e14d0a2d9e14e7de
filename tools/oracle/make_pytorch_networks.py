"""Small networks of PyTorch with their state dicts, inputs and outputs, for src/formats/pytorch: what `loadStateDict` must reproduce.

    .venv/bin/python tools/oracle/make_pytorch_networks.py
"""

import base64
import collections
import io
import json
import pathlib

import torch
from torch import nn

TARGET = pathlib.Path(__file__).parent / "files" / "pytorch-networks.json"


class PictureNetwork(nn.Module):
    """Convolutions with stride, groups and a bias left out, batch normalisation, and a flattening channels first."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(4, 6, 3, stride=2, groups=2, bias=False), nn.BatchNorm2d(6, eps=1e-3), nn.ReLU())
        self.classifier = nn.Sequential(nn.Flatten(), nn.Dropout(0.5), nn.Linear(6 * 3 * 2, 5), nn.BatchNorm1d(5), nn.Linear(5, 3))

    def forward(self, x):
        return self.classifier(self.features(x))


class Mobile(nn.Module):
    """Depthwise with a multiplier, pointwise and transposed convolutions, group normalisation, a residual, a global mean."""

    def __init__(self):
        super().__init__()
        self.depthwise = nn.Conv2d(4, 8, (3, 1), padding=(1, 0), groups=4)
        self.pointwise = nn.Conv2d(8, 4, 1)
        self.norm = nn.GroupNorm(2, 4)
        self.up = nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1)
        self.head = nn.Linear(6, 2)

    def forward(self, x):
        x = x + self.norm(self.pointwise(torch.relu(self.depthwise(x))))
        return self.head(self.up(x).mean((2, 3)))


class Waveform(nn.Module):
    """One dimension: dilation, slopes that are learnt, a transposed convolution, layer normalisation, the same shape twice."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv1d(2, 4, 5, dilation=2)
        self.act = nn.PReLU(4)
        self.conv2 = nn.Conv1d(4, 4, 3, padding=1)
        self.conv3 = nn.Conv1d(4, 4, 3, padding=1)
        self.up = nn.ConvTranspose1d(4, 3, 4, stride=4)
        self.norm = nn.LayerNorm(3)
        self.out = nn.Linear(3, 2, bias=False)

    def forward(self, x):
        x = self.conv3(torch.tanh(self.conv2(self.act(self.conv1(x)))))
        return self.out(self.norm(self.up(x).amax(-1)))


def array(tensor):
    """Channels last, little-endian, as in fixtures."""
    numbers = tensor.detach().movedim(1, -1).contiguous().float().numpy()
    return {"shape": list(numbers.shape), "base64": base64.b64encode(numbers.tobytes()).decode()}


def lively(network):
    """Numbers as training leaves them: initial ones make batch normalisation do nothing."""
    for name, tensor in network.state_dict().items():
        if tensor.dtype.is_floating_point:
            noise = torch.randn(tensor.shape)
            tensor.copy_(noise.exp() if name.endswith("running_var") else tensor + 0.3 * noise)


def saved(state):
    stream = io.BytesIO()
    torch.save(state, stream)
    return base64.b64encode(stream.getvalue()).decode()


def case(name, network, shape):
    torch.manual_seed(7)
    lively(network)
    network.double().eval()
    x = torch.randn(2, *shape).float()
    with torch.no_grad():
        y = network(x.double())
    network.float()
    return {"name": name, "input": array(x), "output": array(y), "base64": saved(network.state_dict())}


def recurrent():
    torch.manual_seed(7)
    network = nn.ModuleDict(collections.OrderedDict(conv=nn.Conv1d(2, 4, 3), rnn=nn.LSTM(4, 3), attention=nn.MultiheadAttention(4, 2)))
    return {"name": "recurrent", "base64": saved(network.state_dict())}


def main():
    cases = [
        case("pictures", PictureNetwork(), (3, 14, 10)),
        case("mobile", Mobile(), (4, 5, 6)),
        case("waveform", Waveform(), (2, 20)),
    ]
    head = {"tool": f"torch {torch.__version__.split('+')[0]}", "command": "python tools/oracle/make_pytorch_networks.py"}
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    lines.append('"networks": [\n' + ",\n".join(json.dumps(one) for one in cases) + "\n]")
    lines.append(f'"others": [\n{json.dumps(recurrent())}\n]')
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
