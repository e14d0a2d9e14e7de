/**
 * @file The work on one file: which content it has, and for each of its clips whether features are known, or
 * else decoding it and computing them. Node only.
 */

import { frontEnd } from "../../../../audio/front-end/front-end.ts";
import { fileError } from "../../../../io/atomic-file.ts";
import { sizeOf } from "../../../../tensor/shape.ts";
import { hashContent } from "../cache/content-index.ts";
import { FeatureCache } from "../cache/feature-cache.ts";
import { ClipExtractor } from "./clip-extractor.ts";
import { CacheSink, MemorySink, SinkError, type ClipSink } from "./clip-sinks.ts";
import { Recording, UnusableClip } from "./decode-clip.ts";
import type {
  ClipFeatures,
  ClipRange,
  FileTask,
  ProcessorMessage,
  ProcessorSettings,
  StageSeconds,
} from "./messages.ts";
import { Stopwatch } from "./stopwatch.ts";

/** Of features from the cache. */
const KNOWN_BEFORE = "damaged, or not what its header says, as was found when it was decoded";

/** One clip, and whom to tell about it. */
interface ClipJob {
  readonly recording: Recording;
  readonly range: ClipRange;
  /** Hash of the recording's content. */
  readonly content: string;
  readonly emit: (message: ProcessorMessage) => void;
  readonly signal: AbortSignal | undefined;
}

export class FileProcessor {
  private readonly settings: ProcessorSettings;
  private readonly cache: FeatureCache;
  private readonly sampleRate: number;
  private readonly stepSize: number;
  private extractor: ClipExtractor | undefined;
  /** Whether the cache could be written so far. */
  private canWrite = true;
  private watch = new Stopwatch();

  constructor(settings: ProcessorSettings) {
    const front = frontEnd(settings.frontEnd);
    this.settings = settings;
    this.cache = new FeatureCache(settings.cacheFolder);
    this.sampleRate = front.sampleRate;
    this.stepSize = sizeOf(front.outputShape(settings.minimumSamples).slice(1));
  }

  /** Time spent since the last file was begun. */
  get seconds(): StageSeconds {
    return this.watch.seconds;
  }

  /**
   * Emits the features of each clip, or why there are none.
   * @throws the signal's reason, and what is no fault of the file's.
   */
  async process(task: FileTask, emit: ClipJob["emit"], signal: AbortSignal | undefined): Promise<void> {
    this.watch = new Stopwatch();
    const recording = new Recording(task.path, this.watch);
    let { content } = task;
    try {
      for (const range of task.clips) {
        signal?.throwIfAborted();
        try {
          content ??= this.hash(task.path, emit);
          const known = this.lookUp(content, range);
          const features = known ?? (await this.compute({ recording, range, content, emit, signal }));
          emit({ kind: "clip", clip: range.clip, features, cached: known !== undefined });
        } catch (error) {
          if (!(error instanceof UnusableClip)) throw error;
          emit({ kind: "problem", clip: range.clip, problem: error.message });
        }
      }
    } finally {
      await recording.close();
    }
    emit({ kind: "end", seconds: this.seconds });
  }

  /**
   * Features that are in the cache already: those of the clip as it is, or padded to a whole window. Those of a recording
   * that something is wrong with have another name, so that it is said each time.
   */
  lookUp(content: string, range: ClipRange): ClipFeatures | undefined {
    return this.watch.time("cache", () => {
      const { minimumSamples } = this.settings;
      for (const warnings of [[], [KNOWN_BEFORE]]) {
        const path = this.path(content, range, 0, warnings);
        const info = this.cache.lookUp(path, this.stepSize);
        const shared = { content, warnings, features: undefined };
        if (info && info.samples >= minimumSamples) return { ...info, ...shared, path };
        const padded = this.path(content, range, minimumSamples, warnings);
        const paddedInfo = this.cache.lookUp(padded, this.stepSize);
        if (paddedInfo) return { ...paddedInfo, ...shared, path: padded };
      }
      return undefined;
    });
  }

  private path(
    content: string,
    { start, end }: ClipRange,
    paddedTo: number,
    warnings: readonly string[],
  ): string {
    const frontEnd = this.settings.fingerprint + (warnings.length > 0 ? " with warnings" : "");
    return this.cache.path({ content, start, end, frontEnd, paddedTo });
  }

  private hash(path: string, emit: ClipJob["emit"]): string {
    const hashed = Date.now();
    try {
      const hash = this.watch.time("hash", () => hashContent(path));
      emit({ kind: "content", path, hash, hashed });
      return hash;
    } catch (cause) {
      throw new UnusableClip(fileError("read", path, cause).message);
    }
  }

  /** Into the cache, or, from the first time on that this fails, into memory. */
  private async compute(job: ClipJob): Promise<ClipFeatures> {
    if (this.canWrite) {
      try {
        return await this.extract(job, new CacheSink(this.cache, this.stepSize));
      } catch (error) {
        if (!(error instanceof SinkError)) throw error;
        this.canWrite = false;
        job.emit({ kind: "cacheProblem", problem: error.message });
      }
    }
    return this.extract(job, new MemorySink(this.stepSize));
  }

  /** Decodes a clip and computes its features, block by block. */
  private async extract(job: ClipJob, sink: ClipSink): Promise<ClipFeatures> {
    const { recording, range, content, emit, signal } = job;
    const { watch, sampleRate } = this;
    const { frontEnd: config, minimumSamples } = this.settings;
    try {
      this.extractor ??= watch.time("features", () => new ClipExtractor(config, minimumSamples));
      const { extractor } = this;
      extractor.begin({
        append(steps) {
          watch.time("cache", () => sink.append(steps));
        },
      });
      for await (const block of recording.decode(range, sampleRate)) {
        watch.time("features", () => extractor.push(block));
        emit({ kind: "decoded", seconds: block.length / sampleRate });
        signal?.throwIfAborted();
      }
      const samples = watch.time("features", () => extractor.finish());
      const warnings = [...recording.warnings];
      const path = this.path(content, range, samples < minimumSamples ? minimumSamples : 0, warnings);
      return { content, warnings, ...watch.time("cache", () => sink.finish(path, samples)) };
    } catch (error) {
      sink.discard();
      throw error;
    }
  }
}
