/** @file The settings of the pooling lesson's stage, and what was found with it. */
import type { Difference } from "./pool.ts";

export interface View {
  input: "numbers" | "picture" | "sound";
  kind: "max" | "mean";
  rows: number;
  columns: number;
  /** 0: as large as the window. */
  stride: number;
  down: number;
  right: number;
  /** The seed of the order within windows; 0: as it was. */
  scramble: number;
  /** The contents of the input's place: its values, or the gradient from the touched output, or from all of them. */
  shows: "values" | "one" | "all";
  row: number;
  column: number;
}

export interface Found {
  readonly rows: number;
  readonly columns: number;
  readonly outputRows: number;
  readonly outputColumns: number;
  /** How the input differs from what it was before it was moved or scrambled. */
  readonly inputs: Difference;
  readonly outputs: Difference;
  /** How many rows and columns the windows reach together. */
  readonly reached: readonly [rows: number, columns: number];
  readonly largestGradient: number;
}
