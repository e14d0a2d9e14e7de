import { describe, expect, it } from "vitest";
import { mix32 } from "../../random/generator.ts";
import type { TargetName } from "../../runtime/target.ts";
import { floatArray, intArray, type FloatArray } from "../../tensor/array.ts";
import { sizeOf } from "../../tensor/shape.ts";
import { KERNEL_TARGETS } from "../../testing/check-operation.ts";
import { expectClose } from "../../testing/compare.ts";
import { fixtureCases } from "../../testing/fixtures.ts";
import { averagePooling2d, conv2d, dense, flatten } from "../layers/index.ts";
import { sequential, type Model } from "../model.ts";
import { adam } from "../optimizers/index.ts";

const [fixture] = fixtureCases("lenet5-training", "lenet5Training");
const number = (name: string) => Number(fixture.params[name]);
const BATCH = number("batch");

/** The formula of tools/oracle/README.md. */
function formula(offset: number, count: number, limit: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => ((mix32(offset + i) / 4294967296) * 2 - 1) * limit);
}

function lenet5(target: TargetName, threads: number): Model {
  const model = sequential(
    [
      conv2d({ filters: 6, kernelSize: 5, padding: "same", activation: "tanh", inputShape: [28, 28, 1] }),
      averagePooling2d({ poolSize: 2 }),
      conv2d({ filters: 16, kernelSize: 5, activation: "tanh" }),
      averagePooling2d({ poolSize: 2 }),
      flatten(),
      dense({ units: 120, activation: "tanh" }),
      dense({ units: 84, activation: "tanh" }),
      dense({ units: 10 }),
    ],
    { target, threads },
  );
  let offset = 0;
  const weights = new Map<string, FloatArray>();
  for (const [path, { shape }] of model.getWeights()) {
    const size = sizeOf(shape);
    const window = sizeOf(shape.slice(0, -2));
    const limit = Math.sqrt(6 / (window * shape[shape.length - 2] + window * shape[shape.length - 1]));
    const isKernel = path.endsWith("kernel");
    weights.set(path, floatArray(isKernel ? formula(offset, size, limit) : new Float32Array(size), shape));
    if (isKernel) offset += size;
  }
  model.setWeights(weights);
  return model;
}

async function trainTenSteps(target: TargetName, threads: number) {
  const model = lenet5(target, threads);
  const learningRate = number("learningRate");
  const [beta1, beta2, epsilon] = ["beta1", "beta2", "epsilon"].map(number);
  model.compile({
    optimizer: adam({ learningRate, beta1, beta2, epsilon }),
    loss: "softmaxCrossEntropy",
  });
  const x = floatArray(formula(number("inputOffset"), BATCH * 784, 1), [BATCH, 28, 28, 1]);
  const labels = Int32Array.from({ length: BATCH }, (_, i) => mix32(number("labelOffset") + i) % 10);
  const y = intArray(labels, [BATCH]);
  const { loss } = await model.fit(x, y, { epochs: number("steps"), batchSize: BATCH, shuffle: false });
  return { loss, weights: model.getWeights() };
}

describe("ten steps of LeNet-5", () => {
  it.each([...KERNEL_TARGETS, "reference" as const])(
    "have PyTorch's losses within 1e-4 on %s",
    async (target) => {
      const { loss } = await trainTenSteps(target, 1);
      loss.forEach((value, step) => {
        expectClose([value], [fixture.output.data[step]], 1e-4, `loss of step ${step}`);
      });
      expect(loss.length).toBe(10);
    },
    120_000,
  );

  it.each(KERNEL_TARGETS)("give the same bits with 1, 2 and 3 threads on %s", async (target) => {
    const one = await trainTenSteps(target, 1);
    for (const threads of [2, 3]) {
      const several = await trainTenSteps(target, threads);
      expect(several.loss).toEqual(one.loss);
      for (const [path, { data }] of one.weights) {
        expect(several.weights.get(path)?.data, `${path} with ${threads} threads`).toEqual(data);
      }
    }
  });
});
