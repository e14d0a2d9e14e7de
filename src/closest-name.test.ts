import { describe, expect, it } from "vitest";
import { closestName } from "./closest-name.ts";

describe("closestName", () => {
  const names = ["mnist", "fashion-mnist", "digits"];
  it.each([
    ["minst", "mnist"],
    ["mnst", "mnist"],
    ["MNIST", "mnist"],
    ["fashion_mnist", "fashion-mnist"],
    ["fasion-mnits", "fashion-mnist"],
    ["digit", "digits"],
    ["cifar10", undefined],
    ["", undefined],
  ])("%s → %s", (name, expected) => {
    expect(closestName(name, names)).toBe(expected);
  });
});
