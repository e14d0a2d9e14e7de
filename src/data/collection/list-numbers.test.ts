import { describe, expect, it } from "vitest";
import { plainNumber, readNumberColumn } from "./list-numbers.ts";

const NBSP = "\u00a0";
const NARROW = "\u202f";
const THIN = "\u2009";

const read = (values: readonly unknown[]) =>
  readNumberColumn(values.map((value, i) => ({ where: `line ${i + 2}`, value })));

describe("a column of numbers", () => {
  it.each([
    [
      ["1", "2.5", "-3e2", ".5", "+4", " 7 "],
      [1, 2.5, -300, 0.5, 4, 7],
    ],
    [
      ["0,5", "12,25", "3"],
      [0.5, 12.25, 3],
    ],
    // A number with separators of thousands does not begin with 0.
    [
      ["0,123", "4,567"],
      [0.123, 4.567],
    ],
    [
      ["1.234,5", "1.234"],
      [1234.5, 1234],
    ],
    [
      ["1,234.5", "1,234"],
      [1234.5, 1234],
    ],
    [
      ["1,234,567", "-12"],
      [1234567, -12],
    ],
    [
      ["1.234.567", "12"],
      [1234567, 12],
    ],
    [
      ["1'234.5", "1’234"],
      [1234.5, 1234],
    ],
    [
      ["1 234,5", `12${NBSP}345,5`, `1${NARROW}234`, `1${THIN}234`],
      [1234.5, 12345.5, 1234, 1234],
    ],
    [
      ["1 234", "56"],
      [1234, 56],
    ],
    [
      ["−5", "6,5"],
      [-5, 6.5],
    ],
    [
      [1, "2.5", 1e300],
      [1, 2.5, 1e300],
    ],
  ])("%j is %j", (values, numbers) => {
    expect(read(values)).toMatchObject({ kind: "numbers", numbers, unit: "" });
  });

  it.each([
    [["50 %", "12,5 %"], "%"],
    [["50%", `12.5${NBSP}%`], "%"],
    [["440 Hz", "880Hz"], "Hz"],
    [["3 m/s²", "4 m/s²"], "m/s²"],
  ])("%j has the unit %s", (values, unit) => {
    const column = read(values);
    expect(column).toMatchObject({ kind: "numbers", unit });
    expect(column.kind === "numbers" && column.note).toMatch(/their unit, ".*", is left out/);
  });

  it("says how it was read, unless that is plain", () => {
    const noteOf = (values: readonly unknown[]) => {
      const column = read(values);
      return column.kind === "numbers" ? column.note : column.kind;
    };
    expect(noteOf(["1.5", "2"])).toBeUndefined();
    expect(noteOf(["2", "0,5"])).toBe('the numbers are read with decimal commas, "0,5" as 0.5');
    expect(noteOf(["1.234,5"])).toMatch(/decimal commas and points between thousands, "1.234,5" as 1234.5/);
    expect(noteOf(["1'234"])).toMatch(/^the numbers are read with apostrophes between thousands/);
    expect(noteOf(["1.234", "5.678"])).toMatch(/read with a decimal point, as 1.234/);
  });

  it.each([
    [["12", "1,234"], 'line 3: "1,234" may be 1234 or 1.234'],
    [["0.5", "0,5"], 'line 3: "0,5" is not written as "0.5" in line 2 is'],
    [["120", "130 bpm"], 'line 3: "130 bpm" has a different unit from "120" in line 2'],
    [["1.2.3", "1.2.4"], 'line 2: "1.2.3" is not written as a number'],
    [["12,34,567"], 'line 2: "12,34,567" is not written as a number'],
  ])("%j is unclear: %s", (values, problem) => {
    const column = read(values);
    expect(column).toMatchObject({ kind: "unclear" });
    expect(column.kind === "unclear" && column.problem).toContain(problem);
  });

  it.each([
    [["1", "2", "n/a"], 2, "n/a"],
    [["rock", "2"], 1, "rock"],
    [["1st", "2nd", "3rd"], 0, "1st"],
    [["", "5"], 1, ""],
    [["0x10"], 0, "0x10"],
    [["5-10", "Infinity", "1/2"], 0, "5-10"],
    [[[1], 2], 1, [1]],
    [[NaN], 0, NaN],
    [["9".repeat(400)], 0, "9".repeat(400)],
  ])("%j is text", (values, numeric, other) => {
    expect(read(values)).toMatchObject({ kind: "text", numeric, other: { value: other } });
  });
});

it("reads one number in plain notation alone", () => {
  expect([5, "5", "1.234", "1,5", "5 Hz", "", null, [5], Infinity].map(plainNumber)).toEqual([
    5,
    5,
    1.234,
    ...new Array<number>(6).fill(NaN),
  ]);
});
