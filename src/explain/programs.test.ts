import { expect, it } from "vitest";
import { dense, flatten, sequential } from "../nn/index.ts";
import { floatArray } from "../tensor/array.ts";
import { deletionInsertion } from "./deletion-insertion.ts";
import { integratedGradients } from "./integrated-gradients.ts";
import { occlusion } from "./occlusion.ts";
import { saliency } from "./saliency.ts";

const SIDE = 160;
const model = sequential([flatten({ inputShape: [SIDE, SIDE, 1] }), dense({ units: 2 })], { threads: 1 });
const x = floatArray(
  Float32Array.from({ length: SIDE * SIDE }, (_, i) => (i % 7) / 7),
  [1, SIDE, SIDE, 1],
);
const map = { shape: [1, SIDE, SIDE], data: x.data };

/** Computations of many batches. */
const LONG: readonly (readonly [string, (signal: AbortSignal) => Promise<unknown>])[] = [
  ["occlusion", (signal) => occlusion(model, x, { window: 1, stride: 1, signal })],
  ["saliency", (signal) => saliency(model, x, { method: "smoothGrad", samples: 100_000, signal })],
  [
    "integrated gradients",
    (signal) => integratedGradients(model, x, { steps: 4096, maxSteps: 4096, signal }),
  ],
  ["deletion and insertion", (signal) => deletionInsertion(model, x, map, { masks: 10_000, signal })],
];

it.each(LONG)(
  "%s gives the event loop its turns, and ends with the signal's reason",
  async (_name, compute) => {
    const stopping = new AbortController();
    setImmediate(() => stopping.abort(new Error("stopped")));
    await expect(compute(stopping.signal)).rejects.toThrow("stopped");
  },
);
