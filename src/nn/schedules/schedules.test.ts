import { describe, expect, it } from "vitest";
import {
  constantLearningRate,
  cosineDecay,
  exponentialDecay,
  linearWarmup,
  oneCycle,
  piecewiseConstantDecay,
  reduceOnPlateau,
  stepDecay,
  type Schedule,
} from "./index.ts";

function expectRates(schedule: Schedule, steps: readonly number[], rates: readonly number[]): void {
  steps.forEach((step, i) => {
    // Relative 1e-12: a few roundings of float64.
    expect(Math.abs(schedule.at(step) - rates[i])).toBeLessThanOrEqual(1e-12 * Math.abs(rates[i]));
  });
}

const firstSteps = (count: number) => Array.from({ length: count }, (_, step) => step);

describe("schedules that fall", () => {
  it("constantLearningRate stays", () => {
    expectRates(constantLearningRate({ learningRate: 0.01 }), [0, 1, 1e9], [0.01, 0.01, 0.01]);
  });

  it("stepDecay multiplies every decaySteps steps", () => {
    const schedule = stepDecay({ initialLearningRate: 0.8, decaySteps: 10, decayRate: 0.5 });
    expectRates(schedule, [0, 9, 10, 19, 20, 35], [0.8, 0.8, 0.4, 0.4, 0.2, 0.1]);
  });

  it("exponentialDecay multiplies smoothly: 0.8 · 0.25^(step/10)", () => {
    const schedule = exponentialDecay({ initialLearningRate: 0.8, decaySteps: 10, decayRate: 0.25 });
    // 0.25^(1/2) = 1/2, so each five steps halve.
    expectRates(schedule, [0, 5, 10, 15, 20], [0.8, 0.4, 0.2, 0.1, 0.05]);
  });

  it("piecewiseConstantDecay counts a boundary to the piece before it", () => {
    // Keras 3.15.1, PiecewiseConstantDecay([2, 5], [1., .5, .1]) at 0 … 7: 1 1 1 .5 .5 .5 .1 .1
    const schedule = piecewiseConstantDecay({ boundaries: [2, 5], values: [1, 0.5, 0.1] });
    expectRates(schedule, firstSteps(8), [1, 1, 1, 0.5, 0.5, 0.5, 0.1, 0.1]);
    expectRates(piecewiseConstantDecay({ boundaries: [], values: [0.3] }), [0, 9], [0.3, 0.3]);
  });
});

describe("cosineDecay", () => {
  it("falls along half a cosine to alpha of its start", () => {
    // 0.1·(0.9·½(1 + cos π·step/100) + 0.1): cos is 1, √½, 0, -√½, -1.
    const schedule = cosineDecay({ initialLearningRate: 0.1, decaySteps: 100, alpha: 0.1 });
    const root = Math.SQRT1_2;
    expectRates(
      schedule,
      [0, 25, 50, 75, 100, 200],
      [0.1, 0.01 + 0.045 * (1 + root), 0.055, 0.01 + 0.045 * (1 - root), 0.01, 0.01],
    );
  });

  it("falls to 0 by default", () => {
    expectRates(cosineDecay({ initialLearningRate: 1, decaySteps: 4 }), [2, 4, 5], [0.5, 0, 0]);
  });

  it("rises first when given a target, as Keras does", () => {
    // Keras 3.15.1, CosineDecay(.01, 100, alpha=.1, warmup_target=.1, warmup_steps=10) at these steps, in
    // float32: 0.01, 0.055, 0.1, 0.055, 0.01, 0.01
    const schedule = cosineDecay({
      initialLearningRate: 0.01,
      decaySteps: 100,
      alpha: 0.1,
      warmupTarget: 0.1,
      warmupSteps: 10,
    });
    expectRates(schedule, [0, 5, 10, 60, 110, 500], [0.01, 0.055, 0.1, 0.055, 0.01, 0.01]);
  });
});

describe("linearWarmup", () => {
  it("rises to where the schedule begins, which then runs from its own step 0", () => {
    const schedule = linearWarmup({
      schedule: stepDecay({ initialLearningRate: 0.4, decaySteps: 2, decayRate: 0.5 }),
      warmupSteps: 4,
    });
    expectRates(schedule, firstSteps(8), [0, 0.1, 0.2, 0.3, 0.4, 0.4, 0.2, 0.2]);
  });

  it("may begin above 0", () => {
    const schedule = linearWarmup({
      schedule: constantLearningRate({ learningRate: 0.5 }),
      warmupSteps: 2,
      initialLearningRate: 0.1,
    });
    expectRates(schedule, [0, 1, 2, 3], [0.1, 0.3, 0.5, 0.5]);
  });

  it("refuses a schedule that does not depend on the step alone", () => {
    const schedule = reduceOnPlateau({ initialLearningRate: 0.1 });
    expect(() => linearWarmup({ schedule, warmupSteps: 3 })).toThrow(/linearWarmup: .*got reduceOnPlateau/);
  });
});

/*
 * PyTorch 2.15.0, OneCycleLR on an SGD optimizer: `param_groups[0]["lr"]` before each of total_steps steps.
 */
describe("oneCycle equals PyTorch's OneCycleLR within 1e-12", () => {
  it("with its defaults", () => {
    // OneCycleLR(optimizer, max_lr=0.1, total_steps=10)
    expectRates(
      oneCycle({ maxLearningRate: 0.1, totalSteps: 10 }),
      firstSteps(10),
      [
        0.0040000000000000036, 0.052000000000000005, 0.1, 0.09504846320134738, 0.0811745653949763,
        0.06112620219362893, 0.03887419780637107, 0.0188258346050237, 0.004951936798652629, 4e-7,
      ],
    );
  });

  it("with other factors", () => {
    // OneCycleLR(optimizer, max_lr=1., total_steps=8, pct_start=.5, div_factor=10., final_div_factor=100.)
    const schedule = oneCycle({
      maxLearningRate: 1,
      totalSteps: 8,
      pctStart: 0.5,
      divFactor: 10,
      finalDivFactor: 100,
    });
    expectRates(
      schedule,
      firstSteps(8),
      [
        0.09999999999999998, 0.32499999999999996, 0.7749999999999999, 1, 0.8536998372026805, 0.5005,
        0.14730016279731956, 0.001,
      ],
    );
  });

  it("without a rise, without a fall, and shorter than its rise", () => {
    // OneCycleLR(optimizer, max_lr=0.1, total_steps=5, pct_start=0.), then (4, pct_start=1.), (3), (1)
    expectRates(
      oneCycle({ maxLearningRate: 0.1, totalSteps: 5, pctStart: 0 }),
      firstSteps(5),
      [0.0904508879153485, 0.0654509879153485, 0.03454941208465151, 0.009549512084651508, 4e-7],
    );
    expectRates(
      oneCycle({ maxLearningRate: 0.1, totalSteps: 4, pctStart: 1 }),
      firstSteps(4),
      [0.0040000000000000036, 0.027999999999999997, 0.076, 0.1],
    );
    expectRates(
      oneCycle({ maxLearningRate: 0.1, totalSteps: 3 }),
      firstSteps(3),
      [0.09944154354509119, 0.046263710266697504, 4e-7],
    );
    expectRates(oneCycle({ maxLearningRate: 0.1, totalSteps: 1 }), [0], [4e-7]);
  });

  it("keeps the last learning rate afterwards, and is finite where PyTorch divides by zero", () => {
    expectRates(oneCycle({ maxLearningRate: 0.1, totalSteps: 10 }), [10, 1000], [4e-7, 4e-7]);
    expectRates(oneCycle({ maxLearningRate: 0.1, totalSteps: 4, pctStart: 1 }), [4, 9], [0.1, 0.1]);
    expectRates(oneCycle({ maxLearningRate: 0.1, totalSteps: 1, pctStart: 1 }), [0, 1], [0.1, 0.1]);
    // A rise of one step that is also the first: the peak at once.
    expectRates(oneCycle({ maxLearningRate: 0.1, totalSteps: 4, pctStart: 0.25 }), [0, 3], [0.1, 4e-7]);
  });
});

/** Options as a program without types gives them. */
function wrong(options: unknown): never {
  return options as never;
}

describe("errors", () => {
  it.each([
    {
      make: () => constantLearningRate({ learningRate: -1 }),
      message: /learningRate must be 0 or more; got -1/,
    },
    {
      make: () => stepDecay({ initialLearningRate: 1, decaySteps: 0, decayRate: 0.5 }),
      message: /stepDecay: decaySteps must be a whole number above 0; got 0/,
    },
    {
      make: () => exponentialDecay({ initialLearningRate: 1, decaySteps: 5, decayRate: 0 }),
      message: /exponentialDecay: decayRate must be above 0; got 0/,
    },
    {
      make: () => piecewiseConstantDecay({ boundaries: [5, 5], values: [1, 2, 3] }),
      message: /boundaries\[1\] = 5 after 5/,
    },
    {
      make: () => piecewiseConstantDecay({ boundaries: [5], values: [1] }),
      message: /1 values, 1 boundaries/,
    },
    {
      make: () => cosineDecay({ initialLearningRate: 1, decaySteps: 5, alpha: 2 }),
      message: /alpha must be in 0 … 1; got 2/,
    },
    {
      make: () => cosineDecay({ initialLearningRate: 1, decaySteps: 5, warmupTarget: 2 }),
      message: /cosineDecay: warmupSteps must be .*; got nothing/,
    },
    {
      make: () => cosineDecay({ initialLearningRate: 1, decaySteps: 5, warmupSteps: 2 }),
      message: /cosineDecay: warmupTarget must be .*; got nothing/,
    },
    {
      make: () => cosineDecay(wrong(0.1)),
      message: /as cosineDecay\(\{ initialLearningRate: 0.1 \}\); got 0.1/,
    },
    {
      make: () => oneCycle(wrong({ maxLearningRate: 1, totalSteps: 2, pct_start: 0.1 })),
      message: /got "pct_start"; did you mean "pctStart"\?/,
    },
    {
      make: () => linearWarmup(wrong({ schedule: 0.1, warmupSteps: 2 })),
      message: /linearWarmup: schedule must be a schedule, .*; got 0.1/,
    },
    { make: () => oneCycle({ maxLearningRate: 1, totalSteps: 2.5 }), message: /totalSteps .*; got 2.5/ },
  ])("$message", ({ make, message }) => {
    expect(make).toThrow(message);
  });

  it.each([-1, NaN, Infinity])("refuse step %d", (step) => {
    expect(() => constantLearningRate({ learningRate: 1 }).at(step)).toThrow(
      `constantLearningRate: step must be 0 or more, the number of updates so far; got ${step}`,
    );
    expect(() => reduceOnPlateau({ initialLearningRate: 1 }).at(step)).toThrow(/reduceOnPlateau: step/);
  });
});
