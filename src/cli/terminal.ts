/** @file Where a command writes, and what it knows about that place. Browser-safe types, used by Node only. */

import pc from "picocolors";
import { printable, printableLines } from "./text.ts";

/** As much of Node's writable streams as a command uses. */
export interface TextStream {
  write(text: string): boolean;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

type Colors = ReturnType<typeof pc.createColors>;

/** The two streams of a command. Results go to `out`; with --json that is data alone, and prose goes to `err`. */
export class Terminal {
  readonly out: TextStream;
  readonly err: TextStream;

  constructor(out: TextStream, err: TextStream) {
    this.out = out;
    this.err = err;
  }

  /** Writes lines of results; names in them must have been made `printable`, since colours are let through. */
  print(text: string): void {
    this.out.write(`${text}\n`);
  }

  /** Writes lines about what is going on. */
  note(text: string): void {
    this.err.write(`${printableLines(text)}\n`);
  }

  /** Writes why the command has failed. */
  error(message: string): void {
    this.err.write(`${colorsOf(this.err).red("error:")} ${printableLines(message)}\n`);
  }

  /** Writes one event or answer as a line of JSON; what JSON lets through that a terminal obeys is escaped too. */
  printJson(value: object): void {
    this.out.write(`${printable(JSON.stringify(value))}\n`);
  }
}

/** How many characters fit in a line: those of the terminal, or 80 in a pipe or a file. */
export function widthOf(stream: TextStream): number {
  return stream.isTTY ? Math.max(40, stream.columns || 80) : 80;
}

/** Colours for a terminal that has them; in a pipe, functions that change nothing. */
export function colorsOf(stream: TextStream): Colors {
  return pc.createColors(stream.isTTY === true && pc.isColorSupported);
}
