/** @file The streams that a command writes to, their width and colours. Node only. */

import { env } from "node:process";
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

  /** Writes lines about the progress. */
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

const LEAST_WIDTH = 40;
const USUAL_WIDTH = 80;

/**
 * The number of characters that fit in a line: those of the terminal; in a pipe or a file those that the environment variable
 * COLUMNS states, as for `ls` and `git`, or 80.
 */
export function widthOf(stream: TextStream): number {
  const stated = stream.isTTY ? stream.columns : Number(env.COLUMNS);
  return Math.max(LEAST_WIDTH, stated || USUAL_WIDTH);
}

/** Colours for a terminal that has them; in a pipe, functions that change nothing. */
export function colorsOf(stream: TextStream): Colors {
  return pc.createColors(stream.isTTY === true && pc.isColorSupported);
}
