/** @file A model of sound that was compiled for the web. Browser-safe. */
import type { MonoAudio } from "../audio/audio.ts";
import { blockFeatures, type FeaturePrograms, type FrameProgram } from "../audio/front-end/block-features.ts";
import { cutWindows, type FeatureWindows } from "../audio-model/cut-windows.ts";
import type { WindowedModel } from "../audio-model/hear-pieces.ts";
import type { FloatArray } from "../tensor/array.ts";
import { sizeOf } from "../tensor/shape.ts";
import type { Machine } from "./machine.ts";
import { PlannedNetwork } from "./network.ts";
import type { PlanFrames, PlanOf, SoundPlan } from "./plan.ts";

/** Answers to windows of a recording as `AudioModel` does, for `hearPieces`. */
export class SoundModel implements WindowedModel {
  readonly task;
  readonly targetScale;
  readonly sampleRate: number;
  readonly hopLength: number;
  readonly windowFrames: number;
  private readonly input: SoundPlan;
  private readonly programs: FeaturePrograms | undefined;
  private readonly network: PlannedNetwork;
  private readonly pause: () => Promise<void>;

  /** @param pause is waited for before each batch: a worker looks at its messages. Default: nothing is waited for. */
  constructor(
    { task, targetScale, input, networks }: PlanOf<SoundPlan>,
    machine: Machine,
    pause = () => Promise.resolve(),
  ) {
    const { frontEnd } = input;
    this.task = task;
    this.targetScale = targetScale;
    this.sampleRate = input.sampleRate;
    this.hopLength = input.hopLength;
    this.windowFrames = input.windowFrames;
    this.input = input;
    this.pause = pause;
    this.network = new PlannedNetwork(machine, networks);
    this.programs = frontEnd && {
      analysis: frameProgram(frontEnd.analysis, machine),
      projection: frontEnd.projection && frameProgram(frontEnd.projection, machine),
      deltas: frontEnd.deltas && frameProgram(frontEnd.deltas, machine),
    };
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

  private features(samples: Float32Array): FloatArray {
    const { step, frontEnd } = this.input;
    const data = this.programs && frontEnd ? blockFeatures(samples, frontEnd.layout, this.programs) : samples;
    return { shape: [data.length / sizeOf(step), ...step], data };
  }
}

function frameProgram(plan: PlanFrames, machine: Machine): FrameProgram {
  const { input, output, run } = machine.load(plan);
  const { blockFrames, perFrame } = plan;
  return { blockFrames, perFrame, input: () => input, output: () => output, run };
}
