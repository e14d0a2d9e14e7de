/** @file Convolutions and pooling against PyTorch's values and gradients (tools/oracle). */
import { describe, it } from "vitest";
import { z } from "zod";
import { compile } from "../graph/compile.ts";
import type { Tensor } from "../graph/tensor.ts";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { expectClose } from "../testing/compare.ts";
import { fixtureCases, type FixtureCase } from "../testing/fixtures.ts";
import { multiply } from "./arithmetic.ts";
import { conv1d, conv2d } from "./convolution.ts";
import { depthwiseConv2d } from "./depthwise.ts";
import { gradients } from "./gradients.ts";
import { pad } from "./pad.ts";
import { averagePool1d, averagePool2d, maxPool1d, maxPool2d } from "./pooling.ts";
import { sum } from "./sum.ts";
import { conv1dTranspose, conv2dTranspose } from "./transposed-convolution.ts";

/** The fixtures are float64's, rounded once: what is allowed is the error of summing in float32. */
const RELATIVE = 2e-6;

const perAxis = z.array(z.int());
const explicit = z.array(z.tuple([z.int(), z.int()]));
const convolutionOptions = z.strictObject({
  strides: perAxis,
  padding: z.union([z.enum(["valid", "same", "causal"]), explicit]),
  dilationRate: perAxis,
  groups: z.int(),
});
const depthwiseOptions = convolutionOptions.omit({ groups: true });
const padding = z.union([z.enum(["valid", "same"]), explicit]);
const transposedOptions = z.strictObject({
  strides: perAxis,
  padding,
  dilationRate: perAxis.optional(),
  groups: z.int().optional(),
  outputPadding: perAxis.optional(),
});
const poolingOptions = z.strictObject({
  poolSize: perAxis,
  strides: perAxis,
  padding,
  dilationRate: perAxis.optional(),
  ceil: z.boolean().optional(),
});
const averagePoolingOptions = poolingOptions.extend({ countIncludePad: z.boolean().optional() });
const padOptions = z.strictObject({
  padding: explicit,
  mode: z.enum(["reflect", "symmetric", "edge", "wrap"]),
});

type Apply = (inputs: readonly Tensor[], params: unknown) => Tensor;

const FILES: Record<string, Record<string, Apply>> = {
  convolution: {
    conv1d: ([x, filter], params) => conv1d(x, filter, convolutionOptions.parse(params)),
    conv2d: ([x, filter], params) => conv2d(x, filter, convolutionOptions.parse(params)),
    depthwiseConv2d: ([x, filter], params) => depthwiseConv2d(x, filter, depthwiseOptions.parse(params)),
  },
  "transposed-convolution": {
    conv1dTranspose: ([x, filter], params) => conv1dTranspose(x, filter, transposedOptions.parse(params)),
    conv2dTranspose: ([x, filter], params) => conv2dTranspose(x, filter, transposedOptions.parse(params)),
  },
  pad: {
    pad: ([x], params) => {
      const { padding: sides, mode } = padOptions.parse(params);
      return pad(x, sides, mode);
    },
  },
  pooling: {
    maxPool1d: ([x], params) => maxPool1d(x, poolingOptions.parse(params)),
    maxPool2d: ([x], params) => maxPool2d(x, poolingOptions.parse(params)),
    avgPool1d: ([x], params) => averagePool1d(x, averagePoolingOptions.parse(params)),
    avgPool2d: ([x], params) => averagePool2d(x, averagePoolingOptions.parse(params)),
  },
};

function check(one: FixtureCase, apply: Apply): void {
  const { inputs, output, outputGradient, inputGradients = [], params } = one;
  if (!outputGradient) throw new RangeError(`${one.op} ${one.name}: the fixture must have gradients`);
  const specs = [...inputs, outputGradient].map(({ shape }) => shape);
  for (const target of [...KERNEL_TARGETS, "reference" as const]) {
    const run = compile(
      (...tensors: Tensor[]) => {
        const sources = tensors.slice(0, inputs.length);
        const result = apply(sources, params);
        const weighted = sum(multiply(result, tensors[inputs.length]));
        return [result, ...gradients(weighted, sources)];
      },
      specs,
      { target, threads: 1 },
    );
    const [result, ...found] = run(...inputs, outputGradient);
    expectClose(result.data, output.data, RELATIVE, `${one.op} ${one.name} on ${target}`);
    found.forEach((gradient, i) => {
      const expected = inputGradients[i];
      if (!expected) throw new RangeError(`${one.op} ${one.name}: no gradient of input ${i}`);
      const what = `${one.op} ${one.name} on ${target}: gradient of input ${i}`;
      expectClose(gradient.data, expected.data, RELATIVE, what);
    });
  }
}

for (const [file, operations] of Object.entries(FILES)) {
  for (const [name, apply] of Object.entries(operations)) {
    describe(`${name} equals PyTorch's within ${RELATIVE}, value and gradients`, () => {
      it.each(fixtureCases(file, name).map((one) => [one.name, one] as const))("%s", (_, one) =>
        check(one, apply),
      );
    });
  }
}
