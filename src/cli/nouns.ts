/** @file The words for what a run's model answers for. */

import type { KindName } from "../runs/index.ts";
import { formatCount } from "./text.ts";

const NOUNS: Readonly<Record<KindName, readonly [one: string, many: string]>> = {
  sound: ["clip", "clips"],
  images: ["image", "images"],
};

/** "1 clip", "1,000 images". */
export function countExamples(count: number, kind: KindName): string {
  return `${formatCount(count)} ${count === 1 ? NOUNS[kind][0] : NOUNS[kind][1]}`;
}

/** "clip", "image". */
export function oneOf(kind: KindName): string {
  return NOUNS[kind][0];
}

/** "clips", "images". */
export function examplesOf(kind: KindName): string {
  return NOUNS[kind][1];
}
