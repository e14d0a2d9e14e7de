/** @file Features of clips of any length by programs for a fixed number of frames, whoever compiled them. Browser-safe. */
import type { DeltaConfig } from "./config.ts";
import { applyLevelTo } from "./decibels.ts";
import { copyPadded, frameCount } from "./frames.ts";
import type { Stages } from "./stages.ts";

/** A program for a block of frames. */
export interface FrameProgram {
  readonly blockFrames: number;
  /** The number of values that one frame gives. */
  readonly perFrame: number;
  /** The memory of its input. */
  input(): Float32Array;
  run(): void;
  /** The memory of its output, `blockFrames * perFrame` numbers. */
  output(): Float32Array;
}

/** The programs of a front end: one for each of its stages that has any arithmetic on single frames. */
export interface FeaturePrograms {
  readonly analysis: FrameProgram;
  readonly projection?: FrameProgram | undefined;
  readonly deltas?: FrameProgram | undefined;
}

/** The part of a front end's stages that the programs do not do. */
export type FeatureLayout = Pick<Stages, "framing" | "analyzed" | "level" | "deltas">;

/**
 * Returns the features of one clip, row-major: the bits of the front end's `apply` on the whole clip.
 * @throws AuricleError "shape" where the samples are too few for one frame
 */
export function blockFeatures(
  waveform: Float32Array,
  { framing, analyzed, level, deltas: config }: FeatureLayout,
  { analysis, projection, deltas }: FeaturePrograms,
): Float32Array {
  const frames = frameCount(framing, waveform.length);
  const values = runBlocks(analysis, frames, (first, input) =>
    copyPadded(waveform, framing, first * framing.hopLength, input),
  );
  if (level) applyLevelTo(values, level);
  const features = projection ? runBlocks(projection, frames, loadFrames(values, analyzed, 0)) : values;
  return deltas && config ? joinDerivatives(features, frames, deltas, config) : features;
}

type Load = (first: number, input: Float32Array) => void;

/** The results of `frames` frames; `load` fills the input for the block that begins with frame `first`. */
function runBlocks(program: FrameProgram, frames: number, load: Load): Float32Array {
  const { blockFrames, perFrame } = program;
  const result = new Float32Array(frames * perFrame);
  for (let first = 0; first < frames; first += blockFrames) {
    load(first, program.input());
    program.run();
    const count = Math.min(blockFrames, frames - first) * perFrame;
    result.set(program.output().subarray(0, count), first * perFrame);
  }
  return result;
}

/** Loads frames first + offset, … of `features`; beyond both ends the outermost frame is repeated. */
function loadFrames(features: Float32Array, perFrame: number, offset: number): Load {
  const last = features.length / perFrame - 1;
  return (first, input) => {
    for (let i = 0; i < input.length / perFrame; i++) {
      const frame = Math.min(Math.max(first + offset + i, 0), last);
      input.set(features.subarray(frame * perFrame, (frame + 1) * perFrame), i * perFrame);
    }
  };
}

/** Features and their derivatives as channels, with the edges of `withDeltas`. */
function joinDerivatives(
  features: Float32Array,
  frames: number,
  program: FrameProgram,
  { width, mode, order }: DeltaConfig,
): Float32Array {
  const bins = features.length / frames;
  const half = (width - 1) / 2;
  // The first frame that has a derivative of its own; the last one lies as far from the end.
  const inset = mode === "interp" ? half : 0;
  const derivatives = runBlocks(program, frames - 2 * inset, loadFrames(features, bins, inset - half));
  const result = new Float32Array(features.length * (1 + order));
  for (let frame = 0; frame < frames; frame++) {
    const source = Math.min(Math.max(frame, inset), frames - 1 - inset) - inset;
    for (let bin = 0; bin < bins; bin++) {
      const from = (source * bins + bin) * order;
      const to = (frame * bins + bin) * (1 + order);
      result[to] = features[frame * bins + bin];
      result.set(derivatives.subarray(from, from + order), to + 1);
    }
  }
  return result;
}
