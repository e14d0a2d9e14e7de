/** @file One line at the bottom of a terminal that is drawn again and again, with the cursor hidden. */

import { shorten } from "./text.ts";
import { widthOf, type TextStream } from "./terminal.ts";

/** Least milliseconds between two drawings. */
const INTERVAL = 100;

const HIDE_CURSOR = "\u001B[?25l";
/** Also what a process writes that ends in the middle of a drawing. */
export const SHOW_CURSOR = "\u001B[?25h";
const ERASE_LINE = "\r\u001B[2K";

/** Draws nothing where the stream is no terminal. */
export class LiveLine {
  private readonly stream: TextStream;
  private isShown = false;
  private drawnAt = -Infinity;

  constructor(stream: TextStream) {
    this.stream = stream;
  }

  /** Draws what `compose` gives for the width of the line, unless it has been drawn just now. */
  draw(compose: (width: number) => string): void {
    if (!this.stream.isTTY) return;
    const now = performance.now();
    if (now - this.drawnAt < INTERVAL) return;
    this.drawnAt = now;
    // Room for the ^C that a terminal shows, since the line could not be erased if it went over the edge.
    const width = widthOf(this.stream) - 3;
    const start = this.isShown ? ERASE_LINE : HIDE_CURSOR + ERASE_LINE;
    this.stream.write(start + shorten(compose(width), width));
    this.isShown = true;
  }

  /** Takes the line away and gives the cursor back; the next `draw` shows it again. */
  clear(): void {
    if (!this.isShown) return;
    this.stream.write(ERASE_LINE + SHOW_CURSOR);
    this.isShown = false;
    this.drawnAt = -Infinity;
  }
}
