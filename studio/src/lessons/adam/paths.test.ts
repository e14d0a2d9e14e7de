import { Generator } from "auricle";
import { describe, expect, it } from "vitest";
import { BETA1, BETA2, EPSILON, MOMENTUM, OPTIMIZER_NAMES, RHO, type OptimizerName } from "./optimizers.ts";
import { pathOf } from "./paths.ts";
import { heightsOf, LIMIT, SURFACE_NAMES, SURFACES, type SurfaceName } from "./surfaces.ts";

type Pair = [number, number];

const HEIGHTS: Record<SurfaceName, (x: number, y: number) => number> = {
  valley: (x, y) => 0.1 * x ** 2 + 5 * y ** 2,
  saddle: (x, y) => x ** 2 / 2 - y ** 2 / 2 + y ** 4 / 10 + 0.625,
  twoMinima: (x, y) => (x ** 2 - 1) ** 2 / 2 + x / 4 + y ** 2 / 2 + 0.2574,
  noisy: (x, y) => x ** 2 / 4 + 2 * y ** 2,
};
/** By hand. */
const SLOPES: Record<SurfaceName, (x: number, y: number) => Pair> = {
  valley: (x, y) => [0.2 * x, 10 * y],
  saddle: (x, y) => [x, -y + 0.4 * y ** 3],
  twoMinima: (x, y) => [2 * x * (x ** 2 - 1) + 0.25, y],
  noisy: (x, y) => [x / 2, 4 * y],
};

/** The papers' formulas (Polyak 1964; Tieleman and Hinton 2012; Kingma and Ba 2015), for one weight. */
function reference(name: OptimizerName, rate: number) {
  let [m, v, t] = [0, 0, 0];
  return (g: number) => {
    t++;
    switch (name) {
      case "sgd":
        return -rate * g;
      case "momentum":
        m = MOMENTUM * m - rate * g;
        return m;
      case "rmsprop":
        v = RHO * v + (1 - RHO) * g ** 2;
        return (-rate * g) / Math.sqrt(v + EPSILON);
      case "adam":
        m = BETA1 * m + (1 - BETA1) * g;
        v = BETA2 * v + (1 - BETA2) * g ** 2;
        return (-rate * (m / (1 - BETA1 ** t))) / (Math.sqrt(v / (1 - BETA2 ** t)) + EPSILON);
    }
  };
}

describe.each(SURFACE_NAMES)("on the surface %s", (surface) => {
  it("has its heights on a grid, within 1e-5, and 0 at its lowest, within 0.01", () => {
    const heights = heightsOf(surface, 40);
    heights.forEach((height, i) => {
      const [x, y] = [(LIMIT * ((i % 40) - 19.5)) / 20, (-LIMIT * (Math.floor(i / 40) - 19.5)) / 20];
      expect(Math.abs(height - HEIGHTS[surface](x, y))).toBeLessThan(1e-5 * (1 + Math.abs(height)));
    });
    const lowest = heightsOf(surface, 200).reduce((least, height) => Math.min(least, height), Infinity);
    expect(lowest).toBeGreaterThan(-1e-3);
    expect(lowest).toBeLessThan(0.01);
  });

  // Far from any minimum: there RMSprop jumps from side to side, and each jump doubles rounding errors.
  it.each(OPTIMIZER_NAMES)("%s goes as its formula says for 20 steps, within 2e-4", (optimizer) => {
    const learningRate = optimizer === "momentum" ? 0.01 : 0.02;
    const start: Pair = [-1.9, 0.7];
    const path = pathOf({ surface, optimizer, learningRate, steps: 20, start, seed: 4 });
    expect(path.points).toHaveLength(2 * 21);
    expect(path.losses).toHaveLength(21);
    const noise = new Generator(4);
    const rules = [reference(optimizer, learningRate), reference(optimizer, learningRate)];
    let point = start;
    for (let step = 0; step <= 20; step++) {
      expect(Math.abs(path.losses[step] - HEIGHTS[surface](...point))).toBeLessThan(1e-3);
      expect(Math.abs(path.points[2 * step] - point[0])).toBeLessThan(2e-4);
      expect(Math.abs(path.points[2 * step + 1] - point[1])).toBeLessThan(2e-4);
      const slopes = SLOPES[surface](...point);
      const off = [noise.normal(), noise.normal()].map((value) => SURFACES[surface].noise * value);
      point = [0, 1].map((i) => point[i] + rules[i](slopes[i] + off[i])) as Pair;
    }
  });
});

it("Adam's moments explain its steps: rate · m / (√v + ε)", () => {
  const path = pathOf({
    surface: "noisy",
    optimizer: "adam",
    learningRate: 0.05,
    steps: 30,
    start: [-1, 1],
    seed: 2,
  });
  for (let i = 0; i < 60; i++) {
    const step = (-0.05 * path.means[i]) / (path.roots[i] + EPSILON);
    expect(path.points[i + 2] - path.points[i]).toBeCloseTo(step, 4);
  }
  // The first step has the length of the learning rate, whatever the gradient.
  expect(Math.abs(path.points[2] - path.points[0])).toBeCloseTo(0.05, 5);
});

it("stops a path that goes to infinity", () => {
  const path = pathOf({
    surface: "valley",
    optimizer: "sgd",
    learningRate: 2,
    steps: 300,
    start: [-1, 1],
    seed: 1,
  });
  expect(path.losses.length).toBeLessThan(301);
  expect([...path.points].every(Number.isFinite)).toBe(true);
  expect(path.points.length).toBe(2 * path.losses.length);
});
