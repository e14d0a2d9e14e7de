import { expect } from "vitest";

/**
 * Expects two arrays to agree: NaN and infinities at the same places, other numbers within
 * `relative`·max(|expected|, scale), where scale is the largest magnitude expected. On failure it names the worst element.
 */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  relative: number,
  what: string,
): void {
  expect(actual.length, `${what}: number of elements`).toBe(expected.length);
  let scale = 0;
  for (let i = 0; i < expected.length; i++) {
    if (Number.isFinite(expected[i])) scale = Math.max(scale, Math.abs(expected[i]));
  }
  let worst = -1;
  let worstError = 0;
  for (let i = 0; i < expected.length; i++) {
    const same = Object.is(actual[i], expected[i]) || actual[i] === expected[i];
    const finite = Number.isFinite(actual[i]) && Number.isFinite(expected[i]);
    const error = same ? 0 : finite ? Math.abs(actual[i] - expected[i]) : Infinity;
    if (error > worstError) {
      worst = i;
      worstError = error;
    }
  }
  const allowed = relative * Math.max(scale, 1e-30);
  if (worstError > allowed) {
    expect.fail(
      `${what}: element ${worst} is ${actual[worst]}, expected ${expected[worst]}; error ${worstError.toExponential(2)}, allowed ${allowed.toExponential(2)}`,
    );
  }
}
