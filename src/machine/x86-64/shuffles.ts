/** @file Lanes that change places: sums across a vector, and the transposition of squares. */
import { VECTOR, type VectorInstruction } from "./instructions.ts";
import type { VectorRegister } from "./registers.ts";
import type { LastOperand, VectorContext } from "./vector-context.ts";

/** Four numbers of two bits: of what two neighbouring pairs exchange, and of what neighbours exchange. */
const SWAP_PAIRS = 0x4e;
const SWAP_NEIGHBOURS = 0xb1;

/** Combines halves, then quarters …: each lane comes to hold the same. */
export function emitHorizontal(
  context: VectorContext,
  d: VectorRegister,
  combine: VectorInstruction,
  vector: LastOperand,
): void {
  const sum = context.take();
  const moved = context.take();
  context.move(sum, vector);
  if (context.width === 512) {
    for (const immediate of [SWAP_PAIRS, SWAP_NEIGHBOURS]) {
      context.emit(VECTOR.vshuff32x4, moved, sum, sum, { immediate });
      context.emit(combine, sum, sum, moved);
    }
  } else {
    context.emit(VECTOR.vperm2f128, moved, sum, sum, { immediate: 1 });
    context.emit(combine, sum, sum, moved);
  }
  for (const immediate of [SWAP_PAIRS, SWAP_NEIGHBOURS]) {
    context.emit(VECTOR.vpermilps, moved, 0, sum, { immediate });
    context.emit(combine, sum, sum, moved);
  }
  context.move(d, { place: sum });
  context.give(moved);
  context.give(sum);
}

/** Lanes of two vectors by their numbers: see "shuffle" in the language. */
export function emitLanes(
  context: VectorContext,
  d: VectorRegister,
  a: VectorRegister,
  b: VectorRegister,
  sources: readonly number[],
): void {
  const { lanes } = context;
  const single = context.width === 512 ? undefined : singleShuffle(sources);
  const result = context.take();
  if (context.width === 512) {
    context.emit(VECTOR.vmovups, result, 0, context.constants.vector(sources));
    context.emit(VECTOR.vpermi2ps, result, a, b);
    context.move(d, { place: result });
  } else if (single) {
    emitShuffle(context, single, d, a, b);
  } else {
    const fromA = emitPermutation(context, result, a, sources);
    const other = context.take();
    const fromB = emitPermutation(
      context,
      other,
      b,
      sources.map((source) => source - lanes),
    );
    const immediate = sources.reduce((mask, source, lane) => mask | (source >= lanes ? 1 << lane : 0), 0);
    context.emit(VECTOR.vblendps, d, fromA, fromB, { immediate });
    context.give(other);
  }
  context.give(result);
}

/** The one instruction that gives these lanes of two vectors of eight, if there is one. */
function singleShuffle(sources: readonly number[]): Shuffle | undefined {
  const low = sources.slice(0, 4);
  const isRun = (half: readonly number[]) => half.every((source, i) => source === half[0] + i);
  const high = sources.slice(4);
  if (low[0] % 4 === 0 && high[0] % 4 === 0 && isRun(low) && isRun(high)) {
    return { instruction: VECTOR.vperm2f128, immediate: (low[0] / 4) | ((high[0] / 4) << 4) };
  }
  const isSameInHalves = low.every((source, i) => source % 8 < 4 && high[i] === source + 4);
  if (!isSameInHalves) return undefined;
  const [fromLow, fromHigh] = [0, 2].map((first) => [first, 8 + first, first + 1, 9 + first]);
  const equals = (order: readonly number[]) => order.every((source, i) => source === low[i]);
  if (equals(fromLow)) return { instruction: VECTOR.vunpcklps };
  if (equals(fromHigh)) return { instruction: VECTOR.vunpckhps };
  if (low[0] < 8 && low[1] < 8 && low[2] >= 8 && low[3] >= 8) {
    const immediate = low.reduce((bits, source, i) => bits | ((source % 4) << (2 * i)), 0);
    return { instruction: VECTOR.vshufps, immediate };
  }
  return undefined;
}

/** A register with lanes of one vector, of which numbers outside of 0 … lanes-1 may be anything: often the vector itself. */
function emitPermutation(
  context: VectorContext,
  d: VectorRegister,
  vector: VectorRegister,
  sources: readonly number[],
): VectorRegister {
  const { lanes } = context;
  const isWanted = (source: number) => source >= 0 && source < lanes;
  if (sources.every((source, lane) => !isWanted(source) || source === lane)) return vector;
  const numbers = sources.map((source, lane) => (isWanted(source) ? source : lane));
  context.emit(VECTOR.vmovups, d, 0, context.constants.vector(numbers));
  context.emit(VECTOR.vpermps, d, d, vector);
  return d;
}

/** An instruction that takes parts of two vectors. */
interface Shuffle {
  readonly instruction: VectorInstruction;
  readonly immediate?: number;
}

/** Two rows become two others: `low` has the even or lower parts of both, `high` the rest. */
interface Stage {
  /** Between the numbers of the two rows. */
  readonly distance: number;
  readonly low: Shuffle;
  readonly high: Shuffle;
}

/** Words of neighbouring rows, then pairs of words; each 128 bits then hold four rows' words of one column. */
const WITHIN_QUARTERS: readonly Stage[] = [
  { distance: 1, low: { instruction: VECTOR.vunpcklps }, high: { instruction: VECTOR.vunpckhps } },
  {
    distance: 2,
    low: { instruction: VECTOR.vshufps, immediate: 0x44 },
    high: { instruction: VECTOR.vshufps, immediate: 0xee },
  },
];

const EVEN_QUARTERS = { instruction: VECTOR.vshuff32x4, immediate: 0x88 };
const ODD_QUARTERS = { instruction: VECTOR.vshuff32x4, immediate: 0xdd };

const STAGES: Record<256 | 512, readonly Stage[]> = {
  256: [
    ...WITHIN_QUARTERS,
    {
      distance: 4,
      low: { instruction: VECTOR.vperm2f128, immediate: 0x20 },
      high: { instruction: VECTOR.vperm2f128, immediate: 0x31 },
    },
  ],
  512: [
    ...WITHIN_QUARTERS,
    { distance: 4, low: EVEN_QUARTERS, high: ODD_QUARTERS },
    { distance: 8, low: EVEN_QUARTERS, high: ODD_QUARTERS },
  ],
};

/** After the stages, four places hold columns in this order; where a column is, is the same order, which swaps two. */
const COLUMN_ORDER = [0, 2, 1, 3];

/**
 * Transposes the square whose rows are in these registers, with one more as temporary.
 *
 * Each stage leaves its two results in the second row's register and in the one that was free; the first row's is free
 * then. So at the end rows are not where they belong, and are moved there along the cycles of their permutation.
 */
export function emitTranspose(context: VectorContext, registers: readonly VectorRegister[]): void {
  const rows = [...registers];
  const spare = context.take();
  let free = spare;
  for (const { distance, low, high } of STAGES[context.width]) {
    for (let i = 0; i < rows.length; i++) {
      if ((i & distance) !== 0) continue;
      const [a, b] = [rows[i], rows[i + distance]];
      emitShuffle(context, low, free, a, b);
      emitShuffle(context, high, b, a, b);
      rows[i] = free;
      free = a;
    }
  }
  const found = registers.map((_, column) => rows[(column & ~3) + COLUMN_ORDER[column & 3]]);
  moveAll(context, found, registers, free);
  context.give(spare);
}

/** Moves the contents of the first registers to the second ones, all at once, with one more register that is free. */
function moveAll(
  context: VectorContext,
  from: VectorRegister[],
  to: readonly VectorRegister[],
  free: VectorRegister,
): void {
  for (;;) {
    let next = to.indexOf(free);
    if (next >= 0) {
      context.move(free, { place: from[next] });
      [from[next], free] = [free, from[next]];
      continue;
    }
    // What is left are cycles: opening one frees a register of it.
    next = to.findIndex((register, i) => from[i] !== register);
    if (next < 0) return;
    context.move(free, { place: to[next] });
    from[from.indexOf(to[next])] = free;
    free = to[next];
  }
}

function emitShuffle(
  context: VectorContext,
  { instruction, immediate }: Shuffle,
  d: VectorRegister,
  a: VectorRegister,
  b: VectorRegister,
): void {
  context.emit(instruction, d, a, b, immediate === undefined ? {} : { immediate });
}
