import { expect, test } from "vitest";
import { compareWithGuessing, guessingLoss } from "./answers.ts";

const rows = (...values: number[]) => Float32Array.from(values);

test("compares logits of classes with always answering the shares of the classes", () => {
  // Two classes, three examples of the first and one of the second; logits [0, 0]: probabilities 0.5.
  const figures = compareWithGuessing({
    kind: "classes",
    outputs: new Float32Array(8),
    targets: rows(1, 0, 1, 0, 1, 0, 0, 1),
    width: 2,
  });
  // ln 2 against -(0.75 ln 0.75 + 0.25 ln 0.25) = 0.5623
  expect(figures?.loss).toBeCloseTo(Math.LN2, 6);
  expect(figures?.guessLoss).toBeCloseTo(0.562335, 5);
  expect(figures?.guessAccuracy).toBe(0.75);
  expect(figures).toMatchObject({ spread: 0, agreement: 0, examples: 4 });
});

test("perfect answers have spread and agreement 1", () => {
  const figures = compareWithGuessing({
    kind: "classes",
    outputs: rows(100, 0, 0, 100, 100, 0),
    targets: rows(1, 0, 0, 1, 1, 0),
    width: 2,
  });
  expect(figures?.spread).toBeCloseTo(1, 5);
  expect(figures?.agreement).toBeCloseTo(1, 5);
  expect(figures?.accuracy).toBe(1);
});

test("numbers: the loss of guessing is the variance of the targets", () => {
  const figures = compareWithGuessing({
    kind: "values",
    outputs: rows(2, 2, 2),
    targets: rows(1, 2, 3),
    width: 1,
  });
  expect(figures?.loss).toBeCloseTo(2 / 3, 6);
  expect(figures?.guessLoss).toBeCloseTo(2 / 3, 6);
});

test("the loss of guessing from shares, with label smoothing", () => {
  expect(guessingLoss("classes", [0.25, 0.25, 0.25, 0.25])).toBeCloseTo(Math.log(4), 12);
  // 0.9 · [1, 0] + 0.1 / 2 = [0.95, 0.05]
  expect(guessingLoss("classes", [1, 0], 0.1)).toBeCloseTo(
    -(0.95 * Math.log(0.95) + 0.05 * Math.log(0.05)),
    12,
  );
  expect(guessingLoss("yes-or-no", [0.5, 0.5])).toBeCloseTo(Math.LN2, 12);
  expect(guessingLoss("values", [3])).toBe(1);
});

test("targets without any difference give no figures", () => {
  expect(
    compareWithGuessing({ kind: "classes", outputs: rows(1, 2), targets: rows(1, 0), width: 2 }),
  ).toBeUndefined();
});
