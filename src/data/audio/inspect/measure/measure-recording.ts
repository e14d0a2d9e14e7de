/** @file All that is measured of a recording, in one pass and in little memory however long it is. Browser-safe. */

import { sha256 } from "#here/io/sha256";
import { fileSource } from "../../../../audio/decode/audio-file.ts";
import { framesOf, type AudioReader } from "../../../../audio/decode/audio-reader.ts";
import { meanOf } from "../../../../audio/decode/mono.ts";
import { openAudio } from "../../../../audio/decode/open-audio.ts";
import { LARGEST_SAMPLE } from "../../../../audio/decode/usable-samples.ts";
import { AuricleError } from "../../../../errors.ts";
import { LowRateConverter } from "../fingerprint/low-rate.ts";
import { SubFingerprinter } from "../fingerprint/sub-fingerprints.ts";
import { fullScaleOf, LevelMeter } from "./level-meter.ts";
import type { Measurement } from "./measurement.ts";
import { QuietMeter } from "./quiet-meter.ts";

/** Samples that are measured at once: decoders may hand over half a minute of many channels. */
const PIECE_SAMPLES = 2 ** 16;

/** How far measuring is: some more sound was decoded, or all of it was. */
export type MeasuringStep = { readonly seconds: number } | { readonly measurement: Measurement };

/** Measures one recording after the other with a fingerprinter that is compiled once. */
export class RecordingMeter {
  private fingerprinter: SubFingerprinter | undefined;

  /**
   * Yields its progress, and at the end the measurement.
   * @throws AuricleError "file" where it cannot be decoded; "unsupported" where a decoder is not installed.
   */
  async *measure(path: string): AsyncGenerator<MeasuringStep, void> {
    const source = await fileSource(path);
    try {
      yield* this.read(await openAudio(source), path);
    } finally {
      await source.close();
    }
  }

  private async *read(reader: AudioReader, path: string): AsyncGenerator<MeasuringStep, void> {
    const { info } = reader;
    const { sampleRate } = info;
    const fingerprinter = (this.fingerprinter ??= new SubFingerprinter());
    fingerprinter.begin();
    const converter = new LowRateConverter(sampleRate);
    const quietMeter = new QuietMeter(sampleRate);
    const levelMeters = Array.from(
      { length: info.channels },
      () => new LevelMeter(fullScaleOf(info.bitDepth)),
    );
    const hash = sha256().update(`${sampleRate} `);
    let frames = 0;
    for await (const block of framesOf(reader, 0, Infinity)) {
      block.forEach((samples, channel) => levelMeters[channel].push(samples));
      const mono = meanOf(block);
      hash.update(new Uint8Array(mono.buffer, mono.byteOffset, mono.byteLength));
      quietMeter.push(mono);
      for (let at = 0; at < mono.length; at += PIECE_SAMPLES) {
        fingerprinter.push(converter.push(mono.subarray(at, at + PIECE_SAMPLES)));
      }
      frames += mono.length;
      yield { seconds: mono.length / sampleRate };
    }
    if (frames === 0) throw new AuricleError("file", `${path}: no samples could be decoded`);
    fingerprinter.push(converter.finish());
    const measurement = {
      format: info.format,
      codec: info.codec,
      sampleRate,
      channels: info.channels,
      bitDepth: info.bitDepth ?? null,
      claimedFrames: info.frames ?? null,
      frames,
      warnings: [...info.warnings],
      ...summarize(levelMeters, frames),
      quiet: quietMeter.finish(),
      samplesHash: hash.digest(),
      fingerprint: fingerprinter.finish(),
    };
    yield { measurement };
  }
}

function summarize(meters: readonly LevelMeter[], frames: number) {
  const levels = meters.map((meter) => meter.levels());
  const isFinite = levels.every(({ rms, peak }) => Number.isFinite(rms) && peak <= LARGEST_SAMPLE);
  if (!isFinite) return { isFinite, peak: 0, rms: 0, dcOffset: 0, clipped: 0 };
  return {
    isFinite,
    peak: Math.max(...levels.map(({ peak }) => peak)),
    rms: Math.sqrt(levels.reduce((sum, { rms }) => sum + rms * rms, 0) / levels.length),
    dcOffset: Math.max(...levels.map(({ mean }) => Math.abs(mean))),
    clipped: Math.max(...levels.map(({ clipped }) => clipped)) / frames,
  };
}
