import { describe, expect, it } from "vitest";
import { shownValue } from "./shown-value.ts";

class Filter {}

describe("shownValue", () => {
  it.each([
    [undefined, "nothing"],
    [null, "null"],
    [NaN, "NaN"],
    [-0.5, "-0.5"],
    [12n, "12"],
    [Symbol("here"), "Symbol(here)"],
    [() => 1, "a function"],
    ['a "word"', '"a \\"word\\""'],
    [[3, 3], "[3,3]"],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9], "[1,2,3,4,5,6,7,8,…]"],
    [{}, "{}"],
    [{ filters: 8, size: [3, [4]] }, '{"filters":8,"size":[3,[…]]}'],
    [Object.create(null), "{}"],
    [new Float32Array(3), "Float32Array"],
    [new Filter(), "Filter"],
  ])("shows %o as %s", (value: unknown, text) => expect(shownValue(value)).toBe(text));

  it("stays short, ends in an ellipsis, and cuts no character in two", () => {
    expect(shownValue("🎵".repeat(200))).toBe(`"${"🎵".repeat(98)}…`);
    expect([...shownValue(Array.from({ length: 8 }, () => "x".repeat(100)))]).toHaveLength(100);
  });

  it("does not follow circles, nor go through what is not shown", () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    expect(shownValue(circle)).toBe('{"self":{"self":{…}}}');
    expect(shownValue(new Proxy(new Array(1e6).fill(0), {}))).toBe("[0,0,0,0,0,0,0,0,…]");
  });
});
