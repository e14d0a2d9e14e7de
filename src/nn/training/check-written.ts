/** @file Finds places of a batch that a data set's `read` has left as they were: a training would take an earlier batch's numbers. */
import { AuricleError } from "../../errors.ts";
import type { BatchArrays } from "./batch.ts";

/** Bits of a NaN that no arithmetic gives, and a label that no data set has. */
const UNWRITTEN = 0x7fc0dead;

function wordsOf({ inputs, targets }: BatchArrays): Int32Array[] {
  return [...inputs, ...targets].map(
    ({ buffer, byteOffset, length }) => new Int32Array(buffer, byteOffset, length),
  );
}

/** Marks all places of a batch before it is read. */
export function markUnwritten(batch: BatchArrays): void {
  for (const words of wordsOf(batch)) words.fill(UNWRITTEN);
}

/**
 * Looks for marks that are still there.
 * @param indices the numbers of the batch's examples in the source
 * @throws AuricleError "data" naming the source and the first example that has no number
 */
export function checkWritten(name: string, indices: Uint32Array, batch: BatchArrays): void {
  wordsOf(batch).forEach((words, i) => {
    const place = words.indexOf(UNWRITTEN);
    if (place < 0) return;
    const what = i < batch.inputs.length ? "input" : "target";
    const size = words.length / indices.length;
    throw new AuricleError(
      "data",
      `${name}: read must write every number of the examples that it is asked for; it wrote none at position ` +
        `${place % size} of the ${what} of example ${indices[Math.floor(place / size)]}`,
    );
  });
}
