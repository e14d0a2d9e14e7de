/** @file Features of many clips of any length by one compiled front end. */
import { AuricleError } from "../../errors.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { Arena } from "../../runtime/arena.ts";
import type { TargetName } from "../../runtime/target.ts";
import type { MonoAudio } from "../audio.ts";
import { BlockProgram } from "./block-program.ts";
import type { DeltaConfig } from "./config.ts";
import { applyLevelTo } from "./decibels.ts";
import { innerDerivatives } from "./deltas.ts";
import { copyPadded, frameCount } from "./frames.ts";
import type { FrontEnd } from "./front-end.ts";
import type { Stages } from "./stages.ts";
import { stagesOf } from "./stages-of.ts";
import { shownValue } from "../../shown-value.ts";

export interface FeatureExtractorOptions {
  /** Frames that are computed at once; the results do not depend on it. Default 64. */
  readonly blockFrames?: number;
  /** Default: the fastest that the engine has. */
  readonly target?: TargetName;
  /** Default: the number of processors. The results do not depend on it. */
  readonly threads?: number;
}

const OPTIONS: OptionNames<FeatureExtractorOptions> = { blockFrames: true, target: true, threads: true };

/** A front end's stages, compiled for a block of frames. */
interface Programs {
  readonly stages: Stages;
  readonly analysis: BlockProgram;
  readonly projection: BlockProgram | undefined;
  readonly deltas: { readonly config: DeltaConfig; readonly program: BlockProgram } | undefined;
}

/**
 * Computes the features of clips of any length with programs for a fixed number of frames: no length is compiled for, and
 * memory stays constant after the first clip. The features are, bit for bit, those of the front end's `apply` on the whole
 * clip: frames depend on their own samples alone, and steps that need more (the largest value for "max" and topDb,
 * neighbouring frames for deltas) get it.
 *
 * @example
 * const extractor = new FeatureExtractor(frontEnd({ kind: "melSpectrogram" }), { threads: 1 });
 * const audio = await resample(await readAudioFile("song.mp3"), extractor.frontEnd.sampleRate);
 * const features = extractor.extract(audio); // of the shape extractor.frontEnd.outputShape(audio.samples.length)
 */
export class FeatureExtractor {
  readonly frontEnd: FrontEnd;
  private readonly programs: Programs | undefined;

  /** @throws AuricleError "argument" when `blockFrames` or `threads` makes no sense. */
  constructor(frontEnd: FrontEnd, options: FeatureExtractorOptions = {}) {
    checkOptions("FeatureExtractor", options, OPTIONS, "frontEnd, ");
    const { config } = frontEnd;
    this.frontEnd = frontEnd;
    this.programs = config.kind === "waveform" ? undefined : compileStages(stagesOf(config), options);
  }

  /**
   * The features of one clip, row-major, of the shape `frontEnd.outputShape(samples)`.
   * @param sound With its rate, which is then checked; samples alone are taken to be at `frontEnd.sampleRate`.
   * @throws AuricleError "shape" where the samples are too few, "argument" for sound at another rate than the front end's.
   */
  extract(sound: MonoAudio | Float32Array): Float32Array {
    const waveform = sound instanceof Float32Array ? sound : this.samplesOf(sound);
    this.frontEnd.outputShape(waveform.length);
    if (!this.programs) return waveform.slice();
    const { stages, analysis, projection, deltas } = this.programs;
    const { framing, analyzed, level } = stages;
    const frames = frameCount(framing, waveform.length);
    const values = analysis.run(frames, (first, input) =>
      copyPadded(waveform, framing, first * framing.hopLength, input),
    );
    if (level) applyLevelTo(values, level);
    const features = projection ? projection.run(frames, loadFrames(values, analyzed, 0)) : values;
    return deltas ? joinDerivatives(features, frames, deltas.program, deltas.config) : features;
  }

  private samplesOf({ samples, sampleRate }: MonoAudio): Float32Array {
    const wanted = this.frontEnd.sampleRate;
    if (sampleRate === wanted) return samples;
    throw new AuricleError(
      "argument",
      `feature extractor: the front end takes audio at ${wanted} Hz; got ${shownValue(sampleRate)} Hz; convert it with resample(audio, ${wanted})`,
    );
  }
}

function compileStages(stages: Stages, options: FeatureExtractorOptions): Programs {
  const { blockFrames = 64, target, threads } = options;
  if (!Number.isInteger(blockFrames) || blockFrames < 1) {
    throw new AuricleError(
      "argument",
      `feature extractor: blockFrames must be a positive integer; got ${shownValue(blockFrames)}`,
    );
  }
  const compileOptions = { target, threads, arena: new Arena() };
  const { framing, analyzed, project, deltas: config, bins } = stages;
  const samples = (blockFrames - 1) * framing.hopLength + framing.length;
  const analysis = new BlockProgram([1, samples], (x) => stages.analyze(x, true), compileOptions);
  const projection = project && new BlockProgram([1, blockFrames, analyzed], project, compileOptions);
  if (!config) return { stages, analysis, projection, deltas: undefined };
  const program = new BlockProgram(
    [1, blockFrames + config.width - 1, bins],
    (x) => innerDerivatives(x, config),
    compileOptions,
  );
  return { stages, analysis, projection, deltas: { config, program } };
}

/** Loads frames first + offset, … of `features`; beyond both ends the outermost frame is repeated. */
function loadFrames(features: Float32Array, perFrame: number, offset: number) {
  const last = features.length / perFrame - 1;
  return (first: number, input: Float32Array): void => {
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
  program: BlockProgram,
  { width, mode, order }: DeltaConfig,
): Float32Array {
  const bins = features.length / frames;
  const half = (width - 1) / 2;
  // The first frame that has a derivative of its own; the last one lies as far from the end.
  const inset = mode === "interp" ? half : 0;
  const derivatives = program.run(frames - 2 * inset, loadFrames(features, bins, inset - half));
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
