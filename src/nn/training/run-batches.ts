/** @file Many rows through a program that takes a batch of them. */
import type { CompiledGraph } from "../../graph/compiled-graph.ts";
import type { InferenceNetwork } from "../inference-network.ts";
import { indexRange } from "./evaluate.ts";
import { takeTurn } from "./pause.ts";

/** Rows to compute: what goes into a batch, and what becomes of its results. */
export interface Rows {
  readonly length: number;
  /** Writes rows one after the other to the beginning of each of the program's inputs, which it names by number. */
  read(rows: Uint32Array, input: (index: number) => Float32Array | Int32Array): void;
  /** Takes the rows' results from the beginning of each of the program's outputs, which it names by number. */
  take(rows: Uint32Array, output: (index: number) => Float32Array | Int32Array): void;
}

/**
 * Computes all rows in their order. A batch that is not full goes through the program of the next power of two, the rest of which
 * stays as it was: so any number of rows needs only a handful of programs.
 * @param programOf the program for a number of rows
 * @param batchSize rows at once
 * @param signal ends the computation after the batch at hand, with its reason
 */
export async function runBatches(
  network: InferenceNetwork,
  programOf: (size: number) => CompiledGraph,
  rows: Rows,
  batchSize: number,
  signal?: AbortSignal,
): Promise<void> {
  for (let start = 0; start < rows.length; start += batchSize) {
    signal?.throwIfAborted();
    const indices = indexRange(start, Math.min(batchSize, rows.length - start));
    const program = programOf(Math.min(batchSize, 2 ** Math.ceil(Math.log2(indices.length))));
    rows.read(indices, (index) => program.inputView(index));
    network.refresh();
    program.run();
    rows.take(indices, (index) => program.output(index).data);
    const turn = takeTurn();
    if (turn) await turn;
  }
}
