/** @file A sound in a page. Browser-safe. */

import { dataUri } from "./data-uri.ts";
import { html, type Content, type Html } from "./html.ts";

export interface PlayedSound {
  readonly wav: Uint8Array;
  /** For those who hear the page read. */
  readonly label: string;
  /** The beginning of the sound in the picture beside it, in s. */
  readonly start: number;
  /** The length of that picture, in s: the line in it follows the sound. */
  readonly seconds: number;
  readonly note: Content;
}

/** Returns the player. The page's script moves the line in the picture of the same card. */
export function soundPlayer({ wav, label, start, seconds, note }: PlayedSound): Html {
  return html`<div class="player">
    <audio
      controls
      preload="none"
      src="${dataUri("audio/wav", wav)}"
      aria-label="${label}"
      data-start="${start}"
      data-seconds="${seconds}"
    ></audio>
    <span class="note">${note}</span>
  </div>`;
}
