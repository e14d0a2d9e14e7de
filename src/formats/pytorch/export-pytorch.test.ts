import { describe, expect, it } from "vitest";
import { AUDIO_MODEL_NAMES, modelNamed, OTHER_MODEL_NAMES } from "../../models/index.ts";
import { ACTIVATION_NAMES } from "../../nn/layers/activations.ts";
import * as layers from "../../nn/layers/index.ts";
import { LAYER_CLASS_NAMES } from "../../nn/layers/registry.ts";
import { graphNetwork, sequentialNetwork } from "../../nn/network-builders.ts";
import { input } from "../../nn/symbolic.ts";
import { sizeOf } from "../../tensor/shape.ts";
import { exportPytorch } from "./export-pytorch.ts";
import { loadStateDict } from "./load-state-dict.ts";
import { TORCH_ACTIVATIONS } from "./modules/activations.ts";
import { PYTHON_HELPERS } from "./python-helpers.ts";
import { readStateDict } from "./read-state-dict.ts";
import { OWN_NETWORKS } from "./testing/networks.ts";
import { LAYER_RULES, torchView } from "./torch-view.ts";

/** The lines of a program's `forward`. */
function forward(program: string): string[] {
  const lines = program.slice(program.lastIndexOf("def forward")).split("\n").slice(1);
  return lines.map((line) => line.trim()).filter((line) => line !== "");
}

describe("exportPytorch", () => {
  it("writes a program that a person can read", () => {
    const files = { weights: "pictures.pt", program: "pictures.py" };
    const { program, className } = exportPytorch(OWN_NETWORKS.pictures(), {
      files,
      notes: ["Three classes."],
    });
    expect(className).toBe("Pictures");
    expect(program).toBe(`"""The network pictures, exported by Auricle. Its weights are in pictures.pt:

    import torch
    from pictures import Pictures

    model = Pictures()
    model.load_state_dict(torch.load("pictures.pt", weights_only=True))
    model.eval()
"""

import torch
import torch.nn.functional as F
from torch import nn


class Pictures(nn.Module):
    """Pictures: [N, 3, 14, 10] to [N, 3].

    Three classes.
    """

    def __init__(self):
        super().__init__()
        self.conv2d_1 = nn.Conv2d(3, 4, 3)
        self.batch_normalization_1 = nn.BatchNorm2d(4, eps=0.00001, momentum=0.1)
        self.conv2d_2 = nn.Conv2d(4, 6, 3, stride=2, groups=2, bias=False)
        self.batch_normalization_2 = nn.BatchNorm2d(6, eps=0.001, momentum=0.1)
        self.dropout_1 = nn.Dropout(0.5)
        self.dense_1 = nn.Linear(36, 5)
        self.batch_normalization_3 = nn.BatchNorm1d(5, eps=0.00001, momentum=0.1)
        self.head = nn.Linear(5, 3)

    def forward(self, x):
        x = F.pad(x, (1, 1, 1, 1))
        x = self.conv2d_1(x)
        x = self.batch_normalization_1(x)
        x = F.relu(x)
        x = F.max_pool2d(x, 2)
        x = self.conv2d_2(x)
        x = self.batch_normalization_2(x)
        x = F.relu(x)
        x = x.flatten(1)
        x = self.dropout_1(x)
        x = self.dense_1(x)
        x = self.batch_normalization_3(x)
        x = self.head(x)
        return x
`);
  });

  it("pads by hand where the two sides differ", () => {
    const network = sequentialNetwork([
      layers.conv2d({ filters: 1, kernelSize: [3, 4], strides: 2, padding: "same", inputShape: [8, 9, 1] }),
      layers.maxPooling2d({ padding: "same" }),
    ]);
    expect(forward(exportPytorch(network).program)).toEqual([
      "x = self.conv2d_1(F.pad(x, (1, 2, 0, 1)))",
      'x = F.max_pool2d(F.pad(x, (0, 1, 0, 0), value=float("-inf")), 2)',
      "return x",
    ]);
  });

  it("names the values of branches, and flattens as here where the order of features is seen", () => {
    const image = input({ shape: [2, 2, 3] });
    const left = layers.conv2d({ filters: 3, kernelSize: 1, name: "left" }).apply(image);
    const sum = layers.add({ name: "sum" }).apply([image, left]);
    const flat = layers.flatten().apply(sum);
    const network = graphNetwork({ inputs: image, outputs: { flat, sum } });
    expect(forward(exportPytorch(network).program)).toEqual([
      "left = self.left(x)",
      "sum = x + left",
      "x = sum.movedim(1, -1).flatten(1)",
      'return {"flat": x, "sum": sum}',
    ]);
  });

  it("makes attributes of names that Python or nn.Module cannot take", () => {
    const network = sequentialNetwork([
      layers.dense({ units: 1, name: "train", inputShape: [1] }),
      layers.dense({ units: 1, name: "1.a" }),
      layers.dense({ units: 1, name: "1 a" }),
      layers.dense({ units: 1, name: "class" }),
    ]);
    const { tensors } = exportPytorch(network);
    expect([...tensors.keys()].filter((key) => key.endsWith(".weight"))).toEqual([
      "train_layer.weight",
      "layer_1_a.weight",
      "layer_1_a_.weight",
      "class_layer.weight",
    ]);
  });

  it("refuses layers without a counterpart by name, all of them at once", () => {
    const network = sequentialNetwork([
      layers.audioFrontEnd({ frontEnd: { kind: "waveform" }, inputShape: [8, 1] }),
      layers.averagePooling1d({ dilationRate: 2, name: "mean" }),
      layers.softmax({ axis: [1, 2], name: "all" }),
    ]);
    expect(() => exportPytorch(network)).toThrow(
      "layers without a counterpart in PyTorch: audio_front_end_1 (AudioFrontEnd), mean (AveragePooling1D: a mean over windows with gaps), " +
        "all (Softmax: softmax over several axes)",
    );
  });

  it.each([...OTHER_MODEL_NAMES, ...AUDIO_MODEL_NAMES])(
    "can express %s, with a place for each of its weights",
    (name) => {
      const network = modelNamed(name, { seed: 1 });
      const { tensors } = torchView(network, "export");
      const own = tensors.filter(({ source }) => source.kind === "weight");
      expect(own.map(({ shape }) => sizeOf(shape)).reduce((a, b) => a + b)).toBe(
        network.weights.map(({ shape }) => sizeOf(shape)).reduce((a, b) => a + b),
      );
    },
  );

  it.each(["lenet5", "lenet5-1998", "small-mobilenet", "wave1d", "mel-cnn"])(
    "exports %s, and reads it back with every bit",
    (name) => {
      const network = modelNamed(name, { seed: 1 });
      const { weights } = exportPytorch(network);
      for (const format of ["pt", "safetensors"] as const) {
        const again = modelNamed(name, { seed: 2 });
        loadStateDict(again, readStateDict(weights(format), name), name);
        const own = network.getWeights();
        for (const [path, { data }] of again.getWeights()) {
          expect(
            data.every((value, i) => Object.is(value, own.get(path)?.data[i])),
            path,
          ).toBe(true);
        }
      }
    },
  );

  it("has a rule for every layer but those that compute features or operations as such, and for every activation", () => {
    expect(LAYER_CLASS_NAMES.filter((name) => !Object.hasOwn(LAYER_RULES, name))).toEqual([
      "AudioFrontEnd",
      "Operations",
    ]);
    expect([...TORCH_ACTIVATIONS].sort()).toEqual([...ACTIVATION_NAMES].sort());
  });

  it("has only helpers that define their name", () => {
    for (const [name, code] of Object.entries(PYTHON_HELPERS))
      expect(code).toMatch(new RegExp(`^(class|def) ${name}\\(`));
  });
});
