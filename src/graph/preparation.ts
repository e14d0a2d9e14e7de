/**
 * @file Which calls of a program compute the same in every run: those that need nothing but constants and weights that the program
 * leaves as they are. Filters that are packed or transformed and normalisations that are folded are most of them. They run once, and again
 * only after the weights have changed.
 */
import type { Buffer } from "./buffer.ts";
import type { KernelCall } from "./kernel-call.ts";
import type { Slab } from "./slab.ts";

export interface PreparedCalls {
  /** Run before the first run, and again after a slab has changed that they read. Their results keep their memory. */
  readonly preparation: readonly KernelCall[];
  /** All others, in order. */
  readonly calls: readonly KernelCall[];
}

/** Bytes that prepared results may take, all together. Beyond it the largest are computed in each run. */
const MOST_BYTES = 1 << 28;

/**
 * Parts the calls of a program. Buffers that the calls of each run read of the preparation become memory of their own.
 * @param changing the buffers and slabs that are written anew for each run: by who runs the program, by other programs, or by itself
 */
export function prepareOnce(
  calls: readonly KernelCall[],
  { inputs, slabs }: { readonly inputs: readonly Buffer[]; readonly slabs: ReadonlySet<Slab> },
  mostBytes = MOST_BYTES,
): PreparedCalls {
  const changing = new Set(inputs);
  const changingSlabs = new Set([...slabs, ...slabsOf(calls.flatMap(({ writes }) => writes))]);
  for (;;) {
    spread(calls, changing, changingSlabs);
    const preparation = calls.filter((call) => !changes(call, changing, changingSlabs));
    const prepared = new Set(preparation);
    const rest = calls.filter((call) => !prepared.has(call));
    const results = resultsFor(preparation, rest);
    if (bytesOf(results) <= mostBytes) {
      for (const buffer of results) if (buffer.home.kind === "scratch") buffer.home = { kind: "own" };
      return { preparation, calls: rest };
    }
    changing.add(results.reduce((largest, one) => (one.words > largest.words ? one : largest)));
  }
}

/** The slabs that buffers are parts of. */
export function slabsOf(buffers: readonly Buffer[]): ReadonlySet<Slab> {
  return new Set(buffers.flatMap(({ home }) => (home.kind === "slab" ? [home.slab] : [])));
}

/** Adds what is written by calls that read what changes, until nothing is left to add: a buffer may have several writers. */
function spread(calls: readonly KernelCall[], changing: Set<Buffer>, changingSlabs: ReadonlySet<Slab>): void {
  for (let before = -1; before !== changing.size;) {
    before = changing.size;
    for (const call of calls) {
      if (changes(call, changing, changingSlabs)) for (const buffer of call.writes) changing.add(buffer);
    }
  }
}

function changes(
  { reads, writes }: KernelCall,
  changing: ReadonlySet<Buffer>,
  changingSlabs: ReadonlySet<Slab>,
): boolean {
  return [...reads, ...writes].some(
    (buffer) => changing.has(buffer) || (buffer.home.kind === "slab" && changingSlabs.has(buffer.home.slab)),
  );
}

/** The buffers that the preparation writes for others to read, and the outputs that it writes. */
function resultsFor(preparation: readonly KernelCall[], rest: readonly KernelCall[]): readonly Buffer[] {
  const read = new Set(rest.flatMap(({ reads }) => reads));
  const written = new Set(preparation.flatMap(({ writes }) => writes));
  return [...written].filter((buffer) => read.has(buffer) || buffer.home.kind === "own");
}

function bytesOf(buffers: readonly Buffer[]): number {
  return buffers.reduce((sum, { words }) => sum + words, 0) * Float32Array.BYTES_PER_ELEMENT;
}
