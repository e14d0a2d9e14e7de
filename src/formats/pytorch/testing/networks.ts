/** @file The networks of tools/oracle/make_pytorch_networks.py in this library, with other names. For tests alone. */
import { z } from "zod";
import * as layers from "../../../nn/layers/index.ts";
import { graphNetwork, sequentialNetwork } from "../../../nn/network-builders.ts";
import type { Network } from "../../../nn/network.ts";
import { input } from "../../../nn/symbolic.ts";
import { floatArray } from "../../../tensor/array.ts";
import { content, readForeignFiles } from "../../testing/foreign-files.ts";

const array = z
  .object({ shape: z.array(z.number()), base64: content })
  .transform(({ shape, base64 }) => floatArray(new Float32Array(base64.slice().buffer), shape));

export const PYTORCH_NETWORKS = readForeignFiles("pytorch-networks", {
  networks: z.array(
    z.object({
      name: z.enum(["pictures", "mobile", "waveform"]),
      input: array,
      output: array,
      base64: content,
    }),
  ),
  others: z.array(z.object({ name: z.string(), base64: content })),
});

/** Our networks, by the name of the case. */
export const OWN_NETWORKS: Readonly<Record<"pictures" | "mobile" | "waveform", () => Network>> = {
  pictures: () =>
    sequentialNetwork(
      [
        layers.zeroPadding2d({ padding: 1, inputShape: [14, 10, 3] }),
        layers.conv2d({ filters: 4, kernelSize: 3 }),
        layers.batchNormalization({ epsilon: 1e-5, momentum: 0.9 }),
        layers.reLU(),
        layers.maxPooling2d(),
        layers.conv2d({ filters: 6, kernelSize: 3, strides: 2, groups: 2, useBias: false }),
        layers.batchNormalization({ epsilon: 1e-3, momentum: 0.9 }),
        layers.reLU(),
        layers.flatten(),
        layers.dropout({ rate: 0.5 }),
        layers.dense({ units: 5 }),
        layers.batchNormalization({ epsilon: 1e-5, momentum: 0.9 }),
        layers.dense({ units: 3, name: "head" }),
      ],
      { name: "pictures" },
    ),
  mobile: () => {
    const image = input({ shape: [5, 6, 4] });
    const depthwise = layers.depthwiseConv2d({
      kernelSize: [3, 1],
      depthMultiplier: 2,
      padding: "same",
      activation: "relu",
    });
    const pointwise = layers.conv2d({ filters: 4, kernelSize: 1 }).apply(depthwise.apply(image));
    const joined = layers
      .add()
      .apply([image, layers.groupNormalization({ groups: 2, epsilon: 1e-5 }).apply(pointwise)]);
    const up = layers.conv2dTranspose({
      filters: 6,
      kernelSize: 3,
      strides: 2,
      padding: [1, 1],
      outputPadding: 1,
    });
    const mean = layers.globalAveragePooling2d().apply(up.apply(joined));
    return graphNetwork(
      { inputs: image, outputs: layers.dense({ units: 2 }).apply(mean) },
      { name: "mobile" },
    );
  },
  waveform: () =>
    sequentialNetwork(
      [
        layers.conv1d({ filters: 4, kernelSize: 5, dilationRate: 2, inputShape: [20, 2] }),
        layers.prelu({ sharedAxes: [1] }),
        layers.conv1d({ filters: 4, kernelSize: 3, padding: "same", activation: "tanh" }),
        layers.conv1d({ filters: 4, kernelSize: 3, padding: "same" }),
        layers.conv1dTranspose({ filters: 3, kernelSize: 4, strides: 4 }),
        layers.globalMaxPooling1d(),
        layers.layerNormalization({ epsilon: 1e-5 }),
        layers.dense({ units: 2, useBias: false }),
      ],
      { name: "waveform" },
    ),
};
