import { describe, expect, it } from "vitest";
import { AuricleError } from "../../errors.ts";
import {
  constantLearningRate,
  cosineDecay,
  exponentialDecay,
  linearWarmup,
  oneCycle,
  piecewiseConstantDecay,
  reduceOnPlateau,
  SCHEDULE_NAMES,
  scheduleFromConfig,
  stepDecay,
  type ScheduleConfig,
} from "./index.ts";

/** A schedule as a file written by someone else may hold it. */
function parsed(json: string): ScheduleConfig {
  return JSON.parse(json);
}

const SCHEDULES = [
  constantLearningRate({ learningRate: 0.3 }),
  stepDecay({ initialLearningRate: 0.3, decaySteps: 2, decayRate: 0.5 }),
  exponentialDecay({ initialLearningRate: 0.3, decaySteps: 2, decayRate: 0.5 }),
  piecewiseConstantDecay({ boundaries: [1, 4], values: [0.3, 0.2, 0.1] }),
  cosineDecay({ initialLearningRate: 0.3, decaySteps: 8, alpha: 0.1 }),
  cosineDecay({ initialLearningRate: 0, decaySteps: 5, warmupTarget: 0.3, warmupSteps: 3 }),
  linearWarmup({
    schedule: linearWarmup({
      schedule: exponentialDecay({ initialLearningRate: 0.3, decaySteps: 3, decayRate: 0.9 }),
      warmupSteps: 2,
      initialLearningRate: 0.1,
    }),
    warmupSteps: 3,
  }),
  oneCycle({ maxLearningRate: 0.3, totalSteps: 9, pctStart: 0.4, divFactor: 10, finalDivFactor: 50 }),
  reduceOnPlateau({
    initialLearningRate: 0.3,
    factor: 0.5,
    patience: 2,
    mode: "max",
    minDelta: 0.01,
    cooldown: 1,
    minLearningRate: 0.1,
  }),
];

describe("schedules through JSON", () => {
  it.each(SCHEDULES)("$name $config comes back and gives the same learning rates", (schedule) => {
    const restored = scheduleFromConfig(parsed(JSON.stringify(schedule)));
    expect(restored.name).toBe(schedule.name);
    expect(restored.config).toEqual(schedule.config);
    for (let step = 0; step < 12; step++) expect(restored.at(step)).toBe(schedule.at(step));
  });

  it("covers every schedule", () => {
    expect(new Set(SCHEDULES.map(({ name }) => name))).toEqual(new Set(SCHEDULE_NAMES));
  });

  it.each([
    {
      json: '{"name":"oneCycle","config":{"maxLearningRate":1}}',
      message: /oneCycle: totalSteps .* got nothing/,
    },
    {
      json: '{"name":"constantLearningRate","config":{"learningRate":"1"}}',
      message: /learningRate .* got "1"/,
    },
    {
      json: '{"name":"piecewiseConstantDecay","config":{"boundaries":3}}',
      message: /a list of numbers; got 3/,
    },
    {
      json: '{"name":"piecewiseConstantDecay","config":{"boundaries":[null],"values":[1,2]}}',
      message: /boundaries\[0\] .* got null/,
    },
    {
      json: '{"name":"linearWarmup","config":{"schedule":"cosine"}}',
      message: /a stored schedule; got "cosine"/,
    },
    {
      json: '{"name":"linearWarmup","config":{"schedule":{"name":"cyclic","config":{}}}}',
      message: /schedule: name must be one of .*oneCycle.*; got "cyclic"/,
    },
    {
      json:
        '{"name":"reduceOnPlateau","config":{"initialLearningRate":1,"factor":0.5,"patience":3,' +
        '"mode":"auto","minDelta":0,"cooldown":0,"minLearningRate":0}}',
      message: /mode must be min or max; got "auto"/,
    },
    { json: '{"name":"toString","config":{}}', message: /got "toString"/ },
    { json: '{"name":"onecycle","config":{}}', message: /got "onecycle"; did you mean "oneCycle"\?/ },
    {
      json: '{"name":"constantLearningRate","config":{"learningRate":1,"decay":2}}',
      message: /constantLearningRate: options are learningRate; got "decay"/,
    },
    {
      json: '{"name":"cosineDecay","config":{"initialLearningRate":1,"decaySteps":2,"warmupSteps":3}}',
      message: /warmupTarget must be/,
    },
  ])("refuses $json", ({ json, message }) => {
    expect(() => scheduleFromConfig(parsed(json))).toThrow(AuricleError);
    expect(() => scheduleFromConfig(parsed(json))).toThrow(message);
  });
});
