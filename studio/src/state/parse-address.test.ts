import { expect, it } from "vitest";
import { addressText, choice, flag, number, numbers, parseAddress, text, whole } from "./parse-address.ts";

it("reads a path and what stands after it, and writes the same again", () => {
  const place = parseAddress("#/learn/convolution?stride=2&weights=-1,0,1");
  expect(place.path).toBe("/learn/convolution");
  expect(place.query.get("weights")).toBe("-1,0,1");
  expect(addressText(place)).toBe("#/learn/convolution?stride=2&weights=-1,0,1");
});

it.each(["", "#", "#section", "#?a=1"])("takes %j for the first view", (hash) => {
  expect(parseAddress(hash).path).toBe("/");
});

it.each([
  [whole(1, 1, 4), ["2", 2], ["2.5", undefined], ["", undefined], ["9", undefined], ["NaN", undefined]],
  [number(0, -1, 1), ["-0.5", -0.5], ["Infinity", undefined], ["x", undefined]],
  [choice("a", ["a", "b"]), ["b", "b"], ["c", undefined], ["__proto__", undefined]],
  [flag(false), ["1", true], ["0", false], ["yes", undefined]],
  [
    numbers([], 3),
    ["1,-2,0.5", [1, -2, 0.5]],
    ["1,,2", undefined],
    ["1,2,3,4", undefined],
    ["1,x", undefined],
  ],
  [text("", 3), ["abc", "abc"], ["abcd", undefined]],
] as const)("reads values of a parameter and leaves out others: %#", (parameter, ...cases) => {
  for (const [written, value] of cases) expect(parameter.read(written)).toEqual(value);
});

it("writes numbers that are read as the same to three decimals", () => {
  expect(numbers([], 9).write([1 / 3, -2, 0])).toBe("0.333,-2,0");
});
