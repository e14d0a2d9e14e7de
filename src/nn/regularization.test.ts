/** @file Regularizers and constraints: their formulas, and their effect on a training. */
import { describe, expect, it } from "vitest";
import { floatArray } from "../tensor/array.ts";
import { fixtureCases } from "../testing/fixtures.ts";
import { checkFixture, describeTolerance, expectWithin } from "../ops/testing/check-fixture.ts";
import { constraintOf } from "./constraints.ts";
import * as constraints from "./constraints.ts";
import { activation, add, conv2d, dense, layerFromConfig } from "./layers/index.ts";
import { model, sequential, type Model } from "./model.ts";
import { sgd } from "./optimizers/index.ts";
import { regularizerOf } from "./regularizers.ts";
import * as regularizers from "./regularizers.ts";
import { input } from "./symbolic.ts";

const TOLERANCE = { relative: 2e-6, absolute: 5e-7 };

describe.each(["l1", "l2", "l1l2"])("%s", (op) => {
  it.each(fixtureCases("regularization", op).map((one) => [one.name, one] as const))(
    `equals PyTorch in penalty and gradient within ${describeTolerance(TOLERANCE)}: %s`,
    (_, one) => {
      const { penalty } = regularizerOf("test", { name: op, config: one.params });
      checkFixture(one, ([x]) => penalty(x), TOLERANCE);
    },
  );
});

describe.each(["maxNorm", "nonNeg", "unitNorm", "minMaxNorm"])("%s", (op) => {
  it.each(fixtureCases("regularization", op).map((one) => [one.name, one] as const))(
    `equals PyTorch in value and gradient within ${describeTolerance(TOLERANCE)}: %s`,
    (_, one) => {
      const { apply } = constraintOf("test", { name: op, config: one.params });
      checkFixture(one, ([w]) => apply(w), TOLERANCE);
    },
  );
});

const x = floatArray([1, 2, 3, -1], [2, 2]);
const y = floatArray([1, 0], [2, 1]);

/** y = 3·x₀ - 4·x₁ without bias: outputs -5 and 13, errors -6 and 13, mean squared error (36 + 169) / 2 = 102.5. */
function unit(options: Partial<Parameters<typeof dense>[0]>): Model {
  const made = sequential([dense({ units: 1, useBias: false, inputShape: [2], ...options })], { threads: 1 });
  made.setWeights(new Map([["dense_1/kernel", floatArray([3, -4], [2, 1])]]));
  made.compile({ optimizer: sgd({ learningRate: 0.01 }), loss: "meanSquaredError" });
  return made;
}

const kernelOf = (made: Model) => [...(made.getWeights().get("dense_1/kernel")?.data ?? [])];

describe("a kernel's regularizer", () => {
  it("is part of the loss that training and evaluation report, and pulls the weights", async () => {
    const made = unit({ kernelRegularizer: regularizers.l1l2({ l1: 0.5, l2: 0.1 }) });
    // 0.5·(3 + 4) + 0.1·(9 + 16) = 6
    expect((await made.evaluate(x, y)).loss).toBeCloseTo(108.5, 4);
    const { loss } = await made.fit(x, y, { batchSize: 2, epochs: 1 });
    expect(loss[0]).toBeCloseTo(108.5, 4);
    // d mse = (2/2)·Σ error·x = [-6 + 39, -12 - 13]; with 0.5·sign(w) + 0.2·w: [33 + 1.1, -25 - 1.3]
    expectWithin(kernelOf(made), [3 - 0.341, -4 + 0.263], { relative: 1e-6, absolute: 0 }, "kernel");
  });

  it("does not depend on the batch size, as the penalty is no mean over examples", async () => {
    const made = unit({ kernelRegularizer: regularizers.l2({ l2: 0.1 }) });
    expect((await made.evaluate(x, y, { batchSize: 1 })).loss).toBeCloseTo(105, 4);
    expect((await made.evaluate(x, y, { batchSize: 2 })).loss).toBeCloseTo(105, 4);
  });

  it("counts while the layer is trained, and not while it is frozen, as in Keras", async () => {
    const made = unit({ kernelRegularizer: "l2" });
    expect((await made.evaluate(x, y)).loss).toBeCloseTo(102.75, 4);
    made.freeze("dense_1");
    expect((await made.evaluate(x, y)).loss).toBeCloseTo(102.5, 4);
    made.unfreeze("dense_1");
    expect((await made.evaluate(x, y)).loss).toBeCloseTo(102.75, 4);
  });

  it("counts once for a layer that is used twice", async () => {
    const shared = dense({ units: 1, useBias: false, kernelRegularizer: "l2" });
    const [a, b] = [input({ shape: [2] }), input({ shape: [2] })];
    const made = model(
      { inputs: [a, b], outputs: add().apply([shared.apply(a), shared.apply(b)]) },
      { threads: 1 },
    );
    made.setWeights(new Map([["dense_1/kernel", floatArray([3, -4], [2, 1])]]));
    made.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    // Outputs -10 and 26: (121 + 676) / 2 = 398.5, and 0.01·25.
    expect((await made.evaluate([x, x], y)).loss).toBeCloseTo(398.75, 3);
  });

  it("counts in a network that is a layer of another as in itself", async () => {
    const inner = unit({ kernelRegularizer: "l2", kernelConstraint: "unitNorm" });
    const image = input({ shape: [2] });
    const outer = model({ inputs: image, outputs: inner.apply(image) }, { threads: 1 });
    outer.compile({ optimizer: sgd({ learningRate: 0.01 }), loss: "meanSquaredError" });
    expect((await outer.evaluate(x, y)).loss).toBeCloseTo(102.75, 4);
    await outer.fit(x, y, { epochs: 1 });
    expect(Math.hypot(...kernelOf(inner))).toBeCloseTo(1, 6);
  });

  it("leaves loss and weights of a model without one as they are, bit for bit", async () => {
    const [plain, regularized] = [unit({}), unit({ kernelRegularizer: regularizers.l2({ l2: 0 }) })];
    const histories = [await plain.fit(x, y, { epochs: 3 }), await regularized.fit(x, y, { epochs: 3 })];
    expect(histories[0].loss).toEqual(histories[1].loss);
    expect(kernelOf(plain)).toEqual(kernelOf(regularized));
  });
});

describe("an activity regularizer", () => {
  it("is the penalty on the outputs divided by the number of examples, of any layer", async () => {
    const made = unit({ activityRegularizer: regularizers.l2({ l2: 0.1 }) });
    // 0.1·(25 + 169) / 2 = 9.7
    expect((await made.evaluate(x, y)).loss).toBeCloseTo(112.2, 4);
    const behind = sequential(
      [
        dense({ units: 1, useBias: false, inputShape: [2] }),
        activation({ activation: "relu", activityRegularizer: "l1" }),
      ],
      { threads: 1 },
    );
    behind.setWeights(new Map([["dense_1/kernel", floatArray([3, -4], [2, 1])]]));
    behind.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    // Outputs 0 and 13: (1 + 169) / 2, and 0.01·13 / 2.
    expect((await behind.evaluate(x, y)).loss).toBeCloseTo(85.065, 4);
  });
});

describe("a kernel's constraint", () => {
  it("is applied after each update, to weights that are trained", async () => {
    const made = unit({ kernelConstraint: "unitNorm" });
    await made.fit(x, y, { batchSize: 2, epochs: 1 });
    // [3 - 0.33, -4 + 0.25] has the norm 4.6035…
    const norm = Math.hypot(2.67, 3.75);
    expectWithin(kernelOf(made), [2.67 / norm, -3.75 / norm], { relative: 1e-6, absolute: 0 }, "kernel");
  });

  it("leaves weights alone that are frozen, and those of other layers", async () => {
    const made = sequential(
      [
        dense({ units: 2, inputShape: [2], kernelConstraint: "nonNeg", kernelInitializer: "randomNormal" }),
        dense({ units: 2, kernelConstraint: "nonNeg", kernelInitializer: "randomNormal" }),
        dense({ units: 1, kernelInitializer: "randomNormal" }),
      ],
      { threads: 1, seed: 3 },
    );
    made.compile({ optimizer: sgd({ learningRate: 1e-6 }), loss: "meanSquaredError" });
    const signs = (name: string) => Math.min(...(made.getWeights().get(`${name}/kernel`)?.data ?? []));
    expect([signs("dense_1"), signs("dense_2"), signs("dense_3")].every((least) => least < 0)).toBe(true);
    made.freeze("dense_1");
    await made.fit(x, y, { epochs: 1 });
    expect(signs("dense_1")).toBeLessThan(0);
    expect(signs("dense_2")).toBe(0);
    expect(signs("dense_3")).toBeLessThan(0);
    made.unfreeze("dense_1");
    await made.fit(x, y, { epochs: 1 });
    expect(signs("dense_1")).toBe(0);
  });
});

describe("options", () => {
  /** As JavaScript would call it. */
  const denseWith = (options: object) => () => dense({ units: 1, ...options } as never);

  it("are names, what the functions make, or the stored form, and travel in the config", () => {
    const layer = conv2d({
      filters: 1,
      kernelSize: 3,
      kernelRegularizer: "l2",
      biasConstraint: constraints.maxNorm({ maxValue: 3 }),
      activityRegularizer: regularizers.l1({ l1: 0.5 }),
    });
    expect(layer.config).toMatchObject({
      kernelRegularizer: { name: "l2", config: { l2: 0.01 } },
      biasConstraint: { name: "maxNorm", config: { maxValue: 3, axis: 0 } },
      activityRegularizer: { name: "l1", config: { l1: 0.5 } },
    });
    const stored = JSON.parse(JSON.stringify({ className: layer.className, config: layer.config }));
    expect(layerFromConfig(stored).config).toEqual(layer.config);
    expect(
      Object.keys(dense({ units: 1 }).config).filter((name) => /Regularizer|Constraint/.test(name)),
    ).toEqual([]);
  });

  it("have Keras' defaults; l1l2 has 0 for what is left out", () => {
    expect(regularizerOf("test", "l1l2").config).toEqual({ l1: 0.01, l2: 0.01 });
    expect(regularizers.l1l2({ l2: 0.3 }).config).toEqual({ l1: 0, l2: 0.3 });
    expect(constraintOf("test", "minMaxNorm").config).toEqual({ minValue: 0, maxValue: 1, rate: 1, axis: 0 });
  });

  it("are refused with what was meant", () => {
    expect(denseWith({ kernelRegularizer: "l3" })).toThrow(
      /dense: kernelRegularizer must be one of l1, l2, l1l2, .*; got "l3"/,
    );
    expect(denseWith({ kernelConstraint: "maxnorm" })).toThrow(/got "maxnorm"; did you mean "maxNorm"\?/);
    expect(denseWith({ biasRegularizer: 0.01 })).toThrow(/dense: biasRegularizer must be .*; got 0.01/);
    expect(denseWith({ kernelRegulariser: "l2" })).toThrow(/did you mean "kernelRegularizer"\?/);
    expect(() => regularizers.l2({ l2: -1 })).toThrow(/l2: l2 must not be negative; got -1/);
    expect(() => constraints.minMaxNorm({ minValue: 2 })).toThrow(/minValue must not be above maxValue/);
    expect(denseWith({ kernelRegularizer: { name: "l2", config: { factor: 1 } } })).toThrow(
      /l2: .*got "factor"/,
    );
    const made = dense({ units: 1, kernelConstraint: constraints.unitNorm({ axis: 2 }), inputShape: [3] });
    expect(() => sequential([made])).toThrow(/layer dense_1: .*axis must be in -2 … 1; got 2/);
  });

  it("may be given as undefined", () => {
    expect(denseWith({ kernelRegularizer: undefined, kernelConstraint: undefined })).not.toThrow();
  });
});
