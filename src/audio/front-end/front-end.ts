/** @file The front end: the fixed part of a model that turns a waveform into the input of its layers. */
import { AuricleError } from "../../errors.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { expandDims } from "../../ops/reshape-axes.ts";
import { reshape } from "../../ops/reshape.ts";
import { formatShape, type Shape } from "../../tensor/shape.ts";
import { frontEndConfig, type FrontEndConfig, type FrontEndOptions } from "./config.ts";
import { applyLevel } from "./decibels.ts";
import { checkDeltaFrames, withDeltas } from "./deltas.ts";
import { frameCount } from "./frames.ts";
import type { Stages } from "./stages.ts";
import { stagesOf } from "./stages-of.ts";
import { shownValue } from "../../shown-value.ts";

export interface FrontEnd {
  /** Plain JSON with all defaults filled in: `frontEnd(config)` makes the same again. */
  readonly config: FrontEndConfig;
  /** The sample rate of the waveform, in Hz. */
  readonly sampleRate: number;
  /** From one step of the time axis to the next, in samples; 1 for a waveform. */
  readonly hopLength: number;
  /** ["time","frequency","channel"], or ["time","channel"] for a waveform. */
  readonly axisNames: readonly string[];
  /**
   * Shape of one example's features for a number of samples: `[T,F,C]`, or `[T,1]` for a waveform.
   * @throws AuricleError "shape" where the samples are too few for one frame.
   */
  outputShape(samples: number): Shape;
  /**
   * Features `[N,…outputShape(samples)]` of waveforms `[N,samples,1]`; no layer of it has weights. Gradients flow through it.
   * @throws AuricleError "shape" when the waveforms have another shape or too few samples.
   */
  apply(waveform: Tensor): Tensor;
}

/**
 * Makes a front end.
 *
 * @example
 * const logMel = frontEnd({ kind: "melSpectrogram", scale: { kind: "decibels", reference: "max" } });
 * logMel.outputShape(22050); // [44, 128, 1]
 * const program = compile((waveform) => logMel.apply(waveform), [[1, 22050, 1]]);
 * @throws AuricleError "argument" naming each option that is unknown or has a value that makes no sense.
 */
export function frontEnd(options: FrontEndOptions): FrontEnd {
  const config = frontEndConfig(options);
  const { sampleRate } = config;
  if (config.kind === "waveform") {
    return {
      config,
      sampleRate,
      hopLength: 1,
      axisNames: ["time", "channel"],
      outputShape: (samples) => [checkSamples(samples), 1],
      apply: (waveform) => checkWaveform(waveform),
    };
  }
  const stages = stagesOf(config);
  return {
    config,
    sampleRate,
    hopLength: config.hopLength,
    axisNames: ["time", "frequency", "channel"],
    outputShape: (samples) => featureShape(stages, samples),
    apply: (waveform) => applyStages(stages, checkWaveform(waveform)),
  };
}

/** `[T, F, C]`. @throws AuricleError "shape" where the samples are too few. */
export function featureShape({ framing, bins, channels, deltas }: Stages, samples: number): Shape {
  const frames = frameCount(framing, checkSamples(samples));
  if (!deltas) return [frames, bins, channels];
  checkDeltaFrames(frames, deltas);
  return [frames, bins, 1 + deltas.order];
}

function checkSamples(samples: number): number {
  if (Number.isInteger(samples) && samples >= 1) return samples;
  throw new AuricleError(
    "shape",
    `front end: a waveform has at least one sample; got ${shownValue(samples)}`,
  );
}

function checkWaveform(waveform: Tensor): Tensor {
  if (waveform.shape.length === 3 && waveform.shape[2] === 1) return waveform;
  throw new AuricleError(
    "shape",
    `front end: waveforms must be [batch, samples, 1]; got ${formatShape(waveform.shape)}; mix channels to one first`,
  );
}

function applyStages(stages: Stages, waveform: Tensor): Tensor {
  const [batch, samples] = waveform.shape;
  featureShape(stages, samples);
  const analyzed = stages.analyze(reshape(waveform, [batch, samples]), false);
  if (stages.channels === 2) return analyzed;
  const levelled = stages.level ? applyLevel(analyzed, stages.level) : analyzed;
  const features = stages.project?.(levelled) ?? levelled;
  return stages.deltas ? withDeltas(features, stages.deltas) : expandDims(features, 3);
}
