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

function valuesOfFrame(fftSize: number, output: SpectrumPart): number {
  return (fftSize / 2 + 1) * (output === "complex" ? 2 : 1);
}

/**
 * Spectra of frames.
 * @param frames `[frames, fftSize]`
 * @param into an array of the result's length. Default: a new one
 * @returns magnitudes `[frames, fftSize / 2 + 1]`, or real and imaginary parts `[frames, fftSize / 2 + 1, 2]`
 */
export function spectraOf(
  frames: Float32Array,
  fftSize: number,
  output: SpectrumPart,
  into?: Float32Array<ArrayBuffer>,
): Float32Array<ArrayBuffer> {
  const transform = transformOf(fftSize, output);
  const perFrame = valuesOfFrame(fftSize, output);
  const spectra = into ?? new Float32Array((frames.length / fftSize) * perFrame);
  const block = new Float32Array(FRAMES * fftSize);
  for (let first = 0; first * fftSize < frames.length; first += FRAMES) {
    const part = frames.subarray(first * fftSize, (first + FRAMES) * fftSize);
    block.set(part);
    block.fill(0, part.length);
    const values = transform(block);
    const count = (part.length / fftSize) * perFrame;
    for (let i = 0; i < count; i++) spectra[first * perFrame + i] = values[i];
  }
  return spectra;
}

export interface TileRequest {
  /** `[columns, looks, fftSize]`: of each column one frame or some of them. */
  readonly frames: Float32Array<ArrayBuffer>;
  readonly fftSize: number;
  readonly columns: number;
  /** Magnitudes, of which a column has the largest, or of one frame for each column one of its parts. */
  readonly part: "magnitude" | "real" | "imaginary";
  /** The rows' edges in bins, one more than rows, not whole; undefined: a row for each bin. */
  readonly edges?: Float64Array;
}

/** The spectra that the last tile was made of, written over by the next: megabytes for each tile would pile up. */
let scratch = new Float32Array();

/** A tile of a spectrogram, `[columns, rows]`. */
export function spectrogramTile({ frames, fftSize, columns, part, edges }: TileRequest): Float32Array {
  const bins = fftSize / 2 + 1;
  const output = part === "magnitude" ? "magnitude" : "complex";
  const length = (frames.length / fftSize) * valuesOfFrame(fftSize, output);
  if (scratch.length !== length) scratch = new Float32Array(length);
  const values = spectraOf(frames, fftSize, output, scratch);
  if (part !== "magnitude") {
    const offset = part === "real" ? 0 : 1;
    return Float32Array.from({ length: columns * bins }, (_, i) => values[2 * i + offset]);
  }
  const looks = frames.length / fftSize / columns;
  const loudest = looks === 1 ? values : largestOf(values, columns, looks, bins);
  if (edges) return joinRows(loudest, columns, bins, edges);
  return loudest === values ? values.slice() : loudest;
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
