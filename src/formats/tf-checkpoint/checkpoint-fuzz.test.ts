import { expect, it } from "vitest";
import { AuricleError } from "../../errors.ts";
import { Generator } from "../../random/generator.ts";
import { FUZZ_SEED, FUZZ_TIMES } from "../../testing/fuzz.ts";
import { mutateBytes } from "../../testing/mutate-bytes.ts";
import { sizeOf } from "../../tensor/shape.ts";
import { readCheckpointIndex, readVariable } from "./index.ts";
import { entryMessage, headerMessage, writeCheckpoint, writeTable } from "./testing/write-checkpoint.ts";

/** 100,000 mutations are AURICLE_FUZZ=20. */
const MUTATIONS = 5000 * FUZZ_TIMES;

const { index: INDEX, data: DATA } = writeCheckpoint({
  "conv/kernel": { shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
  "conv/bias": { shape: [2], data: Float32Array.of(7, 8) },
  scale: { shape: [], data: Float32Array.of(9) },
});

/** A file whose bytes are changed anywhere: its checksums find nearly all of that. */
function changedFile(generator: Generator): Uint8Array {
  return mutateBytes(INDEX, generator);
}

/** A file whose messages and names are changed, and whose checksums are right: what a hostile one would be. */
function hostileFile(generator: Generator): Uint8Array {
  const numbers = [0, 1, 4, 24, 2 ** 31, 2 ** 53, 2 ** 63];
  const any = () => numbers[generator.integer(numbers.length)];
  const entries: [string, Uint8Array][] = [["", headerMessage(generator.integer(3))]];
  for (let i = generator.integer(5); i >= 0; i--) {
    const shape = Array.from({ length: generator.integer(4) }, any);
    const values = DATA.subarray(0, 4 * generator.integer(4));
    const message = entryMessage({
      dtype: generator.integer(20),
      shape,
      offset: any(),
      values,
      bytes: any(),
    });
    const name = "abc".repeat(generator.integer(3)) + String.fromCharCode(97 + generator.integer(26));
    entries.push([name, generator.integer(2) === 0 ? message : mutateBytes(message, generator)]);
  }
  if (generator.integer(4) > 0) entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return writeTable(entries, 1 + generator.integer(3));
}

it(`reads consistently or throws an AuricleError that names the file, for ${MUTATIONS} seeded mutations`, () => {
  const generator = new Generator(FUZZ_SEED + 5);
  const counts = { read: 0, refused: 0 };
  const reading = (read: () => void) => {
    try {
      read();
      counts.read++;
    } catch (error) {
      if (!(error instanceof AuricleError)) throw error;
      expect(error.code).toBe("file");
      expect(error.message.startsWith("fuzzed.index: ")).toBe(true);
      counts.refused++;
    }
  };
  for (let round = 0; round < MUTATIONS; round++) {
    const bytes = generator.integer(2) === 0 ? changedFile(generator) : hostileFile(generator);
    reading(() => {
      const checkpoint = readCheckpointIndex(bytes, "fuzzed.index");
      for (const name of checkpoint.variables.keys()) {
        reading(() => {
          const { shape, data } = readVariable(checkpoint, name, [DATA]);
          expect(data.length).toBe(sizeOf(shape));
          expect(data.byteLength).toBeLessThanOrEqual(DATA.length);
        });
      }
    });
  }
  expect(counts.read).toBeGreaterThan(MUTATIONS / 50);
  expect(counts.refused).toBeGreaterThan(MUTATIONS / 2);
});
