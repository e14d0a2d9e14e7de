/** @file Sounds and pictures in the room that a page's size leaves for them. Browser-safe. */

import { exampleCard } from "./example-card.ts";
import { orderExamples, SHARE_OF_SOUND } from "./example-order.ts";
import type { ExampleView } from "./example-views.ts";
import type { Html } from "./html.ts";
import type { Task } from "../data/collection/collection.ts";

/** Examples of all evaluations that are shown at most, be it in words alone. */
const LARGEST_LIST = 5000;

/** Every example's card, by {@link ExampleView.key}; an example that is not listed has none. */
export type ExampleCards = ReadonlyMap<string, Html>;

/** The numbers of examples, listed ones, pictures and sounds, which the page states. */
export interface CardCounts {
  readonly examples: number;
  readonly listed: number;
  readonly pictures: number;
  readonly sounds: number;
}

/** Cards in words alone, the most instructive ones where there are too many examples. */
export function plainCards(evaluations: readonly (readonly ExampleView[])[], task: Task): Map<string, Html> {
  const { telling, rest } = orderExamples(evaluations);
  return new Map(
    [...telling, ...rest]
      .slice(0, LARGEST_LIST)
      .map((view) => [view.key, exampleCard(view, task, { picture: false, sound: false })]),
  );
}

/**
 * Puts pictures and sounds into cards as long as there is room.
 * @param plain cards in words alone
 * @param room bytes that the page may grow by
 */
export function fillCards(
  evaluations: readonly (readonly ExampleView[])[],
  task: Task,
  plain: ExampleCards,
  room: number,
): { readonly cards: ExampleCards; readonly counts: CardCounts } {
  const { telling, rest } = orderExamples(evaluations);
  const cards = new Map(plain);
  let used = 0;
  let [pictures, sounds] = [0, 0];
  /** Replaces a card if the page stays within the limit. */
  const replace = (view: ExampleView, content: { picture: boolean; sound: boolean }, limit: number) => {
    const before = cards.get(view.key);
    if (!before) return false;
    const card = exampleCard(view, task, content);
    const growth = byteLength(card.text) - byteLength(before.text);
    if (used + growth > limit) return false;
    used += growth;
    cards.set(view.key, card);
    return true;
  };
  // The first that finds no room ends the line, since the next are as large.
  const isFilled = telling.map(() => false);
  for (const [i, view] of telling.entries()) {
    const { spectrogram, audio } = view.result.preview ?? {};
    if (!audio) continue;
    isFilled[i] = replace(view, { picture: spectrogram !== undefined, sound: true }, SHARE_OF_SOUND * room);
    if (!isFilled[i]) break;
    sounds++;
    if (spectrogram) pictures++;
  }
  for (const view of [...telling.filter((_, i) => !isFilled[i]), ...rest]) {
    const { spectrogram, picture } = view.result.preview ?? {};
    if (!spectrogram && !picture) continue;
    if (!replace(view, { picture: true, sound: false }, room)) break;
    pictures++;
  }
  const examples = telling.length + rest.length;
  return { cards, counts: { examples, listed: cards.size, pictures, sounds } };
}

/** In UTF-8. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
