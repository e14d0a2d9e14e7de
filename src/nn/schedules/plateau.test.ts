import { describe, expect, it } from "vitest";
import {
  isMonitoringSchedule,
  oneCycle,
  reduceOnPlateau,
  type MonitoringSchedule,
  type PlateauState,
} from "./index.ts";

function ratesAfter(schedule: MonitoringSchedule, values: readonly number[]): number[] {
  return values.map((value) => {
    schedule.observe(value);
    return schedule.at(0);
  });
}

/** Keras keeps the learning rate in float32. */
function inFloat32(values: readonly number[]): number[] {
  return values.map(Math.fround);
}

const LOSSES = [1, 0.9, 0.95, 0.9, 0.9, 0.89995, 0.89, 0.89, 0.89, 0.89, 0.89, 0.89, 0.89, 0.89, 0.5, 0.6];

/*
 * Keras 3.15.1, callbacks.ReduceLROnPlateau: `model.optimizer.learning_rate` after `on_epoch_end(i, {"v":
 * value})` for each value, with the arguments of each test.
 */
describe("reduceOnPlateau equals Keras' ReduceLROnPlateau", () => {
  it("down to the least learning rate", () => {
    // mode="min", factor=.5, patience=2, min_delta=1e-3, cooldown=0, min_lr=.02, from 0.1
    const schedule = reduceOnPlateau({
      initialLearningRate: 0.1,
      factor: 0.5,
      patience: 2,
      minDelta: 1e-3,
      minLearningRate: 0.02,
    });
    expect(inFloat32(ratesAfter(schedule, LOSSES))).toEqual(
      inFloat32([
        0.1, 0.1, 0.1, 0.05, 0.05, 0.025, 0.025, 0.025, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02,
      ]),
    );
  });

  it("with a cooldown", () => {
    // mode="min", factor=.5, patience=2, min_delta=1e-3, cooldown=2, min_lr=0, from 0.1
    const schedule = reduceOnPlateau({
      initialLearningRate: 0.1,
      factor: 0.5,
      patience: 2,
      minDelta: 1e-3,
      cooldown: 2,
    });
    expect(inFloat32(ratesAfter(schedule, LOSSES))).toEqual(
      inFloat32([
        0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05, 0.05, 0.025, 0.025, 0.025, 0.0125, 0.0125, 0.0125, 0.0125,
        0.0125,
      ]),
    );
  });

  it("on a value that should rise", () => {
    // mode="max", factor=.1, patience=3, min_delta=1e-2, cooldown=1, min_lr=0, from 1
    const schedule = reduceOnPlateau({
      initialLearningRate: 1,
      mode: "max",
      patience: 3,
      minDelta: 1e-2,
      cooldown: 1,
    });
    expect(inFloat32(ratesAfter(schedule, [0.2, 0.3, 0.3, 0.3005, 0.29, 0.6, 0.6, 0.6, 0.6]))).toEqual(
      inFloat32([1, 1, 1, 1, 0.1, 0.1, 0.1, 0.1, 0.01]),
    );
  });
});

describe("reduceOnPlateau", () => {
  it("counts NaN and infinities as no improvement, also when they come first", () => {
    const schedule = reduceOnPlateau({ initialLearningRate: 1, factor: 0.5, patience: 2 });
    // NaN: wait 1; 3 is the first best: wait 0; NaN, -∞: wait 2, halve; 2 improves.
    expect(ratesAfter(schedule, [NaN, 3, NaN, -Infinity, 2, 5])).toEqual([1, 1, 1, 0.5, 0.5, 0.5]);
    expect(schedule.state().best).toBe(2);
  });

  it("goes on from its state, saved as JSON at any moment, with the same bits", () => {
    const make = () =>
      reduceOnPlateau({ initialLearningRate: 0.1, factor: 0.5, patience: 2, minDelta: 1e-3, cooldown: 2 });
    const uninterrupted = ratesAfter(make(), LOSSES);
    for (let cut = 0; cut <= LOSSES.length; cut++) {
      const before = make();
      const rates = ratesAfter(before, LOSSES.slice(0, cut));
      const saved: PlateauState = JSON.parse(JSON.stringify(before.state()));
      const after = make();
      after.restore(saved);
      expect([...rates, ...ratesAfter(after, LOSSES.slice(cut))]).toEqual(uninterrupted);
    }
  });

  it("is told apart from schedules of the step", () => {
    expect(isMonitoringSchedule(reduceOnPlateau({ initialLearningRate: 1 }))).toBe(true);
    expect(isMonitoringSchedule(oneCycle({ maxLearningRate: 1, totalSteps: 5 }))).toBe(false);
  });

  it("refuses parameters and states that make no sense", () => {
    expect(() => reduceOnPlateau({ initialLearningRate: 1, factor: 1 })).toThrow(
      /reduceOnPlateau: factor must be above 0 and below 1; got 1/,
    );
    expect(() => reduceOnPlateau({ initialLearningRate: 1, patience: 0 })).toThrow(/patience .*; got 0/);
    const schedule = reduceOnPlateau({ initialLearningRate: 1 });
    expect(() => schedule.restore({ ...schedule.state(), wait: -1 })).toThrow(/wait of the state .*; got -1/);
    const broken: PlateauState = JSON.parse('{"learningRate":1,"best":"low","wait":0,"cooldown":0}');
    expect(() => schedule.restore(broken)).toThrow(/best of the state .*; got "low"/);
    expect(schedule.state()).toEqual({ learningRate: 1, best: null, wait: 0, cooldown: 0 });
  });
});
