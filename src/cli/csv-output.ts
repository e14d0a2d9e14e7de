/** @file A table of comma-separated values (RFC 4180), written row by row, so that the rows written so far stay when the rest fails. */

import { closeSync, existsSync, openSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { AuricleError } from "../errors.ts";
import { fileError } from "../io/atomic-file.ts";
import type { TextStream } from "./terminal.ts";

/** Undefined leaves a cell empty. */
export type CsvCell = string | number | boolean | undefined;

/** The place that means stdout. */
export const CSV_STDOUT = "-";

export class CsvOutput {
  private readonly place: string;
  private readonly stdout: TextStream;
  private readonly columns: readonly string[];
  private file: number | undefined;
  private hasHeader = false;

  /**
   * @param place a file's path, or "-" for `stdout`; the file is made with the first row
   * @throws AuricleError "argument" for a file of another kind that is there already, "file" for a folder that is not.
   */
  constructor(place: string, columns: readonly string[], stdout: TextStream) {
    this.place = place;
    this.columns = columns;
    this.stdout = stdout;
    if (place !== CSV_STDOUT) checkPlace(place);
  }

  /** @throws AuricleError "file" when it cannot be written. */
  row(cells: Readonly<Record<string, CsvCell>>): void {
    if (!this.hasHeader) this.write(this.columns);
    this.hasHeader = true;
    this.write(this.columns.map((column) => cells[column]));
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  private write(cells: readonly CsvCell[]): void {
    const line = `${cells.map(quotedCell).join(",")}\r\n`;
    if (this.place === CSV_STDOUT) {
      this.stdout.write(line);
      return;
    }
    try {
      this.file ??= openSync(this.place, "w");
      const bytes = Buffer.from(line);
      for (let done = 0; done < bytes.length;) done += writeSync(this.file, bytes, done);
    } catch (cause) {
      throw fileError("write", this.place, cause);
    }
  }
}

/** Mistyped arguments must not cost a recording or a model. */
function checkPlace(place: string): void {
  const folder = dirname(place);
  if (!existsSync(folder)) {
    throw new AuricleError("file", `--csv: cannot write ${place}: no such folder: ${folder}`);
  }
  if (!existsSync(place) || (/\.csv$/i.test(place) && statSync(place).isFile())) return;
  throw new AuricleError(
    "argument",
    `--csv: ${place} already exists and its name does not end with .csv; nothing was written: name another file`,
  );
}

function quotedCell(cell: CsvCell): string {
  const text = String(cell ?? "");
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
