/** @file The pictures of a data set as plain data, for threads that read them ahead. Browser-safe. */

import type { Example } from "../../collection/collection.ts";
import { placesOf } from "../picture-places.ts";
import type { PixelStore } from "../pixels/pixel-store.ts";
import type { SharedPictures } from "./ring.ts";

/**
 * Describes pictures of a store for other threads, without copying pixels.
 * @returns undefined where some are in memory that cannot be shared
 */
export function sharePictures(store: PixelStore, examples: readonly Example[]): SharedPictures | undefined {
  const { buffers, bufferOf, offsets } = placesOf(store, examples);
  const shared = buffers.map(({ buffer }) => buffer).filter(isShared);
  if (shared.length < buffers.length) return undefined;
  const files = examples.map((example, i) => (bufferOf[i] < 0 ? store.file(example) : ""));
  const width = examples[0].target.length;
  const targets = new Float32Array(examples.length * width);
  examples.forEach(({ target }, i) => targets.set(target, i * width));
  return {
    format: store.format,
    ids: examples.map(({ id }) => id),
    labels: Int32Array.from(examples, ({ label }) => label),
    targets,
    buffers: shared,
    bufferOf,
    offsets,
    files,
  };
}

function isShared(buffer: ArrayBufferLike): buffer is SharedArrayBuffer {
  return !(buffer instanceof ArrayBuffer);
}
