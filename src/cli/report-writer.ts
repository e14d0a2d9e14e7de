/** @file Lines of a report on the terminal, no wider than it. */

import { colorsOf, widthOf, type TextStream } from "./terminal.ts";
import { displayWidth, formatCount, shorten } from "./text.ts";

/** Files, pairs and classes that a list names; --json has them all. */
export const MOST_LISTED = 10;

/** Lines of a given width. */
export class ReportWriter {
  readonly width: number;
  readonly colors: ReturnType<typeof colorsOf>;
  private readonly lines: string[] = [];

  constructor(stream: TextStream) {
    this.width = widthOf(stream);
    this.colors = colorsOf(stream);
  }

  get text(): string {
    return this.lines.join("\n");
  }

  line(text: string): void {
    this.lines.push(text);
  }

  gap(): void {
    this.lines.push("");
  }

  heading(text: string): void {
    this.gap();
    this.line(this.colors.bold(text));
  }

  /** As many words a line as fit: the first after `before`, the others below it. */
  paragraph(text: string, before = ""): void {
    const indent = " ".repeat(displayWidth(before));
    const width = this.width - indent.length;
    let line = "";
    let start = before;
    for (const word of text.split(" ")) {
      if (line !== "" && displayWidth(line) + 1 + displayWidth(word) > width) {
        this.line(start + line);
        start = indent;
        line = "";
      }
      line += line === "" ? shorten(word, width) : ` ${word}`;
    }
    this.line(start + line);
  }

  /** As many items as a list names, and how many more there are. */
  list<T>(items: readonly T[], write: (item: T) => void, indent = "  "): void {
    for (const item of items.slice(0, MOST_LISTED)) write(item);
    const others = items.length - MOST_LISTED;
    if (others > 0) this.line(this.colors.dim(`${indent}and ${formatCount(others)} more: --json names all`));
  }
}
