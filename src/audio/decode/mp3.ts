/**
 * @file MPEG audio layers I to III, decoded by mpg123. Browser-safe.
 *
 * A layer III decoder's output is late by 529 samples, and encoders put samples of their own before and after the
 * sound. Where LAME's header says how many, exactly the sound comes out, as with FFmpeg; without it nothing is cut.
 */

import {
  describeAudio,
  fileError,
  truncationWarning,
  type AudioBlock,
  type AudioReader,
} from "./audio-reader.ts";
import { textAt, type ByteSource } from "./byte-source.ts";
import { leadingFrames, reservoirFrames } from "./mp3-start.ts";
import { findFrames, parseMpegFrame, sameStream, tagLength, type MpegFrame } from "./mpeg-frames.ts";
import { parseVbri, parseXing, type XingHeader } from "./xing.ts";

/** The delay of a layer III decoder in samples: 528 of its filter bank and 1 by convention. */
const DECODER_DELAY = 529;
const CHUNK_BYTES = 65_536;
const HEADER_BYTES = 4;
/** Bytes at the beginning of a tag that hold its name and its length. */
const TAG_BYTES = 16;
/** A frame's sound laps over that of the next, and the filter bank reaches back as far. */
const OVERLAP_FRAMES = 2;
/** mpg123's filter bank returns to the same phase after so many frames: from there on the bits are the same. */
const PHASE_FRAMES = 8;
const CHECKPOINT_FRAMES = 64 * PHASE_FRAMES;
/** The smallest frame there is; a header that claims more frames than fit is damaged. */
const MIN_FRAME_BYTES = 24;
const LAYER_NAMES = ["I", "II", "III"];

/** Frames in a row, of one stream. */
interface FrameBatch {
  /** Number of the first. */
  readonly index: number;
  readonly frames: readonly Uint8Array[];
}

interface Step {
  readonly frame?: MpegFrame;
  readonly end: number;
  readonly step: "frame" | "tag" | "search" | "wait";
}

/** The stream of frames in a file: what its first frame says, and how to go through it. */
class FrameStream {
  /** Bytes that are neither frames of the stream nor tags, as far as it was gone through. */
  strayBytes = 0;
  /** Offset of every 512th frame that was passed so far. */
  private readonly checkpoints: number[];
  private readonly source: ByteSource;
  private readonly first: MpegFrame;

  constructor(source: ByteSource, first: MpegFrame, offset: number) {
    this.source = source;
    this.first = first;
    this.checkpoints = [offset];
  }

  /** Whole frames from a checkpoint at or before frame `index` on. */
  async *batches(index: number): AsyncGenerator<FrameBatch> {
    const checkpoint = Math.min(Math.floor(index / CHECKPOINT_FRAMES), this.checkpoints.length - 1);
    let next = checkpoint * CHECKPOINT_FRAMES;
    let inStep = true;
    let stray = 0;
    this.strayBytes = 0;
    for (let offset = this.checkpoints[checkpoint]; offset < this.source.size;) {
      const bytes = await this.source.read(offset, CHUNK_BYTES);
      const isEnd = offset + bytes.length >= this.source.size;
      const frames: Uint8Array[] = [];
      const begin = next;
      let at = 0;
      for (let isMore = true; isMore && at < bytes.length;) {
        const { frame, end, step } = this.stepAt(bytes, at, isEnd, inStep);
        isMore = step !== "wait";
        if (step !== "wait") inStep = step !== "search";
        if (step === "search") stray += end - at;
        if (frame) {
          this.strayBytes += stray;
          stray = 0;
          this.pass(next++, offset + end - frame.bytes);
          frames.push(bytes.subarray(end - frame.bytes, end));
        }
        at = end;
      }
      if (frames.length > 0) yield { index: begin, frames };
      // What is left at the end is less than a frame.
      if (at === 0) return;
      offset += at;
    }
  }

  /**
   * The item at `at`, and where it ends: a frame, or a tag; "search": something else, up to where a frame may begin;
   * "wait": the beginning of something that goes on behind `bytes`.
   */
  private stepAt(bytes: Uint8Array, at: number, isEnd: boolean, inStep: boolean): Step {
    const frame = inStep ? parseMpegFrame(bytes, at) : undefined;
    if (frame && sameStream(frame, this.first)) {
      const end = at + frame.bytes;
      return end > bytes.length ? { end: at, step: "wait" } : { frame, end, step: "frame" };
    }
    if (inStep && !isEnd && at + TAG_BYTES > bytes.length) return { end: at, step: "wait" };
    const tag = inStep ? tagLength(bytes, at) : 0;
    if (tag > 0) return { end: at + tag, step: "tag" };
    const found = findFrames(bytes, at, isEnd, this.first);
    if (found.frame && found.offset === at) return this.stepAt(bytes, at, isEnd, true);
    return { end: found.offset, step: found.offset === at ? "wait" : "search" };
  }

  private pass(index: number, offset: number): void {
    if (index === this.checkpoints.length * CHECKPOINT_FRAMES) this.checkpoints.push(offset);
  }
}

/**
 * @param format Under which name it goes: mp3 may stand in a wav file.
 * @throws AuricleError "file" where no whole frame is there.
 */
export async function openMp3(source: ByteSource, format: "mp3" | "wav" = "mp3"): Promise<AudioReader> {
  const head = await source.read(0, CHUNK_BYTES);
  const { offset: start, frame: first } = findFrames(head, 0, head.length === source.size, undefined);
  if (!first) throw fileError(source, "an mp3 file without complete frames");
  const firstBytes = head.subarray(start, start + first.bytes);
  const xing = parseXing(firstBytes, first);
  const header = xing ?? parseVbri(firstBytes);
  const stream = new FrameStream(source, first, start + (header ? first.bytes : 0));
  const warnings: string[] = [];
  const claimed = header?.frames;
  const whole = claimed !== undefined && (await isWhole(source, xing, first, start));
  const frameCount = whole ? claimed : await countFrames(stream);
  if (frameCount === 0) throw fileError(source, "an mp3 file without complete audio frames");
  const seconds = first.samples / first.sampleRate;
  // Some count the frame of the header as well.
  if (!whole && claimed !== undefined && claimed > frameCount + (xing ? 0 : 1)) {
    warnings.push(truncationWarning(claimed * seconds, frameCount * seconds));
  }
  if (stream.strayBytes > 0) {
    warnings.push(
      `damaged: ${stream.strayBytes} bytes between the frames belong to no frame and are left out`,
    );
  }
  const delay = xing?.delay === undefined ? 0 : xing.delay + DECODER_DELAY;
  const padding = whole && xing?.delay !== undefined ? Math.max(0, xing.padding - DECODER_DELAY) : 0;
  const info = describeAudio({
    format,
    codec: `MPEG-${first.version} layer ${LAYER_NAMES[first.layer - 1]}`,
    sampleRate: first.sampleRate,
    channels: first.channels,
    bitDepth: undefined,
    frames: Math.max(0, frameCount * first.samples - delay - padding),
    warnings,
  });
  return {
    info,
    blocks: (from, to) => decodeFrames(source, stream, first, delay, from, to, warnings),
  };
}

/** Whether the file is as long as its header says: neither cut off nor several files put one behind the other. */
async function isWhole(
  source: ByteSource,
  xing: XingHeader | undefined,
  first: MpegFrame,
  offset: number,
): Promise<boolean> {
  const { frames, bytes } = xing ?? {};
  if (frames === undefined || bytes === undefined) return false;
  if (offset + bytes > source.size || frames * MIN_FRAME_BYTES > bytes) return false;
  const behind = await source.read(offset + bytes, 4);
  const next = parseMpegFrame(behind, 0);
  return !(next && sameStream(next, first)) && textAt(behind, 0, 3) !== "ID3";
}

async function countFrames(stream: FrameStream): Promise<number> {
  let count = 0;
  for await (const batch of stream.batches(0)) count = batch.index + batch.frames.length;
  return count;
}

async function* decodeFrames(
  source: ByteSource,
  stream: FrameStream,
  first: MpegFrame,
  delay: number,
  from: number,
  to: number,
  warnings: string[],
): AsyncGenerator<AudioBlock> {
  if (from >= to) return;
  const wanted = Math.floor((from + delay) / first.samples) - OVERLAP_FRAMES;
  const start = Math.max(0, Math.floor(wanted / PHASE_FRAMES) * PHASE_FRAMES);
  const { MPEGDecoder } = await import("mpg123-decoder");
  const decoder = new MPEGDecoder({ enableGapless: false });
  await decoder.ready;
  const decode = (frames: Uint8Array[]): { samples: number; channels: Float32Array[] } => {
    const { channelData, samplesDecoded, errors } = decoder.decodeFrames(frames);
    if (errors.length > 0 && warnings.length === 0) warnings.push(`damaged: ${errors[0].message}`);
    return { samples: samplesDecoded, channels: channelData.slice(0, first.channels) };
  };
  try {
    let position = start * first.samples - delay;
    let before: Uint8Array[] | undefined = [];
    let header = new Uint8Array(0);
    for await (const batch of stream.batches(Math.max(0, start - reservoirFrames(first)))) {
      const skipped = Math.max(0, start - batch.index);
      before?.push(...batch.frames.slice(0, skipped));
      let frames: Uint8Array[] = batch.frames.slice(skipped);
      if (frames.length === 0) continue;
      if (before) {
        const leading = leadingFrames(before.slice(-reservoirFrames(first)), PHASE_FRAMES);
        position -= leading.length * first.samples;
        frames = [...leading, ...frames];
        before = undefined;
      }
      header = frames[0].slice(0, HEADER_BYTES);
      const { samples, channels } = decode(frames);
      if (samples > 0) yield { position, channels };
      position += samples;
      if (position >= to) return;
    }
    // The decoder waits for a header behind the first frame.
    const { samples, channels } = decode([header]);
    if (samples > 0) yield { position, channels };
  } catch (error) {
    throw fileError(source, "the mp3 data are damaged", error);
  } finally {
    decoder.free();
  }
}
