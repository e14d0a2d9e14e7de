/** @file Explanations of pictures by a network that looks at a known square. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { imageMetadata } from "../../image-model/index.ts";
import { conv2d, dense, flatten, sequential } from "../../nn/index.ts";
import { explanationFiles } from "../../report/index.ts";
import { floatArray } from "../../tensor/array.ts";
import { idxBytes } from "../testing/idx-folder.ts";
import type { TrainedModel } from "../trained-model.ts";
import { drawExplanation } from "./draw-explanation.ts";
import { explainPicture } from "./explain-picture.ts";
import type { ExplainOptions } from "./explanation.ts";

const SIDE = 12;

/** "left" is the brightness of a square of 4 × 4 pixels at the left, "right" that of one at the right. */
function squareModel(): TrainedModel {
  const model = sequential(
    [
      conv2d({ name: "same", filters: 1, kernelSize: 1, inputShape: [SIDE, SIDE, 1] }),
      flatten(),
      dense({ units: 2, name: "squares" }),
    ],
    { threads: 1 },
  );
  const isIn = (row: number, column: number, left: number) =>
    row >= 4 && row < 8 && column >= left && column < left + 4;
  const kernel = Array.from({ length: SIDE * SIDE * 2 }, (_, i) => {
    const place = Math.floor(i / 2);
    return isIn(Math.floor(place / SIDE), place % SIDE, i % 2 === 0 ? 1 : 7) ? 0.5 : 0;
  });
  model.setWeights({
    "same/kernel": floatArray([1], [1, 1, 1, 1]),
    "same/bias": floatArray([0], [1]),
    "squares/kernel": floatArray(kernel, [SIDE * SIDE, 2]),
    "squares/bias": floatArray([0, 0], [2]),
  });
  model.metadata = imageMetadata({
    task: "classification",
    classNames: ["left", "right"],
    pixels: { width: SIDE, height: SIDE, channels: 1, fit: "crop", background: [255, 255, 255] },
  });
  return { kind: "images", path: "squares", model, config: undefined };
}

/** Both squares are bright, and noise around them. */
const PICTURE = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
  const [row, column] = [Math.floor(i / SIDE), i % SIDE];
  const isBright = row >= 4 && row < 8 && ((column >= 1 && column < 5) || (column >= 7 && column < 11));
  return isBright ? 230 : 26 + 13 * ((7 * row + 3 * column) % 4);
});

let file: string;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "auricle-test-"));
  file = join(folder, "squares-idx3-ubyte");
  await writeFile(file, idxBytes([1, SIDE, SIDE], PICTURE));
  return () => rm(folder, { recursive: true, force: true });
});

/** Draws what `auricle explain` does. */
async function drawn(options: ExplainOptions) {
  const found = await explainPicture(
    squareModel(),
    { name: file, original: { path: file } },
    { ...options, check: true, features: true },
  );
  return drawExplanation(found, { title: "squares", model: "squares" });
}

it.each(["left", "right"])("finds the square of %s, and passes the test", async (name) => {
  const methods = ["integratedGradients", "occlusion"] as const;
  const { maps, explained } = await drawn({ class: name, methods });
  expect(explained).toBe(name);
  const [from, to] = name === "left" ? [1, 5] : [7, 11];
  for (const { key, values, verdict } of maps) {
    const inside = [...values].filter(
      (_, i) => i % SIDE >= from && i % SIDE < to && i >= 4 * SIDE && i < 8 * SIDE,
    );
    const all = values.reduce((sum, value) => sum + Math.max(0, value), 0);
    const part = inside.reduce((sum, value) => sum + Math.max(0, value), 0) / all;
    // Windows of occlusion reach beyond the square by a pixel.
    expect(part, key).toBeGreaterThan(key === "occlusion" ? 0.5 : 0.99);
    expect(verdict?.isGood, key).toBe(true);
  }
});

it("draws maps, layers and filters in pixels, rows from above", async () => {
  const data = await drawn({});
  expect(data.maps.map(({ key }) => key)).toEqual([
    "grad-cam",
    "integrated-gradients",
    "saliency",
    "occlusion",
  ]);
  expect(data.scene.y.ticks[0]).toEqual({ position: 1, text: "0" });
  const [layer] = data.layers;
  expect(layer).toMatchObject({ layer: "same", field: "1 × 1 pixels", form: "1 channels of 12 × 12" });
  // The first of the brightest pixels: row 4, column 1.
  expect(layer.box).toMatchObject({
    left: 1 / SIDE,
    top: 1 - 4 / SIDE,
    text: "rows 4 … 4, columns 1 … 1 (channel 0)",
  });
  expect(data.filters).toMatchObject({ layer: "same", sees: "pictures", shape: [1, 1, 1, 1] });
  const names = explanationFiles(data).map(({ name }) => name);
  expect(names).toEqual([
    "input.png",
    "grad-cam.png",
    "integrated-gradients.png",
    "saliency.png",
    "occlusion.png",
    "layers/01-same.png",
    "filters.png",
    "explanation.html",
  ]);
});
