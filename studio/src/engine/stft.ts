/**
 * @file Short-time Fourier transforms of stretches of a sound, on the engine. Programs are compiled for a number of frames of one
 * size, which stand one after the other: that they overlap in the sound is for the caller, so that another hop or place needs no
 * new program. The window is Hann's, and the values are those of the library's front ends.
 */
import { compile, floatArray } from "auricle";
import { hannWindow } from "auricle/audio";
import { spectrogram } from "auricle/ops";

/** Frames that are transformed at once. */
const FRAMES = 64;

export type SpectrumPart = "magnitude" | "complex";

type Transform = (frames: Float32Array) => ArrayLike<number>;

const transforms = new Map<string, Transform>();

function transformOf(fftSize: number, output: SpectrumPart): Transform {
  const key = `${fftSize} ${output}`;
  const known = transforms.get(key);
  if (known) return known;
  const options = { fftSize, hopLength: fftSize, window: hannWindow(fftSize), center: false, output };
  const shape = [1, FRAMES * fftSize];
  const run = compile((x) => spectrogram(x, options), [shape], { threads: 1 });
  const transform: Transform = (frames) => run(floatArray(frames, shape)).data;
  transforms.set(key, transform);
  return transform;
}

/** Samples of a sound from one of them on; beyond its ends there are zeros. */
export interface Stretch {
  readonly samples: Float32Array;
  /** The sound's sample that is the first of them. */
  readonly offset: number;
}

/**
 * Spectra of frames whose middles are given.
 * @param middles in samples of the sound
 * @returns magnitudes `[frames, fftSize / 2 + 1]`, or real and imaginary parts `[frames, fftSize / 2 + 1, 2]`
 */
export function spectraAt(
  { samples, offset }: Stretch,
  fftSize: number,
  middles: ArrayLike<number>,
  output: SpectrumPart,
): Float32Array {
  const transform = transformOf(fftSize, output);
  const perFrame = (fftSize / 2 + 1) * (output === "complex" ? 2 : 1);
  const spectra = new Float32Array(middles.length * perFrame);
  const block = new Float32Array(FRAMES * fftSize);
  for (let first = 0; first < middles.length; first += FRAMES) {
    const count = Math.min(FRAMES, middles.length - first);
    block.fill(0);
    for (let frame = 0; frame < count; frame++) {
      const start = middles[first + frame] - fftSize / 2 - offset;
      const [from, to] = [Math.max(0, start), Math.min(samples.length, start + fftSize)];
      if (from < to) block.set(samples.subarray(from, to), frame * fftSize + from - start);
    }
    const values = transform(block);
    for (let i = 0; i < count * perFrame; i++) spectra[first * perFrame + i] = values[i];
  }
  return spectra;
}

export interface TileRequest extends Stretch {
  readonly fftSize: number;
  /** Samples from one frame to the next; frame t has its middle at t · hop. */
  readonly hop: number;
  readonly firstFrame: number;
  readonly columns: number;
  /** A column of several frames shows, of some of them, the largest magnitude of each bin, or of the parts the middle frame's. */
  readonly framesPerColumn: number;
  readonly part: "magnitude" | "real" | "imaginary";
  /** The rows' edges in bins, one more than rows, not whole; undefined: a row for each bin. */
  readonly edges?: Float64Array;
}

/** Frames that a column looks at, at most. */
const LOOKS = 4;

/** A tile of a spectrogram, `[columns, rows]`. */
export function spectrogramTile(request: TileRequest): Float32Array {
  const { fftSize, hop, firstFrame, columns, framesPerColumn, part, edges } = request;
  const looks = part === "magnitude" ? Math.min(LOOKS, framesPerColumn) : 1;
  const middles = Float64Array.from({ length: columns * looks }, (_, i) => {
    const within = Math.floor(((i % looks) + 0.5) * (framesPerColumn / looks));
    return hop * (firstFrame + Math.floor(i / looks) * framesPerColumn + within);
  });
  const bins = fftSize / 2 + 1;
  const values = spectraAt(request, fftSize, middles, part === "magnitude" ? "magnitude" : "complex");
  if (part !== "magnitude") {
    const offset = part === "real" ? 0 : 1;
    return Float32Array.from({ length: columns * bins }, (_, i) => values[2 * i + offset]);
  }
  const loudest = looks === 1 ? values : largestOf(values, columns, looks, bins);
  return edges ? joinRows(loudest, columns, bins, edges) : loudest;
}

function largestOf(values: Float32Array, columns: number, looks: number, bins: number): Float32Array {
  const largest = new Float32Array(columns * bins);
  for (let i = 0; i < columns * looks; i++) {
    const to = Math.floor(i / looks) * bins;
    for (let bin = 0; bin < bins; bin++) {
      const value = values[i * bins + bin];
      if (value > largest[to + bin]) largest[to + bin] = value;
    }
  }
  return largest;
}

/** The largest magnitude between two edges; where no bin lies between them, the one between the nearest two, linearly. */
function joinRows(values: Float32Array, columns: number, bins: number, edges: Float64Array): Float32Array {
  const rows = edges.length - 1;
  const joined = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    const [first, last] = [Math.ceil(edges[row]), Math.min(bins - 1, Math.ceil(edges[row + 1]) - 1)];
    const middle = Math.min(bins - 1, (edges[row] + edges[row + 1]) / 2);
    const below = Math.min(bins - 2, Math.floor(middle));
    for (let column = 0; column < columns; column++) {
      const at = column * bins;
      let value = 0;
      if (first > last) {
        value = values[at + below] + (middle - below) * (values[at + below + 1] - values[at + below]);
      }
      for (let bin = first; bin <= last; bin++) value = Math.max(value, values[at + bin]);
      joined[column * rows + row] = value;
    }
  }
  return joined;
}
