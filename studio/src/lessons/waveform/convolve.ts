/** @file A filter over a sound of any length, and what follows it, on the engine: in blocks, of a fixed number of outputs each. */
import { compile, floatArray } from "auricle";
import { averagePool1d, conv1d, maxPool1d, relu } from "auricle/ops";

export interface ChainOptions {
  readonly stride: number;
  readonly relu: boolean;
  /** After the filter: the outputs of a window, and from one window to the next; 1: none. */
  readonly pool: number;
  readonly pooling: "max" | "mean";
}

/** Outputs that are computed at once. */
const OUTPUTS = 4096;

type Program = (samples: Float32Array, taps: Float32Array) => ArrayLike<number>;
const programs = new Map<string, Program>();

/** Samples that one block takes: windows of the pooling, each of as many places of the filter. */
function inputsOf(outputs: number, taps: number, { stride, pool }: ChainOptions): number {
  return (outputs * pool - 1) * stride + taps;
}

function programOf(taps: number, channels: number, options: ChainOptions): Program {
  const key = JSON.stringify([taps, channels, options.stride, options.relu, options.pool, options.pooling]);
  const known = programs.get(key);
  if (known) return known;
  const length = inputsOf(OUTPUTS, taps, options);
  const run = compile(
    (x, w) => {
      const sums = conv1d(x, w, { strides: options.stride });
      const active = options.relu ? relu(sums) : sums;
      if (options.pool === 1) return active;
      const pool = { poolSize: options.pool };
      return options.pooling === "max" ? maxPool1d(active, pool) : averagePool1d(active, pool);
    },
    [
      [1, length, channels],
      [taps, channels, 1],
    ],
    { threads: 1 },
  );
  const program: Program = (x, w) =>
    run(floatArray(x, [1, length, channels]), floatArray(w, [taps, channels, 1])).data;
  programs.set(key, program);
  return program;
}

/** The outputs of a sound: ⌊(samples - taps) / stride⌋ + 1 places of the filter, of which whole windows of the pooling count. */
export function outputCount(samples: number, taps: number, { stride, pool }: ChainOptions): number {
  return Math.max(0, Math.floor((Math.floor((samples - taps) / stride) + 1) / pool));
}

/**
 * Applies a filter to a sound, without padding.
 * @param channels the samples of each channel, equally many
 * @param taps the weights for each channel, equally many
 */
export function convolve(
  channels: readonly Float32Array[],
  taps: readonly ArrayLike<number>[],
  options: ChainOptions,
): Float32Array<ArrayBuffer> {
  const [samples, width] = [channels[0].length, taps[0].length];
  const program = programOf(width, channels.length, options);
  const outputs = new Float32Array(outputCount(samples, width, options));
  const weights = new Float32Array(width * channels.length);
  taps.forEach((own, c) => interleave(weights, own, c, channels.length));
  const length = inputsOf(OUTPUTS, width, options);
  const block = new Float32Array(length * channels.length);
  for (let first = 0; first < outputs.length; first += OUTPUTS) {
    const from = first * options.pool * options.stride;
    block.fill(0);
    channels.forEach((own, c) => interleave(block, own.subarray(from, from + length), c, channels.length));
    const values = program(block, weights);
    const count = Math.min(OUTPUTS, outputs.length - first);
    for (let i = 0; i < count; i++) outputs[first + i] = values[i];
  }
  return outputs;
}

/** Writes one of the channels where channels run fastest. */
function interleave(into: Float32Array, values: ArrayLike<number>, channel: number, channels: number): void {
  for (let i = 0; i < values.length; i++) into[i * channels + channel] = values[i];
}
