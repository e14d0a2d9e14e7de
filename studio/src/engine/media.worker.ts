/** @file Decodes files, and computes spectrograms and outlines away from the page's thread. */
import {
  audioInfo,
  decodeAudio,
  decodeMono,
  FeatureExtractor,
  frequenciesOf,
  frontEnd,
  resample,
  type FrontEndOptions,
} from "auricle/audio";
import { keepSound } from "auricle/explain";
import { decodeImage, resizeImage } from "auricle/image";
import { expose, transfer } from "comlink";
import { outlineOf } from "../figures/envelope.ts";
import { bandGains } from "../sound/band-gains.ts";
import { spectraOf, spectrogramTile, type TileRequest } from "./stft.ts";
import { tileLevels, type TileScale } from "./tile-levels.ts";

/** More than a screen shows beside other things. */
const LONGEST_SIDE = 640;

/** Compiled front ends by their options. */
const extractors = new Map<string, FeatureExtractor>();

function extractorOf(options: FrontEndOptions): FeatureExtractor {
  const key = JSON.stringify(options);
  const extractor = extractors.get(key) ?? new FeatureExtractor(frontEnd(options), { threads: 1 });
  extractors.set(key, extractor);
  return extractor;
}

const media = {
  /** One channel, the mean of all, at the file's own rate. The file is read as it is decoded. */
  async sound(file: Blob, name: string) {
    const { channels } = await audioInfo(file, name);
    const { samples, sampleRate } = await decodeMono(file, {}, name);
    return transfer({ samples, sampleRate, channels }, [samples.buffer]);
  },

  /** All channels of a recording. */
  async channels(file: Blob, name: string) {
    const { channels } = await decodeAudio(await file.arrayBuffer(), name);
    return transfer(
      channels,
      channels.map(({ buffer }) => buffer),
    );
  },

  /** Values from 0 to 1, grey or RGB, transparent places on white; the longer side is at most `LONGEST_SIDE`. */
  async picture(file: Blob, name: string) {
    const decoded = await decodeImage(await file.arrayBuffer(), name);
    const scale = Math.min(1, LONGEST_SIDE / Math.max(decoded.width, decoded.height));
    const [width, height] = [decoded.width, decoded.height].map((size) =>
      Math.max(1, Math.round(scale * size)),
    );
    const { data, channels } = resizeImage(decoded, { width, height, fit: "stretch" });
    const values = Float32Array.from(data, (value) => value / 255);
    return transfer({ width, height, channels, values }, [values.buffer]);
  },

  /**
   * Features of a sound by a front end, resampled to its rate.
   * @returns values of `shape`, [frames, rows, channels], and the rows' frequencies in Hz where they have any
   */
  async features(samples: Float32Array, sampleRate: number, options: FrontEndOptions) {
    const extractor = extractorOf(options);
    const audio = await resample({ samples, sampleRate }, extractor.frontEnd.sampleRate);
    const values = extractor.extract(audio);
    const shape = extractor.frontEnd.outputShape(audio.samples.length);
    return transfer({ values, shape, frequencies: frequenciesOf(extractor.frontEnd) }, [values.buffer]);
  },

  async resampled(samples: Float32Array, from: number, to: number) {
    const { samples: result } = await resample({ samples, sampleRate: from }, to);
    return transfer(result, [result.buffer]);
  },

  /** Least and greatest samples in blocks. */
  outline(samples: Float32Array) {
    const { low, high } = outlineOf(samples);
    return transfer({ low, high }, [low.buffer, high.buffer]);
  },

  /** A tile of a spectrogram, as numbers of colours; the request comes back, with its array of frames. */
  spectrogramTile(request: TileRequest, scale: TileScale) {
    const tile = tileLevels(spectrogramTile(request), request.columns, scale);
    return transfer({ ...tile, request }, [tile.levels.buffer, request.frames.buffer]);
  },

  /** Real and imaginary parts of one frame, `[fftSize / 2 + 1, 2]`. */
  spectrum(frame: Float32Array) {
    const spectrum = spectraOf(frame, frame.length, "complex");
    return transfer(spectrum, [spectrum.buffer]);
  },

  /** The samples with the frequencies of a band alone, in Hz, by a mask on the transform. */
  band(samples: Float32Array, sampleRate: number, low: number, high: number) {
    const gains = bandGains(low, high);
    const { kept } = keepSound({ samples, sampleRate }, gains, { keep: "soft" });
    return transfer(kept, [kept.buffer]);
  },
};
export type Media = typeof media;
expose(media);
