/**
 * @file Lanes in another order: between pixels whose channels lie side by side, and planes of one channel each.
 *
 * An even number of planes is taken in pairs on 4 and 8 lanes. Within each four lanes, a shuffle puts the lanes of two planes side
 * by side, and another one such pairs of lanes; with 8 lanes a third one brings fours to their vectors. All of these are single
 * instructions, where any lanes of two vectors of 8 lanes would take three.
 *
 * On 16 lanes planes at even places are interleaved, those at odd places too, and then the two results lane by lane:
 * planes · log2(planes) shuffles for powers of two. An odd number takes one shuffle for each pair of planes.
 */
import type { KernelBuilder } from "../machine/builder.ts";
import type { MachineTraits, VectorExpression } from "../machine/ir.ts";

/** Lane l is lane sources[l] of all vectors, whose lanes are numbered one vector after the other. */
export function pickLanes(
  k: KernelBuilder,
  vectors: readonly VectorExpression[],
  sources: readonly number[],
): VectorExpression {
  const { lanes } = k.machine;
  const used = [...new Set(sources.map((source) => Math.floor(source / lanes)))].sort((a, b) => a - b);
  const [first, ...others] = used;
  const fromFirst = sources.every((source, lane) => source === first * lanes + lane);
  if (fromFirst) return vectors[first];
  if (others.length === 0) {
    const within = sources.map((source) => source % lanes);
    return k.let(k.shuffle(vectors[first], vectors[first], within));
  }
  // Each step adds one vector's lanes where they belong; the first brings those of the first vector to their places too.
  let result = vectors[first];
  others.forEach((vector, i) => {
    const order = sources.map((source, lane) => {
      const from = Math.floor(source / lanes);
      if (from === vector) return lanes + (source % lanes);
      return i === 0 && from === first ? source % lanes : lane;
    });
    result = k.let(k.shuffle(result, vectors[vector], order));
  });
  return result;
}

/** As many vectors as planes: the first lane of each plane, then the second lane of each … */
export function interleave(k: KernelBuilder, planes: readonly VectorExpression[]): VectorExpression[] {
  const { lanes } = k.machine;
  const count = planes.length;
  if (count === 1) return [...planes];
  if (count % 2 === 1) {
    return planes.map((_, i) =>
      pickLanes(
        k,
        planes,
        everyLane(lanes, (lane) => {
          const place = i * lanes + lane;
          return (place % count) * lanes + Math.floor(place / count);
        }),
      ),
    );
  }
  if (lanes <= 8) return interleavePairs(k, planes);
  const even = interleave(
    k,
    planes.filter((_, i) => i % 2 === 0),
  );
  const odd = interleave(
    k,
    planes.filter((_, i) => i % 2 === 1),
  );
  const half = (first: number) => everyLane(lanes, (lane) => (lane % 2) * lanes + first + (lane >> 1));
  return even.flatMap((vector, i) => [
    k.let(k.shuffle(vector, odd[i], half(0))),
    k.let(k.shuffle(vector, odd[i], half(lanes / 2))),
  ]);
}

/** The reverse of {@link interleave}. */
export function deinterleave(k: KernelBuilder, vectors: readonly VectorExpression[]): VectorExpression[] {
  const { lanes } = k.machine;
  const count = vectors.length;
  if (count === 1) return [...vectors];
  if (count % 2 === 1) {
    return vectors.map((_, plane) =>
      pickLanes(
        k,
        vectors,
        everyLane(lanes, (lane) => lane * count + plane),
      ),
    );
  }
  if (lanes <= 8) return deinterleavePairs(k, vectors);
  const parts = [0, 1].map((odd) =>
    deinterleave(
      k,
      Array.from({ length: count / 2 }, (_, i) =>
        k.let(
          k.shuffle(
            vectors[2 * i],
            vectors[2 * i + 1],
            everyLane(lanes, (lane) => 2 * lane + odd),
          ),
        ),
      ),
    ),
  );
  return vectors.map((_, plane) => parts[plane % 2][plane >> 1]);
}

/** {@link interleave} for an even number of planes on 4 or 8 lanes. */
function interleavePairs(k: KernelBuilder, planes: readonly VectorExpression[]): VectorExpression[] {
  const pairs = planes.length / 2;
  // Of pixels 0 and 1 of each four, then of pixels 2 and 3: the lanes of each pair of planes side by side.
  const halves = [0, 2].map((pixel) =>
    Array.from({ length: pairs }, (_, i) =>
      shuffleFours(k, planes[2 * i], planes[2 * i + 1], [pixel, 4 + pixel, pixel + 1, 5 + pixel]),
    ),
  );
  const pairAt = (number: number): PairOfLanes => {
    const pixel = Math.floor(number / pairs);
    return { vector: halves[pixel >> 1][number % pairs], first: 2 * (pixel & 1) };
  };
  const fours = planes.map((_, i) => joinPairs(k, pairAt(2 * i), pairAt(2 * i + 1)));
  if (k.machine.lanes === 4) return fours;
  const fourAt = (number: number): HalfVector => ({
    vector: fours[number % fours.length],
    first: number < fours.length ? 0 : 4,
  });
  return fours.map((_, i) => joinHalves(k, fourAt(2 * i), fourAt(2 * i + 1)));
}

/** The reverse of {@link interleavePairs}, step by step. */
function deinterleavePairs(k: KernelBuilder, vectors: readonly VectorExpression[]): VectorExpression[] {
  const pairs = vectors.length / 2;
  const fourAt = (number: number): HalfVector => ({
    vector: vectors[number >> 1],
    first: 4 * (number & 1),
  });
  const fours =
    k.machine.lanes === 4
      ? vectors
      : vectors.map((_, i) => joinHalves(k, fourAt(i), fourAt(vectors.length + i)));
  const pairAt = (number: number): PairOfLanes => ({
    vector: fours[number >> 1],
    first: 2 * (number & 1),
  });
  return Array.from({ length: pairs }, (_, i) => {
    const [early, late] = [0, 2].map((pixel) =>
      joinPairs(k, pairAt(pixel * pairs + i), pairAt((pixel + 1) * pairs + i)),
    );
    return [shuffleFours(k, early, late, [0, 2, 4, 6]), shuffleFours(k, early, late, [1, 3, 5, 7])];
  }).flat();
}

/** Two neighbouring lanes of each four, from the `first` on. */
interface PairOfLanes {
  readonly vector: VectorExpression;
  readonly first: number;
}

/** Four of eight lanes, from the `first` on. */
interface HalfVector {
  readonly vector: VectorExpression;
  readonly first: number;
}

function joinPairs(k: KernelBuilder, a: PairOfLanes, b: PairOfLanes): VectorExpression {
  if (a.vector === b.vector) return a.vector;
  return shuffleFours(k, a.vector, b.vector, [a.first, a.first + 1, 4 + b.first, 5 + b.first]);
}

function joinHalves(k: KernelBuilder, a: HalfVector, b: HalfVector): VectorExpression {
  const sources = everyLane(8, (lane) => (lane < 4 ? a.first + lane : 4 + b.first + lane));
  return k.let(k.shuffle(a.vector, b.vector, sources));
}

/** The same shuffle in each four lanes: 0 … 3 are those of `a`, 4 … 7 those of `b`. */
function shuffleFours(
  k: KernelBuilder,
  a: VectorExpression,
  b: VectorExpression,
  sources: readonly number[],
): VectorExpression {
  const { lanes } = k.machine;
  const order = everyLane(lanes, (lane) => {
    const source = sources[lane % 4];
    return lane - (lane % 4) + (source < 4 ? source : lanes + source - 4);
  });
  return k.let(k.shuffle(a, b, order));
}

/** Whether so many planes are interleaved with fewer shuffles than a square of `lanes` vectors is transposed. */
export function interleavesCheaply(planes: number, { lanes }: MachineTraits): boolean {
  return planes <= lanes && shufflesOf(planes, lanes) <= lanes * Math.log2(lanes);
}

function shufflesOf(planes: number, lanes: number): number {
  if (planes === 1) return 0;
  if (planes % 2 === 1) return planes * (planes - 1);
  return lanes <= 8 ? planes * Math.log2(lanes) : planes + 2 * shufflesOf(planes / 2, lanes);
}

function everyLane(lanes: number, source: (lane: number) => number): number[] {
  return Array.from({ length: lanes }, (_, lane) => source(lane));
}
