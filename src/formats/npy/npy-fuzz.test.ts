import { describe, expect, it } from "vitest";
import { AuricleError } from "../../errors.ts";
import { Generator } from "../../random/generator.ts";
import { sizeOf } from "../../tensor/shape.ts";
import { FUZZ_SEED, FUZZ_TIMES } from "../../testing/fuzz.ts";
import { mutateBytes } from "../../testing/mutate-bytes.ts";
import { openNpz, readNpy, writeNpy, writeNpz, type NpyArray } from "./index.ts";

const CASES = 4000 * FUZZ_TIMES;

const ARRAYS: [string, NpyArray][] = [
  ["x", { shape: [2, 3], dtype: "float32", data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
  ["y", { shape: [2], dtype: "str", data: ["rock", "jazz"] }],
  ["z", { shape: [0, 4], dtype: "int64", data: new BigInt64Array() }],
];

/** Checks that a damaged file is refused by a message that names it, or that what is read agrees with itself. */
function count(bytes: Uint8Array, read: (bytes: Uint8Array) => NpyArray[], file: string): "read" | "refused" {
  let arrays: NpyArray[];
  try {
    arrays = read(bytes);
  } catch (error) {
    if (!(error instanceof AuricleError)) throw error;
    expect(error.code).toBe("file");
    expect(error.message.startsWith(`${file}: `)).toBe(true);
    return "refused";
  }
  for (const { shape, dtype, data } of arrays) {
    expect(data.length).toBe(sizeOf(shape) * (dtype.startsWith("complex") ? 2 : 1));
    expect(data.length).toBeLessThanOrEqual(2000 * bytes.length);
  }
  return "read";
}

function fuzz(file: string, originals: readonly Uint8Array[], read: (bytes: Uint8Array) => NpyArray[]) {
  const generator = new Generator(90 + FUZZ_SEED);
  const outcomes = { read: 0, refused: 0 };
  for (let round = 0; round < CASES; round++) {
    outcomes[count(mutateBytes(originals[round % originals.length], generator), read, file)]++;
  }
  // Both happen: changed elements are no damage that a reader can see in .npy.
  expect(outcomes.refused).toBeGreaterThan(CASES / 4);
  expect(outcomes.read).toBeGreaterThan(0);
}

describe("readers of NumPy's files on damaged ones", () => {
  it(`.npy: ${CASES} seeded mutations are read consistently or refused`, () => {
    fuzz(
      "fuzzed.npy",
      ARRAYS.map(([, array]) => writeNpy(array)),
      (bytes) => [readNpy(bytes, "fuzzed.npy")],
    );
  });

  it(`.npz: ${CASES} seeded mutations are read consistently or refused`, () => {
    fuzz("fuzzed.npz", [writeNpz(ARRAYS), writeNpz(ARRAYS, { compress: true })], (bytes) => {
      const file = openNpz(bytes, "fuzzed.npz");
      return file.names.map((name) => file.read(name));
    });
  });
});
