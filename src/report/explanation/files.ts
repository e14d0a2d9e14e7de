/** @file The files of an explanation: pictures, sounds and a page. Browser-safe. */

import { pngOf } from "./canvas.ts";
import type { ExplanationData, SoundClip } from "./explanation-data.ts";
import { filterPicture } from "./filter-picture.ts";
import { framed } from "./framed.ts";
import { overlay } from "./overlay.ts";
import { explanationPage } from "./page.ts";

/** The name of the page among the files. */
export const PAGE_NAME = "explanation.html";

/** A file by its name; a slash stands between folder and file. */
export interface ExplanationFile {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** Draws and writes all files of an explanation, the page last: where it is, all others are. */
export function explanationFiles(data: ExplanationData): readonly ExplanationFile[] {
  const { scene, maps, layers, sound, filters, filterSound } = data;
  const clip = (name: string, one: SoundClip | undefined): ExplanationFile[] =>
    one ? [{ name: `${name}.wav`, content: one.wav }] : [];
  return [
    { name: "input.png", content: pngOf(framed(scene, "Input")) },
    ...clip("input", sound),
    ...maps.flatMap(({ key, title, values, kept, removed }) => [
      { name: `${key}.png`, content: pngOf(framed(scene, title, overlay(scene, values))) },
      ...clip(`${key}-kept`, kept),
      ...clip(`${key}-removed`, removed),
    ]),
    ...layers.map(({ layer, sheet }, i) => ({
      name: `layers/${String(i + 1).padStart(2, "0")}-${fileName(layer)}.png`,
      content: pngOf(sheet),
    })),
    ...(filters ? [{ name: "filters.png", content: pngOf(filterPicture(filters)) }] : []),
    ...(filterSound
      ? [
          { name: "filters.wav", content: filterSound.wav },
          ...filterSound.files.map(({ name, wav }) => ({ name: `filters/${name}.wav`, content: wav })),
        ]
      : []),
    { name: PAGE_NAME, content: explanationPage(data) },
  ];
}

/** A layer's name as part of a file's name on every system. */
function fileName(layer: string): string {
  return layer.replace(/[^\p{L}\p{N}_-]+/gu, "-").slice(0, 80) || "layer";
}
