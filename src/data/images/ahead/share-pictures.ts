/** @file The pictures of a data set as plain data, for threads that read them ahead. Browser-safe. */

import type { Example } from "../../collection/collection.ts";
import type { PixelStore } from "../pixels/pixel-store.ts";
import type { SharedPictures } from "./ring.ts";

/**
 * Describes pictures of a store for other threads, without copying pixels.
 * @returns undefined where some are in memory that cannot be shared
 */
export function sharePictures(store: PixelStore, examples: readonly Example[]): SharedPictures | undefined {
  const buffers = new Map<SharedArrayBuffer, number>();
  const bufferOf = new Int32Array(examples.length).fill(-1);
  const offsets = new Float64Array(examples.length);
  const files = new Array<string>(examples.length).fill("");
  for (const [i, example] of examples.entries()) {
    const place = store.place(example);
    if (typeof place === "string") files[i] = place;
    else if (place.buffer instanceof SharedArrayBuffer) {
      const number = buffers.get(place.buffer) ?? buffers.size;
      buffers.set(place.buffer, number);
      bufferOf[i] = number;
      offsets[i] = place.byteOffset;
    } else return undefined;
  }
  const width = examples[0].target.length;
  const targets = new Float32Array(examples.length * width);
  examples.forEach(({ target }, i) => targets.set(target, i * width));
  return {
    format: store.format,
    ids: examples.map(({ id }) => id),
    labels: Int32Array.from(examples, ({ label }) => label),
    targets,
    buffers: [...buffers.keys()],
    bufferOf,
    offsets,
    files,
  };
}
