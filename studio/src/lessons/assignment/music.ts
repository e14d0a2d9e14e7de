/** @file The music of the lesson: which excerpts there are, and in which part each belongs. */
import { deriveKey, Generator } from "auricle";
import { STYLE_NAMES } from "auricle/data";

/** Seconds of an excerpt; each track has two of them. */
export const EXCERPT_SECONDS = 3;
export const EXCERPTS = 2;
/** Tracks of each style: for training, validation and test. */
export const TRACKS = { train: 6, validation: 2, test: 3 } as const;
export type Part = keyof typeof TRACKS;
const PARTS = Object.keys(TRACKS) as Part[];

/** "tracks": all excerpts of a track are in one part. "excerpts": they are dealt out one by one, which leaks. */
export type Split = "tracks" | "excerpts";

export interface Excerpt {
  readonly style: string;
  /** Within its style. */
  readonly track: number;
  readonly excerpt: number;
  /** As both splits name it; the part comes before: "blues/blues.00003.1.wav". */
  readonly name: string;
}

/** All excerpts, style after style. */
export function excerpts(): Excerpt[] {
  const tracks = PARTS.reduce((sum, part) => sum + TRACKS[part], 0);
  return STYLE_NAMES.flatMap((style) =>
    Array.from({ length: tracks * EXCERPTS }, (_, i): Excerpt => {
      const [track, excerpt] = [Math.floor(i / EXCERPTS), i % EXCERPTS];
      return {
        style,
        track,
        excerpt,
        name: `${style}/${style}.${String(track).padStart(5, "0")}.${excerpt}.wav`,
      };
    }),
  );
}

/**
 * The part of each excerpt. Both splits have equally many excerpts of each style in each part.
 * @returns parts by the excerpts' names
 */
export function partsOf(all: readonly Excerpt[], split: Split): ReadonlyMap<string, Part> {
  const parts = new Map<string, Part>();
  for (const style of STYLE_NAMES) {
    const own = all.filter((one) => one.style === style);
    const order = split === "tracks" ? own : shuffled(own, new Generator(deriveKey(5, "split", style)));
    let at = 0;
    for (const part of PARTS) {
      for (const { name } of order.slice(at, (at += TRACKS[part] * EXCERPTS))) parts.set(name, part);
    }
  }
  return parts;
}

/** How many excerpts of the test part have another one of their track in training. */
export function leakedTests(all: readonly Excerpt[], parts: ReadonlyMap<string, Part>): number {
  const trackOf = ({ style, track }: Excerpt) => `${style} ${track}`;
  const heard = new Set(all.filter(({ name }) => parts.get(name) === "train").map(trackOf));
  return all.filter((one) => parts.get(one.name) === "test" && heard.has(trackOf(one))).length;
}

/** Fisher and Yates' shuffle. */
function shuffled<T>(items: readonly T[], generator: Generator): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(generator.uniform() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
