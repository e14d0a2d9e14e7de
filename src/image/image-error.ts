/** @file Errors of pictures. Browser-safe. */

import { AuricleError } from "../errors.ts";
import type { ImageSource } from "./image.ts";

/** `photo.jpg: …` */
export function imageError({ name }: ImageSource, problem: string, cause?: unknown): AuricleError {
  return new AuricleError("file", `${name}: ${problem}`, cause === undefined ? undefined : { cause });
}

export function cutOff(source: ImageSource, what: string): AuricleError {
  return imageError(source, `the ${what} picture is cut off after ${source.bytes.length} bytes`);
}

export function damaged(source: ImageSource, what: string, detail: string, cause?: unknown): AuricleError {
  return imageError(source, `the ${what} picture is damaged: ${detail}`, cause);
}
