/**
 * @file Lanes in another order: between pixels whose channels lie side by side, and planes of one channel each.
 *
 * With an even number of planes, those at even places are interleaved, those at odd places too, and then the two results
 * lane by lane: planes · log2(planes) shuffles for powers of two. An odd number takes one shuffle for each pair of planes.
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

/** Whether so many planes are interleaved with fewer shuffles than a square of `lanes` vectors is transposed. */
export function interleavesCheaply(planes: number, { lanes }: MachineTraits): boolean {
  return planes <= lanes && shufflesOf(planes) <= lanes * Math.log2(lanes);
}

function shufflesOf(planes: number): number {
  if (planes === 1) return 0;
  return planes % 2 === 1 ? planes * (planes - 1) : planes + 2 * shufflesOf(planes / 2);
}

function everyLane(lanes: number, source: (lane: number) => number): number[] {
  return Array.from({ length: lanes }, (_, lane) => source(lane));
}
