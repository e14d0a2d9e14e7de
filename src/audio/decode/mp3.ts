/**
 * @file MPEG audio layers I to III, decoded by mpg123. Browser-safe.
 *
 * A layer III decoder's output is late by 529 samples, and encoders put samples of their own before and after the
 * sound. Where LAME's header says how many, exactly the sound comes out, as with FFmpeg; without it nothing is cut.
 */

import { describeAudio, fileError, type AudioBlock, type AudioReader } from "./audio-reader.ts";
import { chunksOf, textAt, type ByteSource } from "./byte-source.ts";
import { findFirstFrame, parseMpegFrame, sameStream, type MpegFrame } from "./mpeg-frames.ts";
import { parseXing, type XingHeader } from "./xing.ts";

/** Of a layer III decoder: 528 for its filter bank and 1 by convention. */
const DECODER_DELAY = 529;
const CHUNK_BYTES = 65_536;
/** A frame may use bits that up to 11 earlier ones left over; these are decoded first and dropped. */
const RESERVOIR_FRAMES = 12;
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

/** The stream of frames in a file: what its first frame says, and how to go through it. */
class FrameStream {
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
    let offset = this.checkpoints[checkpoint];
    let rest = new Uint8Array(0);
    for await (const chunk of chunksOf(this.source, offset, this.source.size, CHUNK_BYTES)) {
      const bytes = joined(rest, chunk);
      const frames: Uint8Array[] = [];
      const begin = next;
      let at = 0;
      for (;;) {
        const frame = parseMpegFrame(bytes, at);
        if (!frame || !sameStream(frame, this.first)) {
          if (at + MIN_FRAME_BYTES > bytes.length) break;
          // Something else stands between the frames, or after them.
          at += 1 + (findFirstFrame(bytes.subarray(at + 1)) ?? bytes.length - at - 1);
          continue;
        }
        if (at + frame.bytes > bytes.length) break;
        this.pass(next, offset + at);
        frames.push(bytes.subarray(at, at + frame.bytes));
        at += frame.bytes;
        next++;
      }
      if (frames.length > 0) yield { index: begin, frames };
      rest = bytes.slice(at);
      offset += at;
    }
  }

  private pass(index: number, offset: number): void {
    if (index === this.checkpoints.length * CHECKPOINT_FRAMES) this.checkpoints.push(offset);
  }
}

/** @throws AuricleError "file" where no whole frame is there. */
export async function openMp3(source: ByteSource): Promise<AudioReader> {
  const head = await source.read(0, CHUNK_BYTES);
  const start = findFirstFrame(head);
  const first = start === undefined ? undefined : parseMpegFrame(head, start);
  if (start === undefined || !first) throw fileError(source, "an mp3 file without any whole frame");
  const xing = parseXing(head.subarray(start, start + first.bytes), first);
  const stream = new FrameStream(source, first, start + (xing ? first.bytes : 0));
  const warnings: string[] = [];
  const claimed = xing?.frames;
  const whole = claimed !== undefined && (await isWhole(source, xing, first, start));
  const frameCount = whole ? claimed : await countFrames(stream);
  if (frameCount === 0) throw fileError(source, "an mp3 file without any whole frame of sound");
  const seconds = first.samples / first.sampleRate;
  if (!whole && claimed !== undefined && claimed > frameCount) {
    const present = (frameCount * seconds).toFixed(1);
    warnings.push(`truncated: the header says ${(claimed * seconds).toFixed(1)} s, ${present} s are there`);
  }
  const delay = xing?.delay === undefined ? 0 : xing.delay + DECODER_DELAY;
  const padding = whole && xing?.delay !== undefined ? Math.max(0, xing.padding - DECODER_DELAY) : 0;
  const frames = Math.max(0, frameCount * first.samples - delay - padding);
  const info = describeAudio({
    format: "mp3",
    codec: `MPEG-${first.version} layer ${LAYER_NAMES[first.layer - 1]}`,
    sampleRate: first.sampleRate,
    channels: first.channels,
    bitDepth: undefined,
    frames,
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
  const wanted = Math.floor((from + delay) / first.samples) - RESERVOIR_FRAMES;
  const start = Math.max(0, Math.floor(wanted / PHASE_FRAMES) * PHASE_FRAMES);
  const { MPEGDecoder } = await import("mpg123-decoder");
  const decoder = new MPEGDecoder({ enableGapless: false });
  await decoder.ready;
  try {
    let position = start * first.samples - delay;
    for await (const batch of stream.batches(start)) {
      const skipped = Math.max(0, start - batch.index);
      if (skipped >= batch.frames.length) continue;
      const { channelData, samplesDecoded, errors } = decoder.decodeFrames(batch.frames.slice(skipped));
      if (errors.length > 0 && warnings.length === 0) warnings.push(`damaged: ${errors[0].message}`);
      if (samplesDecoded > 0) yield { position, channels: channelData.slice(0, first.channels) };
      position += samplesDecoded;
      if (position >= to) return;
    }
  } catch (error) {
    throw fileError(source, "the mp3 data are damaged", error);
  } finally {
    decoder.free();
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}
