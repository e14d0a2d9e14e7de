/**
 * @file The multiply-add tile that all convolutions and dense layers spend their time in:
 *
 *   for each step of a run:
 *     for i in rows:   for j in vectors:   accumulator[i][j] += broadcast(a + i·rowBytes) · load(b + j)
 *     a += stepBytes; b += bBytes
 *
 * In a forward pass a row is an output pixel and a step one number of the filter; in a filter gradient a row is
 * one number of the filter and a step an output pixel. The form (products first, then sums; exits between the
 * copies; one pointer increment a step with fixed row offsets) is what V8 turns into code without spills.
 */
import type { Int, KernelBuilder } from "../../machine/builder.ts";
import type { IntExpression, IntVariable, MachineTraits, VectorVariable } from "../../machine/ir.ts";
import { FLOAT_BYTES } from "../kernel.ts";

/** Vectors of a full tile side by side: filters are packed in blocks of this many vectors. */
export const TILE_VECTORS = 2;

/**
 * Most rows for which a step's accumulators, b vectors and broadcasts stay in registers. Without a fused instruction
 * an engine keeps all of a step's broadcasts alive at once, with one product.
 */
export function tileRows(machine: MachineTraits, vectors: number): number {
  const available = machine.vectorRegisters - vectors - 1;
  return Math.min(12, Math.floor(available / (machine.fusedMultiplyAdd ? vectors : vectors + 1)));
}

/**
 * Writes code for the tiles behind the full ones, from place `first` on. Two of one size are a loop: half the code, as most of
 * it is {@link multiplyAddRun}'s copies.
 */
export function forEachRestTile(
  k: KernelBuilder,
  first: number,
  sizes: readonly number[],
  body: (place: IntExpression, size: number) => void,
): void {
  const [size] = sizes;
  if (sizes.length > 1 && sizes.every((other) => other === size)) {
    k.loop(first, first + sizes.length * size, size, (place) => body(place, size));
    return;
  }
  let place = first;
  for (const other of sizes) {
    body(k.int(place), other);
    place += other;
  }
}

/**
 * Most copies of a step in the loop's body, and about how many of a round's multiply-adds pay for its counters: more code
 * takes longer to generate and is no faster.
 */
const MOST_COPIES = 8;
const ROUND_MULTIPLY_ADDS = 36;

export type Tile = readonly (readonly VectorVariable[])[];

export function zeroTile(k: KernelBuilder, rows: number, vectors: number): Tile {
  return Array.from({ length: rows }, () =>
    Array.from({ length: vectors }, () => k.vectorVariable(k.constant(0))),
  );
}

export interface TileRun {
  /** Moves by `stepBytes` each step; ends `steps` steps further. */
  readonly a: IntVariable;
  readonly stepBytes: number;
  /** Byte offsets of the tile's rows from `a`. */
  readonly rowOffsets: readonly number[];
  /** Ends `steps`·bBytes further. */
  readonly b: IntVariable;
  readonly bBytes: number;
  /** Floats of a step's last vector of b. Default: all lanes. */
  readonly lastCount?: number;
  /** At least 1. */
  readonly steps: Int;
  /** Whether each word is a pair of bfloat16 numbers and not a float. Default false. */
  readonly pairs?: boolean;
}

/** Adds one run's products to the tile. */
export function multiplyAddRun(k: KernelBuilder, tile: Tile, run: TileRun): void {
  const vectors = tile[0].length;
  const vectorBytes = k.machine.lanes * FLOAT_BYTES;
  const step = (copy: number) => {
    const b = Array.from({ length: vectors }, (_, j) =>
      k.vectorVariable(
        k.load(run.b, copy * run.bBytes + j * vectorBytes, j === vectors - 1 ? run.lastCount : undefined),
      ),
    );
    tile.forEach((accumulators, i) => {
      const a = k.vectorVariable(k.broadcast(run.a, run.rowOffsets[i]));
      if (run.pairs) {
        accumulators.forEach((accumulator, j) =>
          k.setVector(accumulator, k.multiplyAddPairs(a, b[j], accumulator)),
        );
        return;
      }
      if (k.machine.fusedMultiplyAdd) {
        accumulators.forEach((accumulator, j) =>
          k.setVector(accumulator, k.multiplyAdd(a, b[j], accumulator)),
        );
        return;
      }
      const products = b.map((vector) => k.vectorVariable(k.binary("multiply", a, vector)));
      accumulators.forEach((accumulator, j) =>
        k.setVector(accumulator, k.binary("add", accumulator, products[j])),
      );
    });
  };
  const enough = Math.min(MOST_COPIES, Math.ceil(ROUND_MULTIPLY_ADDS / (tile.length * vectors)));
  const copies = typeof run.steps === "number" ? Math.min(enough, run.steps) : enough;
  const to = k.intVariable(k.add(run.a, k.multiply(run.steps, run.stepBytes)));
  const bEnd = k.intVariable(k.add(run.b, k.multiply(run.steps, run.bBytes)));
  k.unrolledLoop(run.a, to, run.stepBytes, copies, step, () => k.increment(run.b, copies * run.bBytes));
  k.setInt(run.b, bEnd);
}
