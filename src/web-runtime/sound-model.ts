/** @file A model of sound that was compiled for the web. Browser-safe. */
import type { MonoAudio } from "../audio/audio.ts";
import { blockFeatures, type FrameProgram } from "../audio/front-end/block-features.ts";
import { joinRanges, soundRangeOf, type SoundRange } from "../audio/sound-range.ts";
import { cutWindows, type FeatureWindows } from "../audio-model/cut-windows.ts";
import { hearPieces, type HeardPieces, type WindowedModel } from "../audio-model/hear-pieces.ts";
import { outsideRange, type OutsideRange } from "../audio-model/outside-range.ts";
import type { FloatArray } from "../tensor/array.ts";
import { sizeOf } from "../tensor/shape.ts";
import type { Machine } from "./machine.ts";
import { PlannedNetwork } from "./network.ts";
import type { PlanFeatures, PlanFrames, PlanOf, SoundPlan } from "./plan.ts";

/** Answers to windows of a recording as `AudioModel` does, for `hearPieces`. */
export class SoundModel implements WindowedModel {
  readonly task;
  readonly targetScale;
  readonly sampleRate: number;
  readonly hopLength: number;
  readonly windowFrames: number;
  private readonly input: SoundPlan;
  private readonly frontEnd: Features | undefined;
  private readonly spectrum: Features | undefined;
  private readonly network: PlannedNetwork;
  private readonly pause: () => Promise<void>;

  /** @param pause is waited for before each batch: a worker looks at its messages. Default: nothing is waited for. */
  constructor(
    { task, targetScale, input, networks }: PlanOf<SoundPlan>,
    machine: Machine,
    pause = () => Promise.resolve(),
  ) {
    const { frontEnd, heard } = input;
    this.task = task;
    this.targetScale = targetScale;
    this.sampleRate = input.sampleRate;
    this.hopLength = input.hopLength;
    this.windowFrames = input.windowFrames;
    this.input = input;
    this.pause = pause;
    this.network = new PlannedNetwork(machine, networks);
    this.frontEnd = frontEnd && featuresBy(frontEnd, machine);
    this.spectrum = heard && featuresBy(heard.spectrum, machine);
  }

  get batchSize(): number {
    return this.network.batchSize;
  }

  cut(piece: MonoAudio): Promise<FeatureWindows> {
    const { sampleRate, windowFrames, minimumSamples } = this.input;
    const features = (samples: Float32Array) => this.features(samples);
    return cutWindows(piece, { sampleRate, windowFrames, minimumSamples, features });
  }

  async answer(windows: FloatArray): Promise<FloatArray> {
    await this.pause();
    return this.network.answer(windows);
  }

  /** Hears a recording as `AudioModel` does, and says in what it is unlike all that the model was trained on. */
  async hear(
    pieces: Iterable<MonoAudio> | AsyncIterable<MonoAudio>,
    signal?: AbortSignal,
  ): Promise<HeardPieces & { readonly outside?: readonly OutsideRange[] }> {
    const { task, targetScale, sampleRate, hopLength, windowFrames, batchSize, spectrum } = this;
    let range: SoundRange | undefined;
    const measured: WindowedModel = {
      task,
      targetScale,
      sampleRate,
      hopLength,
      windowFrames,
      batchSize,
      cut: (piece) => {
        if (spectrum) range = joinRanges(range, soundRangeOf(piece, spectrum));
        return this.cut(piece);
      },
      answer: (windows) => this.answer(windows),
    };
    const answer = await hearPieces(measured, pieces, signal);
    const { heard } = this.input;
    const outside = range && heard ? outsideRange(range, heard.trained, heard.listener) : [];
    return { ...answer, ...(outside.length > 0 && { outside }) };
  }

  private features(samples: Float32Array): FloatArray {
    const { step } = this.input;
    const data = this.frontEnd?.(samples) ?? samples;
    return { shape: [data.length / sizeOf(step), ...step], data };
  }
}

/** The features of a clip. */
type Features = (samples: Float32Array) => Float32Array;

function featuresBy({ layout, analysis, projection, deltas }: PlanFeatures, machine: Machine): Features {
  const programs = {
    analysis: frameProgram(analysis, machine),
    projection: projection && frameProgram(projection, machine),
    deltas: deltas && frameProgram(deltas, machine),
  };
  return (samples) => blockFeatures(samples, layout, programs);
}

function frameProgram(plan: PlanFrames, machine: Machine): FrameProgram {
  const { input, output, run } = machine.load(plan);
  const { blockFrames, perFrame } = plan;
  return { blockFrames, perFrame, input: () => input, output: () => output, run };
}
