import { expect, it } from "vitest";
import { exampleNumbers, fraction, positiveNumber, wholeNumber } from "./option-values.ts";

it("reads whole numbers from a least one on", () => {
  expect(wholeNumber(1)("64")).toBe(64);
  for (const text of ["0", "-1", "1.5", "1e3", "", "ten", "99999999999999999"]) {
    expect(() => wholeNumber(1)(text), text).toThrow("whole number, 1 or more");
  }
});

it("reads numbers above zero", () => {
  expect(["0.001", "1e-3"].map(positiveNumber)).toEqual([0.001, 0.001]);
  for (const text of ["0", "-1", "", "Infinity", "NaN"]) {
    expect(() => positiveNumber(text), text).toThrow("above 0");
  }
});

it("reads fractions", () => {
  expect(["0", "0.1"].map(fraction)).toEqual([0, 0.1]);
  for (const text of ["1", "-0.1", "10%", " "]) expect(() => fraction(text), text).toThrow("below 1");
});

it("reads ranges of examples, both ends included", () => {
  expect(exampleNumbers("7")).toEqual([7]);
  expect(exampleNumbers("0..3,17")).toEqual([0, 1, 2, 3, 17]);
  for (const text of ["", "3..1", "a", "1..", "-1", "0..99999999"]) {
    expect(() => exampleNumbers(text), text).toThrow("numbers or ranges");
  }
});
