import { describe, expect, it } from "vitest";
import { scheduleOf } from "./compile-model.ts";
import { imageConfigOf } from "./testing/image-config.ts";
import type { TrainingConfig } from "./training-config.ts";

type Asked = Partial<Pick<TrainingConfig, "schedule" | "scaleLearningRate">>;

const EPOCHS = 20;
const STEPS = 10 * EPOCHS;

/** The learning rate of each step. */
function ratesOf(values: Asked, epochs = EPOCHS): number[] {
  const schedule = scheduleOf({ ...imageConfigOf(), learningRate: 0.01, epochs, ...values }, 10 * epochs);
  return Array.from({ length: 10 * epochs }, (_, step) => schedule.at(step));
}

describe("a scaled learning rate", () => {
  it("rises along a line from the one that was given over 5 epochs, and stays where it was to be constant", () => {
    const rates = ratesOf({ schedule: "constant", scaleLearningRate: 4 });
    expect(rates[0]).toBe(0.01);
    expect(rates[25]).toBeCloseTo(0.025, 12);
    expect(new Set(rates.slice(50))).toEqual(new Set([0.04]));
    expect(new Set(ratesOf({ schedule: "constant", scaleLearningRate: 1 }))).toEqual(new Set([0.01]));
  });

  it("falls along the cosine after the warm-up", () => {
    const rates = ratesOf({ schedule: "cosine", scaleLearningRate: 4 });
    expect([rates[0], rates[50]]).toEqual([0.01, 0.04]);
    expect(Math.max(...rates)).toBe(0.04);
    expect(rates[STEPS - 1]).toBeLessThan(1e-4);
  });

  it("is the highest of one-cycle, whose rise lasts as long at least", () => {
    const highest = (values: Asked, epochs: number) => {
      const rates = ratesOf({ schedule: "one-cycle", ...values }, epochs);
      return { value: Math.max(...rates), step: rates.indexOf(Math.max(...rates)) };
    };
    expect(highest({ scaleLearningRate: 4 }, 20)).toEqual({ value: 0.04, step: 59 });
    expect(highest({ scaleLearningRate: 4 }, 10)).toEqual({ value: 0.04, step: 49 });
    expect(highest({ scaleLearningRate: 1 }, 10)).toEqual({ value: 0.01, step: 29 });
  });

  it("warms up over half of a training that is shorter than ten epochs", () => {
    const rates = ratesOf({ schedule: "constant", scaleLearningRate: 2 }, 4);
    expect([rates[0], rates[10], rates[20]]).toEqual([0.01, 0.015, 0.02]);
  });
});
