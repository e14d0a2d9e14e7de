import { describe, expect, it } from "vitest";
import { AuricleError } from "../../../errors.ts";
import { Generator } from "../../../random/generator.ts";
import type { Dataset } from "../../dataset.ts";
import { digitsDataset } from "./digits.ts";
import { drawStroke } from "./draw.ts";
import { curve, ellipse, lines, loop, type Point } from "./strokes.ts";
import { affineWarp, elasticWarp } from "./warp.ts";

const PIXELS = 28 * 28;

function readAll(dataset: Dataset): { inputs: Float32Array; labels: Int32Array } {
  const inputs = new Float32Array(dataset.length * PIXELS);
  const labels = new Int32Array(dataset.length);
  void dataset.read(
    Array.from({ length: dataset.length }, (_, i) => i),
    inputs,
    labels,
  );
  return { inputs, labels };
}

function squaredDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

/** Accuracy of giving each test picture the label of the nearest of the references. */
function nearestAccuracy(references: Float32Array[], labelsOf: ArrayLike<number>, test: Dataset): number {
  const { inputs, labels } = readAll(test);
  let right = 0;
  for (let i = 0; i < labels.length; i++) {
    const distances = references.map((one) =>
      squaredDistance(inputs.subarray(i * PIXELS, (i + 1) * PIXELS), one),
    );
    if (labelsOf[distances.indexOf(Math.min(...distances))] === labels[i]) right++;
  }
  return right / labels.length;
}

describe("digitsDataset", () => {
  it("has the promised shape and size", () => {
    expect(digitsDataset()).toMatchObject({
      name: "digits (train)",
      length: 10_000,
      inputShape: [28, 28, 1],
    });
    expect(digitsDataset({ role: "test" }).length).toBe(2_000);
  });

  it("holds each digit once in every ten examples, in changing order", () => {
    const { labels } = readAll(digitsDataset({ count: 200 }));
    const tens = Array.from({ length: 20 }, (_, i) => [...labels.subarray(10 * i, 10 * i + 10)]);
    for (const ten of tens) expect([...ten].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(tens.map((ten) => ten.join())).size).toBeGreaterThan(15);
  });

  it("gives the same bytes for the same seed, others for another seed or part", () => {
    const first = readAll(digitsDataset({ count: 50, seed: 4 })).inputs;
    expect(readAll(digitsDataset({ count: 50, seed: 4 })).inputs).toEqual(first);
    expect(readAll(digitsDataset({ count: 50, seed: 5 })).inputs).not.toEqual(first);
    expect(readAll(digitsDataset({ count: 50, seed: 4, role: "test" })).inputs).not.toEqual(first);
  });

  it("is the beginning of a larger set with the same seed", () => {
    const few = readAll(digitsDataset({ count: 15 }));
    const many = readAll(digitsDataset({ count: 40 }));
    expect(many.inputs.subarray(0, 15 * PIXELS)).toEqual(few.inputs);
    expect(many.labels.subarray(0, 15)).toEqual(few.labels);
  });

  it("shows light strokes on dark, with a digit in every picture", () => {
    const { inputs, labels } = readAll(digitsDataset({ count: 1000 }));
    for (let i = 0; i < labels.length; i++) {
      const sorted = inputs.slice(i * PIXELS, (i + 1) * PIXELS).sort();
      // The paper is at most 0.12 before noise, the ink at least 0.6 where it covers a pixel; a thin 1 may cover few.
      expect(sorted[PIXELS / 2]).toBeLessThan(0.25);
      expect(sorted[PIXELS - 5] - sorted[PIXELS / 2]).toBeGreaterThan(0.25);
    }
  });

  it("cannot be solved by comparing with the mean of each digit, but has something to learn", () => {
    const { inputs, labels } = readAll(digitsDataset({ count: 2000 }));
    const means = Array.from({ length: 10 }, () => new Float32Array(PIXELS));
    labels.forEach((label, i) => {
      for (let p = 0; p < PIXELS; p++) means[label][p] += inputs[i * PIXELS + p] / (labels.length / 10);
    });
    const test = digitsDataset({ role: "test", count: 200 });
    const byMean = nearestAccuracy(means, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], test);
    expect(byMean).toBeGreaterThan(0.3);
    expect(byMean).toBeLessThan(0.8);
    const pictures = Array.from(labels, (_, i) => inputs.subarray(i * PIXELS, (i + 1) * PIXELS));
    const byNeighbour = nearestAccuracy(pictures, labels, test);
    expect(byNeighbour).toBeGreaterThan(0.5);
    expect(byNeighbour).toBeLessThan(0.95);
  });

  it.each([0, -1, 2.5, NaN])("refuses the count %d", (count) => {
    expect(() => digitsDataset({ count })).toThrow(AuricleError);
  });
});

describe("strokes", () => {
  const contains = (stroke: readonly Point[], [x, y]: Point) =>
    stroke.some((point) => Math.abs(point[0] - x) < 1e-12 && Math.abs(point[1] - y) < 1e-12);

  it("go through all of their points", () => {
    const points: Point[] = [
      [0, 0],
      [0.5, 0.1],
      [0.9, 0.7],
      [0.2, 1],
    ];
    expect(lines(...points)).toEqual(points);
    for (const stroke of [curve(...points), loop(...points)]) {
      for (const point of points) expect(contains(stroke, point)).toBe(true);
    }
    expect(contains(curve(...points).slice(0, 1), points[0])).toBe(true);
    expect(contains(curve(...points).slice(-1), points[3])).toBe(true);
    expect(contains(loop(...points).slice(-1), points[0])).toBe(true);
  });

  it("stay straight through points on a line", () => {
    for (const [x, y] of curve([0, 1], [1, 3], [2, 5], [3, 7])) expect(y).toBeCloseTo(1 + 2 * x, 12);
  });

  it("draw an ellipse to within 1 % of its radii", () => {
    for (const [x, y] of ellipse(0.5, 0.4, 0.3, 0.2)) {
      const radius = Math.hypot((x - 0.5) / 0.3, (y - 0.4) / 0.2);
      expect(Math.abs(radius - 1)).toBeLessThan(0.01);
    }
  });
});

describe("drawStroke", () => {
  it("covers pixels by their distance from the stroke", () => {
    const picture = new Float32Array(8 * 8);
    drawStroke(picture, 8, [[2, 3.25], [6, 3.25]], { halfWidths: [1, 1], softness: 1 }); // prettier-ignore
    // Pixel rows 1 … 5 have their centres 1.75, 0.75, 0.25, 1.25 and 2.25 from the stroke; covered is 1.5 - distance.
    expect([1, 2, 3, 4, 5].map((row) => picture[row * 8 + 4])).toEqual([0, 0.75, 1, 0.25, 0]);
    // To the left of its beginning at x = 2 the centres of row 3 are 0.5, 1.5 away (and 0.25 beside).
    expect(picture[3 * 8 + 1]).toBeCloseTo(1.5 - Math.hypot(0.5, 0.25), 6);
    expect(picture[3 * 8 + 0]).toBe(0);
  });

  it("keeps the greater of two strokes, and cuts off what is outside", () => {
    const picture = new Float32Array(4 * 4).fill(0.5);
    drawStroke(picture, 4, [[-9, 0.5], [99, 0.5]], { halfWidths: [0.5, 0.5], softness: 1 }); // prettier-ignore
    expect([...picture.subarray(0, 4)]).toEqual([1, 1, 1, 1]);
    expect([...picture.subarray(4)]).toEqual(new Array<number>(12).fill(0.5));
  });

  it("draws a dot where a stroke has no length", () => {
    const picture = new Float32Array(9);
    drawStroke(picture, 3, [[1.5, 1.5], [1.5, 1.5]], { halfWidths: [0.5, 0.5], softness: 1 }); // prettier-ignore
    expect([...picture]).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0]);
  });
});

describe("warps", () => {
  it("bend by at most the strength, smoothly, and not at all without strength", () => {
    const bend = elasticWarp(new Generator(1), 0.2);
    for (let i = 0; i <= 100; i++) {
      const [x, y] = bend([i / 100, 0.3]);
      expect(Math.abs(x - i / 100)).toBeLessThanOrEqual(0.2);
      expect(Math.abs(y - 0.3)).toBeLessThanOrEqual(0.2);
      // Displacements differ by at most 2 × 0.2 per control point, and the weights change by at most 2/3 per cell.
      const [nextX] = bend([(i + 0.001) / 100, 0.3]);
      expect(Math.abs(nextX - x)).toBeLessThan(1e-4);
    }
    const still = elasticWarp(new Generator(1), 0)([0.3, 0.8]);
    expect(still[0]).toBeCloseTo(0.3, 12);
    expect(still[1]).toBeCloseTo(0.8, 12);
  });

  it("place affinely: the middle between two points stays in the middle", () => {
    const place = affineWarp(new Generator(2), 28);
    const [a, middle, b] = [place([0.1, 0.9]), place([0.35, 0.5]), place([0.6, 0.1])];
    expect(middle[0]).toBeCloseTo((a[0] + b[0]) / 2, 10);
    expect(middle[1]).toBeCloseTo((a[1] + b[1]) / 2, 10);
  });
});
