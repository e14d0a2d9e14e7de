/**
 * @file The features of a preparation: in the files of the cache, or in memory where they are few. Browser-safe.
 */

import { featureFiles } from "#here/data/audio/features/cache/feature-files";
import type { FrontEnd } from "../../../audio/front-end/front-end.ts";
import { AuricleError } from "../../../errors.ts";
import { sizeOf } from "../../../tensor/shape.ts";
import type { AudioClip } from "../collection.ts";
import type { FileProblem } from "../../collection/collection.ts";
import type { FeatureStore, PreparationTimings } from "./feature-store.ts";
import type { ClipFeatures } from "./workers/messages.ts";
import { shownValue } from "../../../shown-value.ts";

export interface StoredFeaturesOptions {
  readonly frontEnd: FrontEnd;
  readonly stepShape: readonly number[];
  /** All clips that were asked for; undefined features: the clip is among the problems. */
  readonly clips: readonly { readonly clip: AudioClip; readonly features: ClipFeatures | undefined }[];
  readonly problems: readonly FileProblem[];
  readonly warnings: readonly FileProblem[];
  readonly cacheProblem: string | undefined;
  readonly timings: PreparationTimings;
  /** The number of bytes up to which all features together stay in memory once they were read. */
  readonly memoryLimit: number;
  /** The folder of the cache. */
  readonly cacheFolder: string;
  /** Prepares one clip again. */
  readonly prepareAgain: (clip: AudioClip) => Promise<ClipFeatures>;
}

export class StoredFeatures implements FeatureStore {
  readonly frontEnd: FrontEnd;
  readonly stepShape: readonly number[];
  readonly clips: readonly AudioClip[];
  readonly problems: readonly FileProblem[];
  readonly warnings: readonly FileProblem[];
  readonly cacheProblem: string | undefined;
  readonly kept: NonNullable<FeatureStore["kept"]>;
  readonly timings: PreparationTimings;
  /** By the clips' ids. */
  private readonly entries: Map<string, ClipFeatures | undefined>;
  private readonly inMemory = new Map<string, Float32Array>();
  private readonly keepInMemory: boolean;
  private readonly stepSize: number;
  private readonly prepareAgain: StoredFeaturesOptions["prepareAgain"];

  constructor(options: StoredFeaturesOptions) {
    this.frontEnd = options.frontEnd;
    this.stepShape = options.stepShape;
    this.stepSize = sizeOf(options.stepShape);
    this.problems = options.problems;
    this.warnings = options.warnings;
    this.cacheProblem = options.cacheProblem;
    this.timings = options.timings;
    this.prepareAgain = options.prepareAgain;
    this.clips = options.clips.flatMap(({ clip, features }) => (features ? [clip] : []));
    this.entries = new Map(options.clips.map(({ clip, features }) => [clip.id, features]));
    const inFiles = options.clips.flatMap(({ features }) =>
      features && !features.features ? [features] : [],
    );
    this.kept = {
      folder: options.cacheFolder,
      paths: inFiles.map(({ path }) => path),
      bytes: inFiles.reduce((sum, { steps }) => sum + 4 * steps * this.stepSize, 0),
    };
    const steps = options.clips.reduce((sum, { features }) => sum + (features?.steps ?? 0), 0);
    this.keepInMemory = 4 * steps * this.stepSize <= options.memoryLimit;
    for (const { clip, features } of options.clips) {
      if (features?.features) this.inMemory.set(clip.id, features.features);
    }
  }

  has(clip: AudioClip): boolean {
    if (this.entries.has(clip.id)) return this.entries.get(clip.id) !== undefined;
    throw new AuricleError("argument", `features: ${clip.id} is not one of the prepared clips`);
  }

  frames(clip: AudioClip): number {
    return this.entry(clip).steps;
  }

  duration(clip: AudioClip): number {
    return this.entry(clip).samples / this.frontEnd.sampleRate;
  }

  isSilent(clip: AudioClip): boolean {
    return this.entry(clip).isSilent ?? false;
  }

  content(clip: AudioClip): string {
    return this.entry(clip).content;
  }

  async read(clip: AudioClip, firstFrame: number, frames: number): Promise<Float32Array> {
    if (!Number.isInteger(frames) || frames < 0) {
      throw new AuricleError(
        "argument",
        `features: ${clip.id}: frames must be a whole number from 0; got ${shownValue(frames)}`,
      );
    }
    const into = new Float32Array(frames * this.stepSize);
    while (!this.readNow(clip, firstFrame, into)) {
      if (await this.readFile(clip, firstFrame, into)) break;
      const again = await this.prepareAgain(clip);
      if (again.content !== this.content(clip)) {
        throw new AuricleError(
          "data",
          `features: ${clip.path} has changed since its features were computed; restore the original file or ` +
            "prepare all features again",
        );
      }
      this.entries.set(clip.id, again);
      if (again.features) this.inMemory.set(clip.id, again.features);
    }
    return into;
  }

  readNow(clip: AudioClip, firstFrame: number, into: Float32Array): boolean {
    const { path, steps } = this.entry(clip);
    const frames = into.length / this.stepSize;
    if (!Number.isInteger(firstFrame) || !(firstFrame >= 0 && firstFrame + frames <= steps)) {
      throw new AuricleError(
        "argument",
        `features: ${clip.id} has ${steps} steps; asked for ${frames} from step ${firstFrame}`,
      );
    }
    const first = firstFrame * this.stepSize;
    let features = this.inMemory.get(clip.id);
    if (!features) {
      if (!this.keepInMemory) return featureFiles.readNow(path, first, into);
      features = new Float32Array(steps * this.stepSize);
      if (!featureFiles.readNow(path, 0, features)) return false;
      this.inMemory.set(clip.id, features);
    }
    into.set(features.subarray(first, first + into.length));
    return true;
  }

  /** Reads what cannot be read without waiting. @returns false where the file is gone */
  private async readFile(clip: AudioClip, firstFrame: number, into: Float32Array): Promise<boolean> {
    const { path, steps } = this.entry(clip);
    const first = firstFrame * this.stepSize;
    if (!this.keepInMemory) return featureFiles.read(path, first, into);
    const features = new Float32Array(steps * this.stepSize);
    if (!(await featureFiles.read(path, 0, features))) return false;
    this.inMemory.set(clip.id, features);
    into.set(features.subarray(first, first + into.length));
    return true;
  }

  private entry(clip: AudioClip): ClipFeatures {
    const features = this.has(clip) ? this.entries.get(clip.id) : undefined;
    if (features) return features;
    throw new AuricleError("argument", `features: ${clip.id} could not be read; see the problems`);
  }
}
