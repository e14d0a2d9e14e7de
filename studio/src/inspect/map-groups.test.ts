import { expect, it } from "vitest";
import { groupingsOf, type MapPoint } from "./map-groups.ts";

const point = (outputs: readonly number[], example: MapPoint["example"] = {}): MapPoint => ({
  outputs: Float32Array.from(outputs),
  example,
});

it("divides by true and by answered class, and by folders that are classes in their colours", () => {
  const points = [
    point([0.9, 0.1], { truth: [1], folder: "snare" }),
    point([0.2, 0.8], { truth: [1], folder: "kick" }),
  ];
  const found = groupingsOf({ task: "classification", classNames: ["kick", "snare"] }, points);
  expect(found).toEqual([
    { key: "folder", text: "folder", names: ["kick", "snare"], groups: [1, 0] },
    { key: "truth", text: "true class", names: ["kick", "snare"], groups: [1, 1] },
    { key: "answer", text: "answered class", names: ["kick", "snare"], groups: [0, 1] },
  ]);
});

it("leaves out what says nothing: one folder, no truth", () => {
  const found = groupingsOf({ task: "classification", classNames: ["a"] }, [point([1], { folder: "x" })]);
  expect(found.map(({ key }) => key)).toEqual(["answer"]);
});

it("divides by each tag, and by thirds of each number", () => {
  const tags = groupingsOf({ task: "tagging", classNames: ["loud"] }, [point([0.7]), point([0.1])]);
  expect(tags).toEqual([{ key: "0", text: "answered loud", names: ["not loud", "loud"], groups: [1, 0] }]);
  const points = [5, 1, 3, 2, 4, 6].map((value) => point([0], { truth: [value] }));
  const [{ text, names, groups }] = groupingsOf({ task: "regression", classNames: ["pitch"] }, points);
  expect([text, names]).toEqual(["true pitch", ["below 3", "3 to 5", "from 5 on"]]);
  expect(groups).toEqual([2, 0, 1, 0, 1, 2]);
});
