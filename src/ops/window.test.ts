import { describe, expect, it } from "vitest";
import { paddingForLastWindow, perAxis, resolvePadding, windowCount } from "./window.ts";

/** Returns a call of `fn` with arguments that JavaScript may pass but the types forbid. */
function untyped(fn: (...values: never[]) => unknown, ...values: unknown[]): () => unknown {
  return () => {
    const result: unknown = Reflect.apply(fn, undefined, values);
    return result;
  };
}

describe("the geometry of windows", () => {
  it("refuses padding that is none, in words", () => {
    const resolve = (padding: unknown) => untyped(resolvePadding, padding, [5, 5], [3, 3], [1, 1], "conv2d");
    expect(resolve("Same")).toThrow(/conv2d: padding must be "valid", "same", "causal" or .*got "Same"/);
    expect(resolve(1)).toThrow(/conv2d: explicit padding needs \[before, after\].*got 1/);
    expect(resolve([1, 1])).toThrow(/got \[1,1\]/);
    expect(resolve([[1, 1]])).toThrow(/for each of 2 axes; got \[\[1,1\]\]/);
    expect(
      resolve([
        [0.5, 1],
        [0, 0],
      ]),
    ).toThrow(/whole numbers.*got \[\[0.5,1\],\[0,0\]\]/);
  });

  it("refuses what is no number for each axis", () => {
    const read = (value: unknown) => untyped(perAxis, value, 2, "poolSize", "maxPool2d");
    expect(read(undefined)).toThrow(
      /maxPool2d: poolSize must be a positive integer or 2 of them; got nothing/,
    );
    expect(read("22")).toThrow(/got "22"/);
    expect(read([2])).toThrow(/got \[2\]/);
    expect(read([2, "2"])).toThrow(/got \[2,"2"\]/);
  });

  it("lengthens padding so that the count is PyTorch's with ceil_mode", () => {
    // PyTorch: ceil((length + padding - window) / stride) + 1, less one if that window starts past the input and its padding.
    for (let length = 1; length <= 9; length++)
      for (let window = 1; window <= 5; window++)
        for (let stride = 1; stride <= 6; stride++)
          for (let side = 0; side <= window / 2; side++) {
            let outputs = Math.ceil((length + 2 * side - window) / stride) + 1;
            if ((outputs - 1) * stride >= length + side) outputs--;
            const [before, after] = paddingForLastWindow(length, window, stride, [side, side]);
            const what = JSON.stringify({ length, window, stride, side });
            expect(before, what).toBe(side);
            expect(after, what).toBeGreaterThanOrEqual(side);
            expect(windowCount(length, window, stride, [before, after]), what).toBe(outputs);
          }
  });
});
