/** @file The studio's own music: ten styles under the names of genres, imitated by the library. */
import { STYLE_NAMES } from "auricle/data";
import { wrap } from "comlink";
import { EXCERPTS, type Excerpt, type Material } from "./material.ts";
import type { ExcerptMaker } from "./excerpts.worker.ts";

/** Tracks of each style. */
const TRACKS = 11;

/** All excerpts, style after style. */
function excerpts(): Excerpt[] {
  return STYLE_NAMES.flatMap((style, label) =>
    Array.from({ length: TRACKS * EXCERPTS }, (_, i): Excerpt => {
      const [track, excerpt] = [Math.floor(i / EXCERPTS), i % EXCERPTS];
      const title = `${style}.${String(track).padStart(5, "0")}.${excerpt}.wav`;
      return { label, track, title, path: `${style}/${title}` };
    }),
  );
}

let rendered: Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> | undefined;

export const MUSIC: Material = {
  name: "music",
  classNames: STYLE_NAMES,
  excerpts: excerpts(),
  isBuiltIn: true,
  load(tell) {
    rendered ??= render(tell);
    return rendered;
  },
};

async function render(tell: (part: number) => void): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
  const worker = new Worker(new URL("./excerpts.worker.ts", import.meta.url), { type: "module" });
  const maker = wrap<ExcerptMaker>(worker);
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  try {
    for (const [label, style] of STYLE_NAMES.entries()) {
      for (let track = 0; track < TRACKS; track++) {
        const own = MUSIC.excerpts.filter((one) => one.label === label && one.track === track);
        const made = await maker.render(style, track);
        own.forEach(({ path }, i) => files.set(path, made[i]));
        tell(files.size / MUSIC.excerpts.length);
      }
    }
    return files;
  } catch (error) {
    rendered = undefined;
    throw error;
  } finally {
    worker.terminate();
  }
}
