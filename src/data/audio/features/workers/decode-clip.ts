/** @file A clip's sound, block by block, and why it cannot be had. Browser-safe. */

import { openAudioFile, type AudioFile } from "../../../../audio/decode/audio-file.ts";
import { problemOf } from "../../../../io/file-problem.ts";
import type { ClipRange } from "./messages.ts";
import type { Stopwatch } from "./stopwatch.ts";

/** Decoded at once. */
const BLOCK_SECONDS = 10;

/** Why a clip cannot be used, while others can. */
export class UnusableClip extends Error {}

/** A recording that is opened when it is first needed. */
export class Recording {
  readonly path: string;
  private readonly watch: Stopwatch;
  private file: AudioFile | undefined;

  constructor(path: string, watch: Stopwatch) {
    this.path = path;
    this.watch = watch;
  }

  /** The defects of the recording that were found so far and do not prevent decoding it. */
  get warnings(): readonly string[] {
    return this.file?.info.warnings ?? [];
  }

  /** Samples of a clip at some rate, one block after the other. @throws UnusableClip. */
  async *decode({ start, end = Infinity }: ClipRange, sampleRate: number): AsyncGenerator<Float32Array> {
    let iterator: AsyncIterator<{ readonly samples: Float32Array }> | undefined;
    let samples = 0;
    try {
      const file = (this.file ??= await this.watch.timeAsync("decode", () => openAudioFile(this.path)));
      const options = { sampleRate, start, duration: end - start, seconds: BLOCK_SECONDS };
      const blocks = file.blocks(options)[Symbol.asyncIterator]();
      iterator = blocks;
      for (;;) {
        const next = await this.watch.timeAsync("decode", () => blocks.next());
        if (next.done) break;
        samples += next.value.samples.length;
        yield next.value.samples;
      }
    } catch (cause) {
      throw this.unusable(cause);
    } finally {
      await iterator?.return?.();
    }
    if (samples === 0) throw new UnusableClip(`no samples could be decoded${describeRange(start, end)}`);
  }

  async close(): Promise<void> {
    await this.file?.close();
  }

  /** Decoders' messages begin with the file's name, which is left out here. */
  private unusable(cause: unknown): UnusableClip {
    return new UnusableClip(problemOf(this.path, cause), { cause });
  }
}

function describeRange(start: number, end: number): string {
  if (start === 0 && end === Infinity) return "";
  return ` between ${start} s and ${end === Infinity ? "the end" : `${end} s`}`;
}
