/** @file Features of a clip that comes in pieces, however long it is. Browser-safe. */

import { FeatureExtractor } from "../../../../audio/front-end/feature-extractor.ts";
import { frontEnd } from "../../../../audio/front-end/front-end.ts";
import type { FrontEndConfig } from "../../../../audio/front-end/config.ts";
import { stagesOf } from "../../../../audio/front-end/stages-of.ts";
import { sizeOf } from "../../../../tensor/shape.ts";

/**
 * Clips of more samples are computed in segments, 12 minutes each at 22,050 Hz, so that memory stays below
 * the need of a segment, some 200 MB. The features are the same except where decibels are relative to the
 * largest value (topDb and the reference "max"): that is then the largest of the segment.
 */
const SEGMENT_SAMPLES = 2 ** 24;

/** Where the features of a clip go, step by step. */
export interface FeatureSink {
  append(steps: Float32Array): void;
}

/** A front end that is compiled once, for one clip after the other. */
export class ClipExtractor {
  private readonly extractor: FeatureExtractor;
  private readonly hopLength: number;
  private readonly stepSize: number;
  /** Steps that a step's features depend on, on either side. */
  private readonly context: number;
  private readonly segmentSteps: number;
  private readonly minimumSamples: number;
  private sink: FeatureSink | undefined;
  private buffer = new Float32Array(2 ** 16);
  /**
   * Samples in the buffer; the first of them is that of step number `-lead` of what is still to be computed.
   */
  private buffered = 0;
  private lead = 0;
  private samples = 0;

  /** @param minimumSamples shorter clips are padded with silence at their end */
  constructor(config: FrontEndConfig, minimumSamples: number, segmentSamples = SEGMENT_SAMPLES) {
    const front = frontEnd(config);
    // Plain WebAssembly gives the same bits everywhere: features may come from a cache that another Node.js
    // filled.
    this.extractor = new FeatureExtractor(front, { threads: 1, target: "wasm" });
    this.hopLength = front.hopLength;
    this.minimumSamples = minimumSamples;
    this.context = contextSteps(config);
    this.segmentSteps = Math.max(1, Math.floor(segmentSamples / front.hopLength));
    this.stepSize = sizeOf(front.outputShape(minimumSamples).slice(1));
  }

  begin(sink: FeatureSink): void {
    this.sink = sink;
    this.buffered = 0;
    this.lead = 0;
    this.samples = 0;
  }

  push(samples: Float32Array): void {
    this.samples += samples.length;
    this.add(samples);
    const { context, segmentSteps, hopLength } = this;
    while (this.buffered > (this.lead + segmentSteps + context) * hopLength) {
      const input = this.buffer.subarray(0, (this.lead + segmentSteps + context) * hopLength);
      const end = (this.lead + segmentSteps) * this.stepSize;
      this.sink?.append(this.extractor.extract(input).subarray(this.lead * this.stepSize, end));
      const used = Math.max(0, this.lead + segmentSteps - context);
      this.buffer.copyWithin(0, used * hopLength, this.buffered);
      this.buffered -= used * hopLength;
      this.lead = this.lead + segmentSteps - used;
    }
  }

  /** @returns the samples of the clip, without padding */
  finish(): number {
    const { samples, minimumSamples } = this;
    if (samples < minimumSamples) this.add(new Float32Array(minimumSamples - samples));
    const features = this.extractor.extract(this.buffer.subarray(0, this.buffered));
    this.sink?.append(features.subarray(this.lead * this.stepSize));
    this.sink = undefined;
    return samples;
  }

  private add(samples: Float32Array): void {
    if (this.buffered + samples.length > this.buffer.length) {
      const larger = new Float32Array(Math.max(2 * this.buffer.length, this.buffered + samples.length));
      larger.set(this.buffer.subarray(0, this.buffered));
      this.buffer = larger;
    }
    this.buffer.set(samples, this.buffered);
    this.buffered += samples.length;
  }
}

function contextSteps(config: FrontEndConfig): number {
  if (config.kind === "waveform") return 0;
  const { framing, deltas } = stagesOf(config);
  return Math.ceil(framing.length / framing.hopLength) + (deltas?.width ?? 0);
}
