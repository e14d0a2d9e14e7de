/** @file Reports on pictures: in the cells of the confusion matrix, on the cards, and as filters in colour. */

import { expect, it } from "vitest";
import { Generator } from "../random/generator.ts";
import { filterSection } from "./filters.ts";
import { pictureUri, thumbnail } from "./picture-image.ts";
import { renderReport } from "./render-report.ts";
import type { ClassificationEvaluation, ExampleResult, PicturePreview } from "./report-data.ts";
import { EMPTY_REPORT } from "./testing/example-report.ts";
import { readPng } from "./testing/read-png.ts";

const bytesOf = (uri: string) => Uint8Array.from(atob(uri.split(",")[1]), (letter) => letter.charCodeAt(0));

/** An even picture of a colour. */
function even(color: readonly [number, number, number], side: number): PicturePreview {
  const pixels = Uint8Array.from({ length: 3 * side * side }, (_, i) => color[i % 3]);
  return { width: side, height: side, channels: 3, pixels };
}

const RED = even([200, 10, 20], 40);
const GREEN = even([10, 180, 20], 40);

function image(
  id: string,
  truth: number,
  outputs: readonly number[],
  picture: PicturePreview,
): ExampleResult {
  return { id, seconds: 0, truth: [truth], outputs, windows: [], preview: { picture } };
}

const EVALUATION: ClassificationEvaluation = {
  name: "test",
  task: "classification",
  examples: 3,
  loss: 0.5,
  accuracy: 2 / 3,
  accuracyInterval: [0.2, 0.94],
  macroF1: 0.6,
  classes: ["apple", "pear"].map((name) => ({ name, precision: 1, recall: 1, f1: 1, support: 1 })),
  confusionMatrix: [
    [1, 1],
    [0, 1],
  ],
  results: [
    image("a.png", 0, [0.9, 0.1], RED),
    image("b.png", 0, [0.2, 0.8], RED),
    image("c.png", 1, [0.1, 0.9], GREEN),
  ],
};

it("cells show the picture of an example, small, and cards the whole one", () => {
  const page = renderReport({
    ...EMPTY_REPORT,
    data: { ...EMPTY_REPORT.data, unit: "image" },
    evaluations: [EVALUATION],
  });
  const cells = [...page.matchAll(/<img src="([^"]+)" alt="" \/>/g)].map(([, uri]) => readPng(bytesOf(uri)));
  // True apple: right, and taken for a pear; true pear: right.
  expect(cells.map(({ width, height, colors: [first] }) => [width, height, first])).toEqual([
    [20, 20, [200, 10, 20]],
    [20, 20, [200, 10, 20]],
    [20, 20, [10, 180, 20]],
  ]);
  const own = page.match(/<div class="picture image">\s*<img src="[^"]+" alt="[abc]\.png"/g);
  expect(own).toHaveLength(3);
  expect(page).toContain('aria-label="apple classified as pear: 1 image"');
  expect(page).toContain("All other images of the test data");
  expect(page).not.toMatch(/\bclips? (behind|can be)/);
});

it("leaves pictures out of a file that would be too large, and says how many are seen", () => {
  const generator = new Generator(1);
  const noise = Uint8Array.from({ length: 3 * 60 * 60 }, () => generator.integer(256));
  const large: PicturePreview = { width: 60, height: 60, channels: 3, pixels: noise };
  const results = Array.from({ length: 20 }, (_, i) => image(`${i}.png`, 0, [0.9, 0.1], large));
  const page = renderReport(
    {
      ...EMPTY_REPORT,
      data: { ...EMPTY_REPORT.data, unit: "image" },
      evaluations: [{ ...EVALUATION, results }],
    },
    { maxBytes: 120_000 },
  );
  expect(page.length).toBeLessThan(120_000);
  const [, seen] = /(\d+) of the 20 images can be seen/.exec(page.replaceAll(/\s+/g, " ")) ?? [];
  expect(Number(seen)).toBeGreaterThan(0);
  expect(page.match(/class="picture image"/g)).toHaveLength(Number(seen));
});

it("a thumbnail is the mean of the pixels that fall together; small and grey pictures stay", () => {
  const pixels = Uint8Array.from({ length: 64 * 2 }, (_, i) => (i % 2 === 0 ? 100 : 200));
  const grey: PicturePreview = { width: 64, height: 2, channels: 1, pixels };
  expect(thumbnail(grey)).toEqual({
    width: 32,
    height: 1,
    channels: 1,
    pixels: new Uint8Array(32).fill(150),
  });
  const small = even([1, 2, 3], 5);
  expect(thumbnail(small)).toBe(small);
  const { colors } = readPng(
    bytesOf(pictureUri({ width: 2, height: 1, channels: 1, pixels: Uint8Array.of(7, 9) })),
  );
  expect(colors).toEqual([
    [7, 7, 7],
    [9, 9, 9],
  ]);
});

it("filters of colour pictures are pictures in colour, grey where nothing is weighed", () => {
  // One row of two places, three inputs, one filter: red against nothing.
  const data = Float32Array.of(0.5, 0, -0.25, 0, 0, 0);
  const section = filterSection({
    layer: "conv",
    sees: "pictures",
    shape: [1, 2, 3, 1],
    data,
    sampleRate: 0,
  }).text;
  const [, uri] = /<img src="([^"]+)"/.exec(section) ?? [];
  expect(readPng(bytesOf(uri)).colors).toEqual([
    [255, 128, 64],
    [128, 128, 128],
  ]);
  expect(section).toContain("in the colours that it looks for");
  expect(section).not.toContain("input channels");
});
