/** @file A picture as it was found: its file, or its pixels from an archive. Browser-safe. */

import { readHead } from "../../data/collection/read-head.ts";
import type { ImageCollection } from "../../data/images/index.ts";
import { archivedPicture } from "../../data/images/pixels/archive-pixels.ts";
import { AuricleError } from "../../errors.ts";
import { IMAGE_SIGNATURE_BYTES, imageFormatOf } from "../../image/detect-format.ts";
import type { ExampleOriginal } from "../run-kind.ts";

/** @throws AuricleError "file" where it cannot be read, or is no picture. */
export async function originalPicture(
  { archives }: ImageCollection,
  { path, index }: ImageCollection["examples"][number],
): Promise<ExampleOriginal> {
  const archive = archives.get(path);
  if (index !== undefined && archive) return { picture: (await archivedPicture(archive, index)).image };
  const head = await readHead(path, IMAGE_SIGNATURE_BYTES);
  if (!head) throw new AuricleError("file", `${path}: the picture is gone, or cannot be read`);
  const format = imageFormatOf(head);
  if (!format) throw new AuricleError("file", `${path}: not a picture in a known format`);
  return { path, format };
}
