/**
 * @file Measurements of recordings, kept among the cached features by the recording's content. Browser-safe.
 *
 * A file holds 32-bit words: the number of bytes of JSON, the JSON padded with spaces to whole words, the fingerprint.
 */

import { featureFiles } from "#here/data/audio/features/cache/feature-files";
import { FeatureCache, type FeatureKey } from "../../features/cache/feature-cache.ts";
import type { Measurement } from "./measurement.ts";

/** Raised when the measurements change. */
const VERSION = 1;

export class MeasurementCache {
  private readonly cache: FeatureCache;

  constructor(folder: string) {
    this.cache = new FeatureCache(folder);
  }

  /** @param content hash of the recording's content */
  async lookUp(content: string): Promise<Measurement | undefined> {
    const path = this.cache.path(keyOf(content));
    const info = await this.cache.lookUp(path, 1);
    if (!info) return undefined;
    const words = new Uint32Array(info.steps);
    if (!(await featureFiles.read(path, 0, new Float32Array(words.buffer)))) return undefined;
    const bytes = new Uint8Array(words.buffer, 4, words[0]);
    const fields = JSON.parse(new TextDecoder().decode(bytes)) as Omit<Measurement, "fingerprint">;
    return { ...fields, fingerprint: words.slice(1 + Math.ceil(words[0] / 4)) };
  }

  /** @throws an error of the file system. */
  async store(content: string, { fingerprint, ...fields }: Measurement): Promise<void> {
    const bytes = new TextEncoder().encode(JSON.stringify(fields));
    const textWords = Math.ceil(bytes.length / 4);
    const words = new Uint32Array(1 + textWords + fingerprint.length);
    words[0] = bytes.length;
    new Uint8Array(words.buffer).fill(0x20, 4, 4 + 4 * textWords);
    new Uint8Array(words.buffer).set(bytes, 4);
    words.set(fingerprint, 1 + textWords);
    const writer = await this.cache.create(1);
    try {
      writer.append(new Float32Array(words.buffer));
      await writer.finish(this.cache.path(keyOf(content)), fields.frames);
    } catch (error) {
      writer.discard();
      throw error;
    }
  }
}

function keyOf(content: string): FeatureKey {
  return { content, start: 0, end: undefined, frontEnd: `measurement ${VERSION}`, paddedTo: 0 };
}
