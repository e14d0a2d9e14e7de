/**
 * @file Where the features of a clip go while they are computed: into the cache, or into memory. Node only.
 */

import { fileError } from "../../../../io/atomic-file.ts";
import type { FeatureCache } from "../cache/feature-cache.ts";
import type { FeatureFileWriter } from "../cache/feature-file.ts";
import type { FeatureSink } from "./clip-extractor.ts";
import type { ClipFeatures } from "./messages.ts";

/** The part of a clip's features that a sink can fill in: all but the recording's content hash and its warnings. */
type SunkFeatures = Omit<ClipFeatures, "content" | "warnings">;

export interface ClipSink extends FeatureSink {
  /**
   * @param path the path of the features in the cache
   * @param samples the number of samples of the recording, without padding
   */
  finish(path: string, samples: number, isSilent: boolean): SunkFeatures;
  /** Leaves nothing behind. */
  discard(): void;
}

/** The cache could not be written. */
export class SinkError extends Error {}

/** Throws nothing but {@link SinkError}. */
export class CacheSink implements ClipSink {
  private readonly folder: string;
  private readonly stepSize: number;
  private readonly writer: FeatureFileWriter;
  private numbers = 0;

  constructor(cache: FeatureCache, stepSize: number) {
    this.folder = cache.folder;
    this.stepSize = stepSize;
    this.writer = this.guard(() => cache.create(stepSize));
  }

  append(steps: Float32Array): void {
    this.guard(() => this.writer.append(steps));
    this.numbers += steps.length;
  }

  finish(path: string, samples: number, isSilent: boolean): SunkFeatures {
    this.guard(() => this.writer.finish(path, samples, isSilent));
    const steps = this.numbers / this.stepSize;
    return { steps, samples, ...(isSilent && { isSilent }), path, features: undefined };
  }

  discard(): void {
    this.writer.discard();
  }

  private guard<T>(write: () => T): T {
    try {
      return write();
    } catch (cause) {
      throw new SinkError(fileError("write features to", this.folder, cause).message, { cause });
    }
  }
}

export class MemorySink implements ClipSink {
  private readonly stepSize: number;
  private readonly pieces: Float32Array[] = [];
  private numbers = 0;

  constructor(stepSize: number) {
    this.stepSize = stepSize;
  }

  append(steps: Float32Array): void {
    this.pieces.push(steps.slice());
    this.numbers += steps.length;
  }

  finish(path: string, samples: number, isSilent: boolean): SunkFeatures {
    const features = new Float32Array(this.numbers);
    let at = 0;
    for (const piece of this.pieces) {
      features.set(piece, at);
      at += piece.length;
    }
    return { steps: this.numbers / this.stepSize, samples, ...(isSilent && { isSilent }), path, features };
  }

  discard(): void {
    this.pieces.length = 0;
  }
}
