/**
 * @file One axis of a sliding window, sorted into segments: neighbouring outputs that see the same part of their window
 * and so can share code. All outputs whose window lies inside the input are one segment; those at a border are apart.
 */

/** One cell of a window that an output reads. */
export interface Tap {
  /** Which cell of the window. */
  readonly index: number;
  /** Positions from where the output's first tap reads; not negative. */
  readonly offset: number;
}

/** Outputs first, first + step, … that read the same taps, each `inputStep` positions further than the one before. */
export interface Segment {
  readonly first: number;
  readonly count: number;
  readonly step: number;
  /** Where the first output's first tap reads; 0 without taps. */
  readonly input: number;
  readonly inputStep: number;
  /** By rising offset. */
  readonly taps: readonly Tap[];
}

/** A window sliding over one axis. */
export interface WindowAxis {
  readonly inputs: number;
  readonly outputs: number;
  readonly window: number;
  readonly stride: number;
  readonly dilation: number;
  /** Positions before the first input that the first window covers. */
  readonly before: number;
}

interface Read {
  readonly index: number;
  readonly position: number;
}

/** The segments of a pooling or convolution: output o reads o·stride + index·dilation - before. */
export function windowSegments(axis: WindowAxis, chosen: readonly number[] = everyIndex(axis)): Segment[] {
  const { inputs, outputs, stride, dilation, before } = axis;
  return segmentsOf(outputs, 1, stride, (output) =>
    chosen
      .map((index) => ({ index, position: output * stride + index * dilation - before }))
      .filter(({ position }) => position >= 0 && position < inputs),
  );
}

/**
 * The segments of the input gradient: for each *input* of the axis, the outputs that read it. With a stride these
 * differ from one position to the next and repeat after `stride` of them.
 */
export function transposedSegments(axis: WindowAxis): Segment[] {
  const { inputs, outputs, stride, dilation, before } = axis;
  return segmentsOf(inputs, stride, 1, (input) =>
    everyIndex(axis)
      .map((index) => ({ index, position: (input + before - index * dilation) / stride }))
      .filter(({ position }) => Number.isInteger(position) && position >= 0 && position < outputs),
  );
}

function everyIndex({ window }: WindowAxis): number[] {
  return Array.from({ length: window }, (_, index) => index);
}

function segmentsOf(
  outputs: number,
  step: number,
  inputStep: number,
  readsOf: (output: number) => readonly Read[],
): Segment[] {
  const segments: Segment[] = [];
  for (let phase = 0; phase < Math.min(step, outputs); phase++) {
    let current: Segment | undefined;
    for (let first = phase; first < outputs; first += step) {
      const reads = [...readsOf(first)].sort((a, b) => a.position - b.position);
      const input = reads.length > 0 ? reads[0].position : 0;
      const taps = reads.map(({ index, position }) => ({ index, offset: position - input }));
      if (current && continues(current, input, taps)) {
        current = { ...current, count: current.count + 1 };
        segments[segments.length - 1] = current;
      } else {
        current = { first, count: 1, step, input, inputStep, taps };
        segments.push(current);
      }
    }
  }
  return segments;
}

function continues(segment: Segment, input: number, taps: readonly Tap[]): boolean {
  const same =
    taps.length === segment.taps.length &&
    taps.every(({ index, offset }, i) => {
      const other = segment.taps[i];
      return other.index === index && other.offset === offset;
    });
  return same && (taps.length === 0 || input === segment.input + segment.count * segment.inputStep);
}
