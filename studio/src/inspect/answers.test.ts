import { expect, it } from "vitest";
import { answersOf } from "./answers.ts";

const classNames = ["low", "middle", "high"];

it("sorts probabilities, and keeps numbers in their order", () => {
  const classes = answersOf({ task: "tagging", classNames }, [0.1, 0.2, 0.7], 2);
  expect(classes.bars).toEqual([
    { name: "high", value: 0.7 },
    { name: "middle", value: 0.2 },
  ]);
  expect([classes.limit, classes.format(0.7)]).toEqual([1, "70.0 %"]);
  const numbers = answersOf({ task: "regression", classNames }, [3, 440.25, -1]);
  expect(numbers.bars.map(({ value }) => value)).toEqual([3, 440.25, -1]);
  expect([numbers.limit, numbers.format(440.25)]).toEqual([undefined, "440"]);
});
