import { describe, expect, it } from "vitest";
import { AuricleError } from "../../errors.ts";
import { Generator } from "../../random/generator.ts";
import { sizeOf } from "../../tensor/shape.ts";
import { FUZZ_SEED, FUZZ_TIMES } from "../../testing/fuzz.ts";
import { mutateBytes } from "../../testing/mutate-bytes.ts";
import { openZip } from "../zip/read-zip.ts";
import { readStateDict } from "./read-state-dict.ts";
import { archive, name, oneTensor, pickle, tensor, text } from "./testing/archives.ts";

const CASES = 3000 * FUZZ_TIMES;

const STORAGES = { "0": new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer), "1": new Uint8Array(16) };

const PICKLES = [
  pickle(
    ...[0x80, 2, name("collections.OrderedDict"), ")", "R", "q\0", "(", text("a"), "q\x01", ...tensor()],
    ...[text("b"), ...tensor({ key: "1", size: [2, 2], stride: [1, 2] }), "u."],
  ),
  openZip(oneTensor({ offset: 1, size: [3] }), "a.pt").read("archive/data.pkl"),
];

/** Instructions of all kinds: a mutation puts them where others were. */
const CODES = [
  ..."(.012FGIJKLMNPQRSTUVX]abcdeghijlopqrstu})",
  ...Array.from({ length: 25 }, (_, i) => String.fromCharCode(0x80 + i)),
];

function mutatePickle(bytes: Uint8Array, generator: Generator): Uint8Array {
  if (generator.integer(3) > 0) return mutateBytes(bytes, generator);
  const changed = bytes.slice();
  for (let count = 1 + generator.integer(4); count > 0; count--) {
    changed[generator.integer(changed.length)] = CODES[generator.integer(CODES.length)].charCodeAt(0);
  }
  return changed;
}

/** True when it was read, consistently; false when it was refused by a message that names the file. */
function readsConsistently(bytes: Uint8Array): boolean {
  let tensors: ReturnType<typeof readStateDict>["tensors"];
  try {
    ({ tensors } = readStateDict(bytes, "fuzzed.pt"));
  } catch (error) {
    if (!(error instanceof AuricleError)) throw error;
    expect(error.code).toBe("file");
    expect(error.message.startsWith("fuzzed.pt: ")).toBe(true);
    return false;
  }
  for (const { shape, data } of tensors.values()) expect(data).toHaveLength(sizeOf(shape));
  return true;
}

function outcomes(make: (round: number, generator: Generator) => Uint8Array): {
  read: number;
  refused: number;
} {
  const generator = new Generator(15 + FUZZ_SEED);
  const counts = { read: 0, refused: 0 };
  for (let round = 0; round < CASES; round++)
    counts[readsConsistently(make(round, generator)) ? "read" : "refused"]++;
  return counts;
}

describe("readStateDict on damaged files", () => {
  it(`${CASES} seeded mutations of pickles are read consistently or refused`, () => {
    const { read, refused } = outcomes((round, generator) =>
      archive(mutatePickle(PICKLES[round % PICKLES.length], generator), STORAGES),
    );
    expect(read).toBeGreaterThan(CASES / 100);
    expect(refused).toBeGreaterThan(CASES / 2);
  });

  it(`${CASES} seeded mutations of archives are read consistently or refused`, () => {
    const originals = PICKLES.map((bytes) => archive(bytes, STORAGES));
    const { read, refused } = outcomes((round, generator) => mutateBytes(originals[round % 2], generator));
    expect(read).toBeGreaterThan(CASES / 100);
    expect(refused).toBeGreaterThan(CASES / 2);
  });
});
