import { describe, expect, it } from "vitest";
import { chooseFixed } from "../../graph/algorithms.ts";
import { machineLibrary } from "../../graph/task-library.ts";
import type { Lowering } from "../../graph/lowering.ts";
import { Buffer } from "../../graph/buffer.ts";
import type { Task } from "../../graph/tasks.ts";
import type { ConvolutionGeometry } from "../../kernels/convolution/geometry.ts";
import type { DepthwiseGeometry } from "../../kernels/depthwise/geometry.ts";
import { filterView } from "../../ops/convolution.ts";
import { TARGET_NAMES, traitsOf, type KernelTarget } from "../../runtime/target.ts";
import { byRule, type ConvolutionAlgorithm } from "./algorithm.ts";
import { prefersWinograd } from "./winograd.ts";
import { savesTime } from "./winograd-savings.ts";
import { CONVOLUTION_TASK } from "./convolution.ts";
import { DEPTHWISE_FILTER_GRADIENT_TASK } from "../depthwise-filter-gradient.ts";
import { DEPTHWISE_TASK } from "../depthwise.ts";
import { FILTER_GRADIENT_TASK } from "../filter-gradient/filter-gradient.ts";
import { geometryOf } from "../../kernels/testing/convolution-geometry.ts";

const TARGETS: readonly KernelTarget[] = TARGET_NAMES.filter((name) => name !== "reference");

describe("the rule for Winograd's algorithm", () => {
  it("takes it where there are channels and tiles enough and most of the tiles is used", () => {
    expect(prefersWinograd(geometryOf(8, [16, 16], [32, 32]))).toBe(true);
    expect(prefersWinograd(geometryOf(8, [16, 16], [1, 32]))).toBe(false);
    expect(prefersWinograd(geometryOf(8, [16, 16], [32, 4]))).toBe(false);
    expect(prefersWinograd(geometryOf(1, [16, 16], [32, 32]))).toBe(false);
    expect(prefersWinograd(geometryOf(8, [5, 5], [32, 32]))).toBe(false);
    expect(prefersWinograd(geometryOf(8, [16, 16], [12, 24], [2, 2, 2, 2], 5))).toBe(true);
    expect(prefersWinograd(geometryOf(8, [7, 7], [32, 32], [2, 2, 2, 2], 5))).toBe(true);
    expect(prefersWinograd(geometryOf(16, [3, 3], [32, 32], [2, 2, 2, 2], 5))).toBe(false);
  });

  it("takes it for filter gradients of small images too", () => {
    const small = geometryOf(16, [6, 6], [32, 32]);
    expect([prefersWinograd(small), savesTime(small)]).toEqual([false, true]);
    expect(savesTime(geometryOf(16, [6, 6], [8, 8]))).toBe(false);
    expect(savesTime(geometryOf(16, [3, 3], [512, 512]))).toBe(false);
  });
});

describe("the fixed rule", () => {
  const geometry = geometryOf(8, [16, 16], [32, 32]);
  const algorithm = (
    name: string,
    own: Partial<ConvolutionAlgorithm<{ geometry: ConvolutionGeometry }>>,
  ) => ({
    name,
    supports: () => true,
    lower: () => undefined,
    ...own,
  });
  const chosen = (...algorithms: ConvolutionAlgorithm<{ geometry: ConvolutionGeometry }>[]) =>
    byRule(algorithms, geometry, traitsOf("wasm"))?.name;
  const slow = algorithm("slow", { time: () => 3 });
  const quick = algorithm("quick", { time: () => 2 });
  const unknown = algorithm("unknown", {});
  const measured = algorithm("measured", { isFastest: () => true });

  it("takes the first that is estimated to beat all after it", () => {
    expect(chosen(slow, quick)).toBe("quick");
    expect(chosen(quick, slow)).toBe("quick");
    expect(chosen(unknown, slow)).toBe("slow");
    expect(chosen(algorithm("as quick", { time: () => 2 }), quick, slow)).toBe("quick");
  });

  it("takes one that is measured to be the fastest, unless one before it is estimated to be", () => {
    expect(chosen(measured, quick)).toBe("measured");
    expect(chosen(slow, measured, quick)).toBe("measured");
    expect(chosen(quick, measured, slow)).toBe("quick");
  });
});

function loweringOn(target: KernelTarget, own: Partial<Lowering>): Lowering {
  return {
    machine: traitsOf(target),
    inputs: [new Buffer(1, { kind: "own" }), new Buffer(1, { kind: "own" })],
    output: new Buffer(1, { kind: "own" }),
    family: new Map(),
    prologue: undefined,
    epilogue: undefined,
    epilogueBuffers: [],
    isPrepared: () => false,
    precision: "float32",
    choose: chooseFixed,
    temporary: (words) => new Buffer(words, { kind: "scratch" }),
    call: () => undefined,
    ...own,
  };
}

/** The names of the algorithms that can do a task, the rule's first. */
function algorithmsOf(
  task: Task,
  target: KernelTarget,
  {
    precision = "float32",
    isPrepared = false,
  }: { precision?: Lowering["precision"]; isPrepared?: boolean } = {},
): string[] {
  let names: string[] = [];
  const choose: Lowering["choose"] = ({ algorithms }) => {
    names = algorithms.map(({ name }) => name);
    return { name: "none", lower: () => undefined };
  };
  machineLibrary.lower(task, loweringOn(target, { isPrepared: () => isPrepared, precision, choose }));
  return names;
}

/** The lanes of each kernel that a task asks for by the rule. */
function lanesOf(task: Task, target: KernelTarget, precision: Lowering["precision"] = "float32"): number[] {
  const lanes: number[] = [];
  const call: Lowering["call"] = (...[, , , , machine = traitsOf(target)]) => lanes.push(machine.lanes);
  machineLibrary.lower(task, loweringOn(target, { precision, call }));
  return lanes;
}

const convolution = (geometry: ConvolutionGeometry): Task => ({
  kind: CONVOLUTION_TASK,
  geometry,
  view: filterView(geometry),
});
const filterGradient = (geometry: ConvolutionGeometry): Task => ({ kind: FILTER_GRADIENT_TASK, geometry });

describe("vectors of half as many lanes", () => {
  // With strides neither Winograd's nor the planar algorithm can be chosen.
  const strided = (outputs: number) => ({
    ...geometryOf(8, [64, 64], [5, outputs]),
    strides: [2, 2] as const,
  });
  const narrow = strided(8);
  const wide = strided(9);
  const pixels: DepthwiseGeometry = {
    ...{ batch: 1, inputHeight: 8, inputWidth: 8, outputHeight: 8, outputWidth: 8, channels: 8 },
    ...{ window: [1, 1], strides: [1, 1], dilations: [1, 1], padding: [0, 0] },
  };
  const depthwise = (channels: number): Task[] => [
    { kind: DEPTHWISE_TASK, geometry: { ...pixels, channels }, transposed: false },
    { kind: DEPTHWISE_FILTER_GRADIENT_TASK, geometry: { ...pixels, channels } },
  ];

  it("are taken by all kernels of a task whose vectors would be half empty, where the machine has them", () => {
    for (const task of [convolution(narrow), filterGradient(narrow), ...depthwise(8)]) {
      for (const target of TARGETS) {
        const lanes = Math.min(8, traitsOf(target).lanes);
        expect(lanesOf(task, target).filter((count) => count !== lanes)).toEqual([]);
      }
    }
    for (const task of [convolution(wide), filterGradient(wide), ...depthwise(9)]) {
      expect(new Set(lanesOf(task, "avx512"))).toEqual(new Set([16]));
    }
  });

  it("count the outputs of a group", () => {
    const groups = { ...geometryOf(1, [8, 8], [64, 128]), groups: 16 };
    expect(new Set(lanesOf(convolution(groups), "avx512"))).toEqual(new Set([8]));
  });

  it("are not taken for pairs of bfloat16, which they cannot multiply", () => {
    const pairs = geometryOf(1, [8, 8], [64, 4], [0, 0, 0, 0], 1);
    expect(algorithmsOf(convolution(pairs), "avx512", { precision: "bfloat16" })[0]).toBe("direct");
    expect(new Set(lanesOf(convolution(pairs), "avx512", "bfloat16"))).toEqual(new Set([16]));
  });
});

describe("a list of algorithms", () => {
  const few = geometryOf(8, [32, 32], [4, 2]);
  const strided: ConvolutionGeometry = {
    ...geometryOf(8, [16, 16], [64, 3], [3, 3, 3, 3], 7),
    inputDilations: [2, 2],
    outputHeight: 31,
    outputWidth: 31,
  };

  it.each(TARGETS)("is walked by the rule, for %s", (target) => {
    expect(algorithmsOf(convolution(geometryOf(8, [16, 16], [32, 32])), target)[0]).toBe("winograd");
    expect(algorithmsOf(convolution(few), target)[0]).toBe("planar");
    expect(algorithmsOf(convolution(strided), target)[0]).toBe("scatter");
    const pixels: ConvolutionGeometry = {
      ...geometryOf(8, [16, 16], [1024, 512], [0, 0, 0, 0], 1),
      inputDilations: [2, 2],
      outputHeight: 31,
      outputWidth: 32,
    };
    expect(algorithmsOf(convolution(pixels), target)[0]).toBe("phases");
    expect(algorithmsOf(convolution({ ...pixels, strides: [2, 1] }), target)).not.toContain("phases");
    expect(algorithmsOf(convolution({ ...pixels, inputDilations: [5, 5] }), target)).not.toContain("phases");
    const grouped = { ...strided, outputChannels: 64, groups: 8 };
    expect(algorithmsOf(convolution(grouped), target)[0]).toBe("phases");
    expect(algorithmsOf(convolution({ ...few, groups: 1, strides: [2, 2] }), target)).not.toContain("planar");
    const dense = { ...geometryOf(1, [1, 64], [200, 100], [0, 0, 0, 0], 1) };
    expect(algorithmsOf(convolution(dense), target)[0]).toBe("few rows");
    expect(algorithmsOf(convolution(dense), target, { isPrepared: true })).not.toContain("few rows");
    for (const [rows, inner] of [
      [512, 2000],
      [64, 100],
    ]) {
      const other = { ...geometryOf(1, [1, rows], [inner, 100], [0, 0, 0, 0], 1) };
      expect(algorithmsOf(convolution(other), target)[0]).toBe("direct");
    }
    expect(algorithmsOf(filterGradient(geometryOf(8, [16, 16], [32, 32])), target)[0]).toBe("winograd");
    const products = geometryOf(8, [16, 16], [256, 256], [0, 0, 0, 0], 1);
    expect(algorithmsOf(filterGradient(products), target)[0]).toBe("direct");
    expect(algorithmsOf(filterGradient(geometryOf(16, [3, 3], [512, 512])), target)[0]).toBe("small images");
    expect(algorithmsOf(filterGradient(few), target)[0]).toBe("planar");
  });

  it("has direct convolution of pairs where operands may be rounded", () => {
    const wide = geometryOf(1, [8, 8], [64, 64]);
    expect(algorithmsOf(convolution(wide), "avx512", { precision: "bfloat16" })[0]).toBe("direct");
    expect(
      algorithmsOf(convolution(geometryOf(8, [30, 30], [64, 64])), "avx512", { precision: "bfloat16" })[0],
    ).toBe("winograd");
  });
});
