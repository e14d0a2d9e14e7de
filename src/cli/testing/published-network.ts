/** @file A small model file as somebody else may have published it. For tests. */

import { audioMetadata, trainedOnMetadata } from "../../audio-model/index.ts";
import { saveModel } from "../../nn/checkpoint/model-file.ts";
import {
  batchNormalization,
  concatenate,
  conv2d,
  dense,
  dropout,
  globalAveragePooling2d,
  globalMaxPooling2d,
  reLU,
} from "../../nn/layers/index.ts";
import { Model } from "../../nn/model.ts";
import { graphNetwork } from "../../nn/network-builders.ts";
import type { Network } from "../../nn/network.ts";
import { input } from "../../nn/symbolic.ts";

/** The form of its input. */
export const BANDS = 16;
export const FRAMES = 12;

/** A network that tells tones by their height as it is, without training. */
export function smallNetwork(seed = 3): Network {
  const inputs = input({ shape: [FRAMES, BANDS, 1] });
  const maps = [conv2d({ filters: 6, kernelSize: [1, BANDS] }), reLU(), batchNormalization()].reduce(
    (before, layer) => layer.apply(before),
    inputs,
  );
  const pooled = concatenate().apply([
    globalAveragePooling2d().apply(maps),
    globalMaxPooling2d().apply(maps),
  ]);
  const outputs = dense({ units: 4, activation: "sigmoid" }).apply(dropout({ rate: 0.5 }).apply(pooled));
  return graphNetwork({ inputs, outputs }, { name: "published", seed });
}

/** Writes it, with four tags that it pretends to hear at 8 kHz. */
export async function savePublished(path: string, seed?: number): Promise<void> {
  const model = new Model(smallNetwork(seed), { threads: 1 });
  model.metadata = {
    ...audioMetadata({
      task: "tagging",
      classNames: ["a", "b", "c", "d"],
      frontEnd: { kind: "melSpectrogram", sampleRate: 8000, fftSize: 512, hopLength: 128, melBands: BANDS },
      windowFrames: FRAMES,
    }),
    ...trainedOnMetadata({ sources: [{ data: "Songs of the sea" }] }),
  };
  await saveModel(model, path);
}
