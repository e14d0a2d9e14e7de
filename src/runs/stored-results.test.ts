import { expect, it } from "vitest";
import type { Evaluation } from "../report/index.ts";
import { predictionsText, storedResults } from "./stored-results.ts";

const CLASSIFICATION = {
  name: "test",
  task: "classification" as const,
  loss: 0.1,
  accuracy: 1,
  accuracyInterval: [0.5, 1] as const,
  macroF1: 1,
  classes: [],
  confusionMatrix: [],
};

/** Numbers as float32 has them. */
const [third, tiny, tenth] = [Math.fround(1 / 3), Math.fround(1.23e-9), Math.fround(0.1)];

const PICTURES: Evaluation = {
  ...CLASSIFICATION,
  examples: 2,
  results: [
    { id: "a.png", seconds: 0, truth: [1], outputs: [third, 1 - third], windows: [] },
    { id: 'b "2".png', seconds: 0, truth: [0], outputs: [1 - tiny, tiny], windows: [] },
  ],
};

it("probabilities are rounded to a millionth, and pictures have no seconds and no windows", () => {
  expect(storedResults(PICTURES)).toEqual([
    { id: "a.png", truth: [1], outputs: [0.333333, 0.666667] },
    { id: 'b "2".png', truth: [0], outputs: [1, 0] },
  ]);
});

it("clips have their seconds and windows", () => {
  const windows = [{ start: 512 / 22_050, end: 1024 / 22_050, outputs: [third, tenth] }];
  const clip = { id: "a.wav", seconds: 0.5, truth: [0], outputs: [third, tenth], windows };
  expect(storedResults({ ...CLASSIFICATION, examples: 1, results: [clip] })).toEqual([
    {
      id: "a.wav",
      seconds: 0.5,
      truth: [0],
      outputs: [0.333333, 0.1],
      windows: [{ start: 512 / 22_050, end: 1024 / 22_050, outputs: [0.333333, 0.1] }],
    },
  ]);
});

it("numbers of a regression are the same in float32, in as few digits as that takes", () => {
  const values = [tenth, -123_456.79, 1e-20, 16_777_217, third].map(Math.fround);
  const results = [{ id: "a", seconds: 0, truth: values, outputs: values, windows: [] }];
  const [{ truth, outputs }] = storedResults({
    name: "test",
    task: "regression",
    examples: 1,
    loss: 0,
    outputs: [],
    results,
  });
  expect(outputs.map(Math.fround)).toEqual(values);
  expect(truth).toEqual(outputs);
  expect(outputs.map(String)).toEqual(["0.1", "-123456.79", "1e-20", "16777216", "0.33333334"]);
});

it("the file has a line for each example, and is JSON", () => {
  const text = predictionsText([PICTURES, { ...PICTURES, name: "validation", results: [] }]);
  expect(JSON.parse(text)).toEqual({ test: storedResults(PICTURES), validation: [] });
  expect(text.split("\n").filter((line) => line.includes(".png"))).toHaveLength(2);
});
