import { expect, it } from "vitest";
import {
  addressText,
  choice,
  flag,
  number,
  numbers,
  oneOf,
  parseAddress,
  text,
  whole,
  type Parameter,
} from "./parse-address.ts";

it("reads a path and what stands after it, and writes the same again", () => {
  const place = parseAddress("#/learn/convolution?stride=2&weights=-1,0,1");
  expect(place.path).toBe("/learn/convolution");
  expect(place.query.get("weights")).toBe("-1,0,1");
  expect(addressText(place)).toBe("#/learn/convolution?stride=2&weights=-1,0,1");
});

it.each(["", "#", "#section", "#?a=1"])("takes %j for the first view", (hash) => {
  expect(parseAddress(hash).path).toBe("/");
});

it("reads values of a parameter and leaves out others", () => {
  const read = <T>(parameter: Parameter<T>, ...written: string[]) =>
    written.map((text) => parameter.read(text));
  expect(read(whole(1, 1, 4), "2", "2.5", "", "9", "NaN")).toEqual([2, ...Array(4).fill(undefined)]);
  expect(read(number(0, -1, 1), "-0.5", "Infinity", "x")).toEqual([-0.5, undefined, undefined]);
  expect(read(choice("a", ["a", "b"]), "b", "c", "__proto__")).toEqual(["b", undefined, undefined]);
  expect(read(flag(false), "1", "0", "yes")).toEqual([true, false, undefined]);
  expect(read(numbers([], 3), "1,-2,0.5", "1,,2", "1,2,3,4", "1,x", "1,1e10", "NaN,1")).toEqual([
    [1, -2, 0.5],
    ...Array(5).fill(undefined),
  ]);
  expect(read(numbers([], 3, 2), "1,-2", "1,-2.1")).toEqual([[1, -2], undefined]);
  expect(read(oneOf(8, [4, 8, 16]), "16", "12", "", "x", "1e1")).toEqual([16, ...Array(4).fill(undefined)]);
  expect(read(text("", 3), "abc", "abcd")).toEqual(["abc", undefined]);
});

it("writes numbers that are read as the same to three decimals", () => {
  expect(numbers([], 9).write([1 / 3, -2, 0])).toBe("0.333,-2,0");
});
