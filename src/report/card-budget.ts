/** @file Sounds and pictures in the room that a page's size leaves for them. Browser-safe. */

import { clipCard } from "./clip-card.ts";
import { orderClips, SHARE_OF_SOUND } from "./clip-order.ts";
import type { ClipView } from "./clip-views.ts";
import type { Html } from "./html.ts";
import type { Task } from "../data/collection/collection.ts";

/** Clips of all evaluations that are shown at most, be it in words alone. */
const LARGEST_LIST = 5000;

/** Every clip's card, by {@link ClipView.key}; a clip that is not listed has none. */
export type ClipCards = ReadonlyMap<string, Html>;

/** The numbers of clips, listed clips, pictures and sounds, which the page states. */
export interface CardCounts {
  readonly clips: number;
  readonly listed: number;
  readonly pictures: number;
  readonly sounds: number;
}

/** Cards in words alone, the most instructive ones where there are too many clips. */
export function plainCards(evaluations: readonly (readonly ClipView[])[], task: Task): Map<string, Html> {
  const { heard, rest } = orderClips(evaluations);
  return new Map(
    [...heard, ...rest]
      .slice(0, LARGEST_LIST)
      .map((view) => [view.key, clipCard(view, task, { picture: false, sound: false })]),
  );
}

/**
 * Puts pictures and sounds into cards as long as there is room.
 * @param plain cards in words alone
 * @param room bytes that the page may grow by
 */
export function fillCards(
  evaluations: readonly (readonly ClipView[])[],
  task: Task,
  plain: ClipCards,
  room: number,
): { readonly cards: ClipCards; readonly counts: CardCounts } {
  const { heard, rest } = orderClips(evaluations);
  const cards = new Map(plain);
  let used = 0;
  let [pictures, sounds] = [0, 0];
  /** Replaces a card if the page stays within the limit. */
  const replace = (view: ClipView, content: { picture: boolean; sound: boolean }, limit: number) => {
    const before = cards.get(view.key);
    if (!before) return false;
    const card = clipCard(view, task, content);
    const growth = byteLength(card.text) - byteLength(before.text);
    if (used + growth > limit) return false;
    used += growth;
    cards.set(view.key, card);
    return true;
  };
  // The first that finds no room ends the line, since the next are as large.
  const isFilled = heard.map(() => false);
  for (const [i, view] of heard.entries()) {
    const { spectrogram, audio } = view.clip.preview ?? {};
    if (!audio) continue;
    isFilled[i] = replace(view, { picture: spectrogram !== undefined, sound: true }, SHARE_OF_SOUND * room);
    if (!isFilled[i]) break;
    sounds++;
    if (spectrogram) pictures++;
  }
  for (const view of [...heard.filter((_, i) => !isFilled[i]), ...rest]) {
    const { spectrogram, picture } = view.clip.preview ?? {};
    if (!spectrogram && !picture) continue;
    if (!replace(view, { picture: true, sound: false }, room)) break;
    pictures++;
  }
  const clips = heard.length + rest.length;
  return { cards, counts: { clips, listed: cards.size, pictures, sounds } };
}

/** In UTF-8. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
