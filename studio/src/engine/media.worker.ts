/** @file Decodes files and computes spectrograms away from the page's thread. */
import {
  decodeAudio,
  FeatureExtractor,
  frequenciesOf,
  frontEnd,
  resample,
  toMono,
  type FrontEndOptions,
} from "auricle/audio";
import { decodeImage, resizeImage } from "auricle/image";
import { expose, transfer } from "comlink";

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
  /** @param name with its extension, which helps where the bytes are ambiguous */
  async sound(bytes: Uint8Array, name: string) {
    const { samples, sampleRate } = toMono(await decodeAudio(bytes, name));
    return transfer({ samples, sampleRate }, [samples.buffer]);
  },

  /** Values from 0 to 1, grey or RGB, transparent places on white; the longer side is at most `LONGEST_SIDE`. */
  async picture(bytes: Uint8Array, name: string) {
    const decoded = await decodeImage(bytes, name);
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
};
export type Media = typeof media;
expose(media);
