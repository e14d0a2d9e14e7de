/**
 * @file Where the features of a clip go while they are computed: into the cache, or into memory. Browser-safe.
 */

import { fileError } from "../../../../io/atomic-file.ts";
import type { FeatureCache } from "../cache/feature-cache.ts";
import type { FeatureWriter } from "../cache/feature-files.ts";
import type { FeatureSink } from "./clip-extractor.ts";
import type { ClipFeatures } from "./messages.ts";

/** The part of a clip's features that a sink can fill in: all but the recording's content hash and its warnings. */
type SunkFeatures = Omit<ClipFeatures, "content" | "warnings">;

export interface ClipSink extends FeatureSink {
  /**
   * @param path the path of the features in the cache
   * @param samples the number of samples of the recording, without padding
   */
  finish(path: string, samples: number, isSilent: boolean): Promise<SunkFeatures>;
  /** Leaves nothing behind. */
  discard(): void;
}

/** The cache could not be written. */
export class SinkError extends Error {}

/** Throws nothing but {@link SinkError}. */
export class CacheSink implements ClipSink {
  private readonly folder: string;
  private readonly stepSize: number;
  private readonly writer: FeatureWriter;
  private numbers = 0;

  private constructor(folder: string, stepSize: number, writer: FeatureWriter) {
    this.folder = folder;
    this.stepSize = stepSize;
    this.writer = writer;
  }

  static async open(cache: FeatureCache, stepSize: number): Promise<CacheSink> {
    try {
      return new CacheSink(cache.folder, stepSize, await cache.create(stepSize));
    } catch (cause) {
      throw sinkError(cache.folder, cause);
    }
  }

  append(steps: Float32Array): void {
    try {
      this.writer.append(steps);
    } catch (cause) {
      throw sinkError(this.folder, cause);
    }
    this.numbers += steps.length;
  }

  async finish(path: string, samples: number, isSilent: boolean): Promise<SunkFeatures> {
    try {
      await this.writer.finish(path, samples, isSilent);
    } catch (cause) {
      throw sinkError(this.folder, cause);
    }
    const steps = this.numbers / this.stepSize;
    return { steps, samples, ...(isSilent && { isSilent }), path, features: undefined };
  }

  discard(): void {
    this.writer.discard();
  }
}

function sinkError(folder: string, cause: unknown): SinkError {
  return new SinkError(fileError("write features to", folder, cause).message, { cause });
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

  finish(path: string, samples: number, isSilent: boolean): Promise<SunkFeatures> {
    const features = new Float32Array(this.numbers);
    let at = 0;
    for (const piece of this.pieces) {
      features.set(piece, at);
      at += piece.length;
    }
    const steps = this.numbers / this.stepSize;
    return Promise.resolve({ steps, samples, ...(isSilent && { isSilent }), path, features });
  }

  discard(): void {
    this.pieces.length = 0;
  }
}
