import { expect, it } from "vitest";
import { confusionOf, numberFigures, tagCase, tagFigures } from "./tested.ts";

it("counts answers by class", () => {
  const examples = [
    { truth: [1], outputs: [0.2, 0.8] },
    { truth: [0], outputs: [0.1, 0.9] },
    { truth: [0], outputs: [0.6, 0.4] },
    // Of a class that the model does not know.
    { truth: [7], outputs: [0.6, 0.4] },
  ];
  expect(confusionOf(examples, 2)).toEqual([
    [1, 1],
    [0, 1],
  ]);
});

it("counts tags, with precision and recall", () => {
  const examples = [
    { truth: [1, 0], outputs: [0.9, 0.1] },
    { truth: [1, 0], outputs: [0.5, 0.1] },
    { truth: [1, 0], outputs: [0.4, 0.1] },
    { truth: [0, 0], outputs: [0.8, 0.1] },
    { truth: [0, 0], outputs: [0.2, 0.1] },
  ];
  expect(examples.map((example) => tagCase(example, 0))).toEqual([
    "hit",
    "hit",
    "miss",
    "false alarm",
    "rightly not",
  ]);
  const { precision, recall } = tagFigures(examples, 0);
  expect([precision, recall]).toEqual([2 / 3, 2 / 3]);
  expect(tagFigures(examples, 0, 0.85)).toMatchObject({ precision: 1, recall: 1 / 3 });
  const none = tagFigures(examples, 1);
  expect([none.precision, none.recall]).toEqual([Number.NaN, Number.NaN]);
});

it("measures numbers beside always answering the mean", () => {
  const examples = [
    { truth: [0, 10], outputs: [0, 12] },
    { truth: [0, 20], outputs: [0, 17] },
    { truth: [0, 30], outputs: [0, 31] },
  ];
  expect(numberFigures(examples, 1)).toEqual({ meanError: 2, baseline: 20 / 3 });
});
