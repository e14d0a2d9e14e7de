/** @file A stream that keeps its text, for tests of a command's output. */

import type { TextStream } from "../terminal.ts";

export class FakeStream implements TextStream {
  text = "";
  readonly isTTY: boolean;
  readonly columns: number;
  private readonly written: ((all: string) => void) | undefined;

  /** @param written called after each write with all that has been written */
  constructor(written?: (all: string) => void, options: { isTTY?: boolean; columns?: number } = {}) {
    this.written = written;
    this.isTTY = options.isTTY ?? false;
    this.columns = options.columns ?? 80;
  }

  write(text: string): boolean {
    this.text += text;
    this.written?.(this.text);
    return true;
  }

  get lines(): string[] {
    return this.text.trimEnd().split("\n");
  }
}
