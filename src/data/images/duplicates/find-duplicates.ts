/** @file Which pictures show the same, so that a split can keep them together. Browser-safe. */

import type { ExampleLink } from "../../collection/collection.ts";
import { BitIndex } from "./bit-index.ts";
import { THUMBNAIL_BYTES, type PictureFingerprint } from "./fingerprint.ts";
import { likeness, thumbnailViews } from "./likeness.ts";

/** Two pictures that show the same. */
export interface PictureDuplicate extends ExampleLink {
  readonly kind:
    /** The files are the same, byte for byte. */
    | "file"
    /** The pixels are the same, in different files. */
    | "pixels"
    /** The same picture in another size or encoding, brighter, cropped a little, … */
    | "picture";
  /** The share of one picture's variance that the other explains: 1 for the same pixels, 0 for any two pictures. */
  readonly similarity: number;
}

/** A picture to be compared with others. */
export interface ComparedPicture {
  readonly id: string;
  /** SHA-256 of the picture's file or, in an archive, of its pixels. */
  readonly content: string;
  /** SHA-256 of the size and pixels, upright. */
  readonly pixelsHash: string;
  /** Undefined: only exact copies of it are looked for. */
  readonly fingerprint: PictureFingerprint | undefined;
}

/** From this similarity on, pictures count as the same: see docs/images.md for what that finds. */
const LEAST_SIMILARITY = 0.95;
/** A thumbnail with less variance is one colour, and says nothing: a standard deviation of 2 of 255. */
const LEAST_SPREAD = 2 ** 2 * THUMBNAIL_BYTES;

/** How long the event loop may wait, in milliseconds. */
const TURN_MILLISECONDS = 30;

/**
 * Finds pictures that show the same: copies of files, the same pixels in other files, and pictures that were encoded again,
 * resized, made brighter or darker, or cropped by some percent. Mirrored and turned pictures, larger crops, and other pictures of the
 * same thing are not found.
 * @returns pairs that connect all pictures that show the same, though not each with each; in the order of the pictures
 * @throws the signal's reason
 */
export async function findPictureDuplicates(
  pictures: readonly ComparedPicture[],
  signal?: AbortSignal,
): Promise<PictureDuplicate[]> {
  signal?.throwIfAborted();
  const order = new Map(pictures.map(({ id }, i) => [id, i]));
  const duplicates: PictureDuplicate[] = [];
  const byContent = dropCopies(pictures, "file", ({ content }) => content, duplicates);
  const distinct = dropCopies(byContent, "pixels", ({ pixelsHash }) => pixelsHash, duplicates);
  await findAlike(distinct, duplicates, signal);
  const position = (id: string) => order.get(id) ?? 0;
  return duplicates.sort((x, y) => position(x.a) - position(y.a) || position(x.b) - position(y.b));
}

/** The pictures without those whose key another one before had; these are added to `duplicates`. */
function dropCopies(
  pictures: readonly ComparedPicture[],
  kind: PictureDuplicate["kind"],
  key: (picture: ComparedPicture) => string,
  duplicates: PictureDuplicate[],
): ComparedPicture[] {
  const first = new Map<string, ComparedPicture>();
  return pictures.filter((picture) => {
    const original = first.get(key(picture));
    if (original) duplicates.push({ a: original.id, b: picture.id, kind, similarity: 1 });
    else first.set(key(picture), picture);
    return original === undefined;
  });
}

/** Adds pairs that are alike; those that others connect already are not compared. */
async function findAlike(
  pictures: readonly ComparedPicture[],
  duplicates: PictureDuplicate[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const index = new BitIndex();
  const seen: { readonly id: string; readonly views: ReturnType<typeof thumbnailViews> }[] = [];
  const parents: number[] = [];
  let turn = performance.now();
  for (const { id, fingerprint } of pictures) {
    if (!fingerprint) continue;
    const views = thumbnailViews(fingerprint.thumbnail);
    if (views.color.spread < LEAST_SPREAD) continue;
    const own = seen.length;
    parents.push(own);
    for (const other of index.findAndAdd(fingerprint.words)) {
      if (rootOf(parents, other) === rootOf(parents, own)) continue;
      const similarity = similarityOf(seen[other].views, views);
      if (similarity < LEAST_SIMILARITY) continue;
      duplicates.push({ a: seen[other].id, b: id, kind: "picture", similarity });
      parents[rootOf(parents, own)] = rootOf(parents, other);
    }
    seen.push({ id, views });
    if (performance.now() - turn > TURN_MILLISECONDS) {
      await new Promise((resolve) => setTimeout(resolve));
      signal?.throwIfAborted();
      turn = performance.now();
    }
  }
}

/** A grey picture is compared with the other one's grey. */
function similarityOf(a: ReturnType<typeof thumbnailViews>, b: ReturnType<typeof thumbnailViews>): number {
  return a.isGrey || b.isGrey ? likeness(a.grey, b.grey) : likeness(a.color, b.color);
}

function rootOf(parents: number[], i: number): number {
  while (parents[i] !== i) i = parents[i] = parents[parents[i]];
  return i;
}
