import { describe, expect, it } from "vitest";
import { Slab } from "../../graph/slab.ts";
import { Arena } from "../../runtime/arena.ts";
import type { TargetName } from "../../runtime/target.ts";
import { KERNEL_TARGETS } from "../../testing/check-operation.ts";
import { expectClose } from "../../testing/compare.ts";
import { fixtureCases, type FixtureCase } from "../../testing/fixtures.ts";
import { cosineDecay } from "../schedules/index.ts";
import {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamw,
  nadam,
  OPTIMIZER_NAMES,
  optimizerFromConfig,
  optimizerOf,
  rmsprop,
  sgd,
  type Optimizer,
} from "./index.ts";
import { updateRanges, type PlacedWeight, type UpdateRange } from "./ranges.ts";
import type { OptimizerName } from "./registry.ts";
import { UpdateProgram } from "./update-program.ts";

interface Trial {
  readonly weights: Slab;
  step(gradients: ArrayLike<number>, learningRate: number): void;
}

const words = (numbers: ArrayLike<number>) => Float32Array.from(numbers);

function trial(
  optimizer: Optimizer,
  initial: ArrayLike<number>,
  ranges?: readonly UpdateRange[],
  target?: TargetName,
): Trial {
  const weights = new Slab("weights", words(initial));
  const gradients = new Slab("gradients", new Float32Array(initial.length));
  const slots = optimizer.slots.map((name) => new Slab(name, new Float32Array(initial.length)));
  const whole = [{ start: 0, length: initial.length, decay: true }];
  const options = { arena: new Arena(), threads: 1, target };
  const program = new UpdateProgram(optimizer, { weights, gradients, slots }, ranges ?? whole, options);
  let count = 0;
  return {
    weights,
    step(values, learningRate) {
      gradients.edit().set(values);
      program.apply(learningRate, count++, program.gradientNorm());
    },
  };
}

const CASES = OPTIMIZER_NAMES.flatMap((op) =>
  fixtureCases("optimizer", op).map((one) => [`${op} ${one.name}`, op, one] as const),
);

function optimizerOfCase(name: OptimizerName, params: FixtureCase["params"]): Optimizer {
  const defaults = optimizerOf(name);
  return optimizerFromConfig({ name, config: { ...defaults.config, ...params } });
}

describe.each([...KERNEL_TARGETS, "reference" as const])(
  "optimizers on %s, within 2e-6 of Keras'",
  (target) => {
    it.each(CASES)("%s", (title, op, { params, inputs, output }) => {
      const [initial, gradients] = inputs;
      const size = initial.data.length;
      const { weights, step } = trial(optimizerOfCase(op, params), initial.data, undefined, target);
      for (let t = 0; t < gradients.shape[0]; t++) {
        step(gradients.data.subarray(t * size, (t + 1) * size), Number(params.learningRate));
        const expected = output.data.subarray(t * size, (t + 1) * size);
        expectClose(weights.view(), expected, 2e-6, `${title}, step ${t}`);
      }
    });
  },
);

describe("options of all optimizers", () => {
  it("clips every element", () => {
    const { weights, step } = trial(sgd({ clipValue: 1 }), [0, 0, 0]);
    step([5, -0.5, -3], 1);
    expect([...weights.view()]).toEqual([-1, 0.5, 1]);
  });

  it("clips by the norm of all gradients together", () => {
    const { weights, step } = trial(sgd({ clipNorm: 1 }), [0, 0]);
    step([3, 4], 1); // norm 5, so scaled by 1/5
    expectClose(weights.view(), [-0.6, -0.8], 1e-6, "clipped");
    step([0.5, 0], 1); // norm 0.5: left alone
    expectClose(weights.view(), [-1.1, -0.8], 1e-6, "not clipped");
  });

  it("decays and regularises only where weights decay", () => {
    const ranges = [
      { start: 0, length: 1, decay: true },
      { start: 1, length: 1, decay: false },
    ];
    const decayed = trial(sgd({ weightDecay: 0.5 }), [2, 2], ranges);
    decayed.step([1, 1], 0.1); // 2 - 0.1·0.5·2 - 0.1 = 1.8; 2 - 0.1 = 1.9
    expectClose(decayed.weights.view(), [1.8, 1.9], 1e-6, "weightDecay");
    const regularised = trial(sgd({ l2: 0.5 }), [2, 2], ranges);
    regularised.step([1, 1], 0.1); // 2 - 0.1·(1 + 0.5·2) = 1.8
    expectClose(regularised.weights.view(), [1.8, 1.9], 1e-6, "l2");
  });

  it("leaves what lies outside the ranges as it is", () => {
    const { weights, step } = trial(adam(), [1, 1, 1], [{ start: 1, length: 1, decay: true }]);
    step([1, 1, 1], 0.1);
    expect([weights.view()[0], weights.view()[2]]).toEqual([1, 1]);
    expect(weights.view()[1]).toBeLessThan(1);
  });

  it("gives a norm that is not finite when a gradient is not", () => {
    const slab = (name: string) => new Slab(name, new Float32Array(3));
    const gradients = slab("gradients");
    const slabs = { weights: slab("weights"), gradients, slots: [] };
    const range = { start: 0, length: 3, decay: true };
    const program = new UpdateProgram(sgd(), slabs, [range], { arena: new Arena(), threads: 1 });
    gradients.edit().set([3, 0, 4]);
    expect(program.gradientNorm()).toBe(5);
    gradients.edit()[1] = NaN;
    expect(program.gradientNorm()).toBeNaN();
    gradients.edit()[1] = -Infinity;
    expect(program.gradientNorm()).toBe(Infinity);
  });

  it("refuses values that make no sense", () => {
    expect(() => adam({ learningRate: -1 })).toThrow("adam: learningRate must be 0 or more; got -1");
    expect(() => sgd({ clipNorm: 1, clipValue: 1 })).toThrow("sgd: give clipValue or clipNorm, not both");
    expect(() => sgd({ nesterov: true })).toThrow(/nesterov needs a momentum above 0/);
    expect(() => adamw({ beta2: 1 })).toThrow("adamw: beta2 must be above 0 and below 1; got 1");
    const name = "lion" as OptimizerName;
    expect(() => optimizerOf(name)).toThrow(/must be one of sgd, rmsprop, .*, nadam; got "lion"$/);
    const misspelt = "adamX" as OptimizerName;
    expect(() => optimizerOf(misspelt)).toThrow('got "adamX"; did you mean "adam"?');
    const uncalled = adam as unknown;
    expect(() => optimizerOf(uncalled as Optimizer)).toThrow(/got a function; call it: adam\(\)/);
  });

  it("refuses a bare number, options that there are not, and stored ones likewise", () => {
    const rate: unknown = 0.5;
    expect(() => sgd(rate as object)).toThrow("as sgd({ learningRate: 0.5 }); got 0.5");
    const options: object = { lr: 0.5 };
    expect(() => nadam(options)).toThrow(
      /nadam: options are learningRate, .*; did you mean "learningRate"\?/,
    );
    const config = { ...adam().config, beta3: 0.5 };
    expect(() => optimizerFromConfig({ name: "adam", config })).toThrow('got "beta3"; did you mean "beta1"?');
    expect(() => optimizerFromConfig({ name: "sgd", config: { learningRate: "0.1" } })).toThrow(
      'sgd: learningRate must be a number, 0 or more, or a stored schedule; got "0.1"',
    );
    expect(() => optimizerFromConfig({ name: "adam", config: { ...adam().config, amsgrad: 1 } })).toThrow(
      "adam: amsgrad must be true or false; got 1",
    );
  });

  it.each([
    sgd({ momentum: 0.9, nesterov: true, clipNorm: 2 }),
    rmsprop({ rho: 0.8, momentum: 0.1, l2: 0.25 }),
    adam({ learningRate: cosineDecay({ initialLearningRate: 0.1, decaySteps: 10 }), clipValue: 3 }),
    rmsprop({ centered: true }),
    adam({ amsgrad: true }),
    adamw({ weightDecay: 0.125, beta1: 0.5 }),
    adagrad({ initialAccumulatorValue: 0.5 }),
    adadelta({ rho: 0.5 }),
    adamax({ beta2: 0.5 }),
    nadam({ epsilon: 1e-3 }),
  ])("comes back from JSON: $name", (optimizer) => {
    const { name, config }: Optimizer = optimizer;
    const back = optimizerFromConfig({ name, config: JSON.parse(JSON.stringify(config)) });
    expect(JSON.stringify(back.config)).toBe(JSON.stringify(config));
    expect(back.scalars(0.1, 3)).toEqual(optimizer.scalars(0.1, 3));
    expect(back.schedule.at(4)).toBe(optimizer.schedule.at(4));
  });
});

describe("update ranges", () => {
  const weight = (offset: number, length: number, decay: boolean): PlacedWeight => ({
    offset,
    shape: [length],
    decay,
  });

  it("joins neighbours of one kind, padding to 16 words included", () => {
    const weights = [weight(0, 16, true), weight(16, 20, true), weight(48, 5, false), weight(64, 1, false)];
    expect(updateRanges(weights, 80)).toEqual([
      { start: 0, length: 48, decay: true },
      { start: 48, length: 32, decay: false },
    ]);
  });

  it("leaves out a frozen weight between two others", () => {
    const weights = [weight(0, 16, true), weight(32, 16, true)];
    expect(updateRanges(weights, 48).map(({ start }) => start)).toEqual([0, 32]);
  });
});

describe("an update", () => {
  it("is one kernel for each range, writing in place", () => {
    const slab = (name: string) => new Slab(name, new Float32Array(64));
    const slabs = { weights: slab("w"), gradients: slab("g"), slots: [slab("m"), slab("v")] };
    const ranges = [
      { start: 0, length: 32, decay: true },
      { start: 32, length: 32, decay: false },
    ];
    const program = new UpdateProgram(adamw(), slabs, ranges, { arena: new Arena(), threads: 1 });
    expect(program.updateReport.calls.length).toBe(2);
  });
});

describe("rates by layer", () => {
  it.each(OPTIMIZER_NAMES)("scale the whole update of a stretch, weight decay included: %s", (name) => {
    const made = optimizerFromConfig({
      name,
      config: { ...optimizerOf(name).config, learningRate: 0.1, weightDecay: 0.1 },
    });
    const ranges = [
      { start: 0, length: 1, decay: true },
      { start: 1, length: 1, decay: true, rate: 0.25 },
    ];
    const { weights, step } = trial(made, [2, 2], ranges);
    step([0.5, 0.5], 0.1);
    const [whole, part] = [...weights.view()].map((value) => 2 - value);
    expect(whole).not.toBe(0);
    expect(part).toBeCloseTo(whole / 4, 6);
  });

  it("part stretches of other rates, and are kept with the optimizer", () => {
    const places = [
      { offset: 0, shape: [16], decay: true, layer: "conv2d_1" },
      { offset: 16, shape: [16], decay: true, layer: "conv2d_2" },
      { offset: 32, shape: [16], decay: true, layer: "dense_1" },
    ];
    expect(updateRanges(places, 48)).toEqual([{ start: 0, length: 48, decay: true }]);
    expect(updateRanges(places, 48, { conv2d_1: 0.1, conv2d_2: 0.1 })).toEqual([
      { start: 0, length: 32, decay: true, rate: 0.1 },
      { start: 32, length: 16, decay: true },
    ]);
    const layerRates = { conv2d_1: 0.1 };
    const stored = optimizerFromConfig({ name: "sgd", config: sgd({ layerRates }).config });
    expect(stored.layerRates).toEqual(layerRates);
    expect(() => sgd({ layerRates: { dense_1: -1 } })).toThrow("layerRates.dense_1 must be");
  });
});
