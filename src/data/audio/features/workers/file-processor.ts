/**
 * @file The work on one file: which content it has, and for each of its clips whether features are known, or
 * else decoding it and computing them. Browser-safe.
 */

import { frontEnd } from "../../../../audio/front-end/front-end.ts";
import { fileError } from "../../../../io/atomic-file.ts";
import { problemOf } from "../../../../io/file-problem.ts";
import { sizeOf } from "../../../../tensor/shape.ts";
import { SilenceMeter } from "../../inspect/silence.ts";
import { FeatureCache } from "../cache/feature-cache.ts";
import { CHANGING, TRIES, WatchedContent } from "../cache/watched-content.ts";
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

/** The warning for cached features of a defective recording: the cache keeps that there was a warning, not its words. */
const KNOWN_BEFORE = "damaged or inconsistent with its header, as decoding showed";

/** One clip, and whom to tell about it. */
interface ClipJob {
  readonly recording: Recording;
  readonly range: ClipRange;
  readonly content: WatchedContent;
  readonly emit: (message: ProcessorMessage) => void;
  readonly signal: AbortSignal | undefined;
}

/** The file has another content than when it was hashed. */
class ChangedRecording extends Error {}

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
   * Emits the features of each clip, or why there are none; begins again where the file is changed meanwhile.
   * @throws the signal's reason, and errors that are not the file's fault.
   */
  async process(task: FileTask, emit: ClipJob["emit"], signal: AbortSignal | undefined): Promise<void> {
    this.watch = new Stopwatch();
    let again = task;
    for (let tries = 1; !(await this.processOnce(again, emit, signal)); tries++) {
      if (tries === TRIES) {
        for (const { clip } of task.clips) emit({ kind: "problem", clip, problem: CHANGING });
        break;
      }
      again = { ...task, content: undefined };
    }
    emit({ kind: "end", seconds: this.seconds });
  }

  /** @returns false where the file was changed: the emitted results are of content that is gone */
  private async processOnce(
    task: FileTask,
    emit: ClipJob["emit"],
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    let content: WatchedContent;
    try {
      content = await this.contentOf(task, emit);
    } catch (cause) {
      const problem = problemOf(task.path, fileError("read", task.path, cause));
      for (const { clip } of task.clips) emit({ kind: "problem", clip, problem });
      return true;
    }
    const recording = new Recording(task.path, this.watch);
    try {
      for (const range of task.clips) {
        signal?.throwIfAborted();
        try {
          const known = await this.lookUp(content.hash, range);
          const features = known ?? (await this.compute({ recording, range, content, emit, signal }));
          emit({ kind: "clip", clip: range.clip, features, cached: known !== undefined });
        } catch (error) {
          if (error instanceof ChangedRecording) return false;
          if (!(error instanceof UnusableClip)) throw error;
          if (await this.hasChanged(content)) return false;
          emit({ kind: "problem", clip: range.clip, problem: error.message });
        }
      }
    } finally {
      await recording.close();
    }
    return true;
  }

  private async contentOf(task: FileTask, emit: ClipJob["emit"]): Promise<WatchedContent> {
    const content = await this.watch.timeAsync("hash", () => WatchedContent.of(task.path, task));
    const { hash, hashed } = content;
    if (hashed !== undefined) emit({ kind: "content", path: task.path, hash, hashed });
    return content;
  }

  /** A file that is gone has changed too: trying again says how. */
  private hasChanged(content: WatchedContent): Promise<boolean> {
    return this.watch.timeAsync("hash", () =>
      content.isUnchanged().then(
        (isUnchanged) => !isUnchanged,
        () => true,
      ),
    );
  }

  /**
   * Features that are in the cache already: those of the clip as it is, or padded to a whole window. Those of a recording
   * that something is wrong with have another name, so that it is said each time.
   */
  lookUp(content: string, range: ClipRange): Promise<ClipFeatures | undefined> {
    return this.watch.timeAsync("cache", async () => {
      const { minimumSamples } = this.settings;
      for (const warnings of [[], [KNOWN_BEFORE]]) {
        const path = this.path(content, range, 0, warnings);
        const info = await this.cache.lookUp(path, this.stepSize);
        const shared = { content, warnings, features: undefined };
        if (info && info.samples >= minimumSamples) return { ...info, ...shared, path };
        const padded = this.path(content, range, minimumSamples, warnings);
        const paddedInfo = await this.cache.lookUp(padded, this.stepSize);
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

  /** Into the cache, or, from the first time on that this fails, into memory. */
  private async compute(job: ClipJob): Promise<ClipFeatures> {
    if (this.canWrite) {
      try {
        return await this.extract(job, await CacheSink.open(this.cache, this.stepSize));
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
      const silence = new SilenceMeter(sampleRate);
      for await (const block of recording.decode(range, sampleRate)) {
        silence.push(block);
        watch.time("features", () => extractor.push(block));
        emit({ kind: "decoded", seconds: block.length / sampleRate });
        signal?.throwIfAborted();
      }
      const samples = watch.time("features", () => extractor.finish());
      if (await this.hasChanged(content)) throw new ChangedRecording();
      const { hash } = content;
      const warnings = [...recording.warnings];
      const path = this.path(hash, range, samples < minimumSamples ? minimumSamples : 0, warnings);
      const isSilent = silence.isSilent();
      const kept = await watch.timeAsync("cache", () => sink.finish(path, samples, isSilent));
      return { content: hash, warnings, ...kept };
    } catch (error) {
      sink.discard();
      throw error;
    }
  }
}
