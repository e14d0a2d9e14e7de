/** @file Features of many clips of any length by one compiled front end. */
import { AuricleError } from "../../errors.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { Arena } from "../../runtime/arena.ts";
import type { TargetName } from "../../runtime/target.ts";
import type { MonoAudio } from "../audio.ts";
import { blockFeatures, type FeaturePrograms } from "./block-features.ts";
import { BLOCK_FRAMES, blockGraphs } from "./block-graphs.ts";
import { BlockProgram } from "./block-program.ts";
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
interface Compiled {
  readonly stages: Stages;
  readonly programs: FeaturePrograms;
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
  private readonly compiled: Compiled | undefined;

  /** @throws AuricleError "argument" when `blockFrames` or `threads` makes no sense. */
  constructor(frontEnd: FrontEnd, options: FeatureExtractorOptions = {}) {
    checkOptions("FeatureExtractor", options, OPTIONS, "frontEnd, ");
    const { config } = frontEnd;
    this.frontEnd = frontEnd;
    this.compiled = config.kind === "waveform" ? undefined : compileStages(stagesOf(config), options);
  }

  /**
   * The features of one clip, row-major, of the shape `frontEnd.outputShape(samples)`.
   * @param sound With its rate, which is then checked; samples alone are taken to be at `frontEnd.sampleRate`.
   * @throws AuricleError "shape" where the samples are too few, "argument" for sound at another rate than the front end's.
   */
  extract(sound: MonoAudio | Float32Array): Float32Array {
    const waveform = sound instanceof Float32Array ? sound : this.samplesOf(sound);
    this.frontEnd.outputShape(waveform.length);
    if (!this.compiled) return waveform.slice();
    return blockFeatures(waveform, this.compiled.stages, this.compiled.programs);
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

function compileStages(stages: Stages, options: FeatureExtractorOptions): Compiled {
  const { blockFrames = BLOCK_FRAMES, target, threads } = options;
  if (!Number.isInteger(blockFrames) || blockFrames < 1) {
    throw new AuricleError(
      "argument",
      `feature extractor: blockFrames must be a positive integer; got ${shownValue(blockFrames)}`,
    );
  }
  const compileOptions = { target, threads, arena: new Arena() };
  const { analysis, projection, deltas } = blockGraphs(stages, blockFrames);
  const programs = {
    analysis: new BlockProgram(analysis, compileOptions),
    projection: projection && new BlockProgram(projection, compileOptions),
    deltas: deltas && new BlockProgram(deltas, compileOptions),
  };
  return { stages, programs };
}
