import type { Command } from "commander";
import { hopOption, precisionOption, wholeNumber } from "../option-values.ts";
import type { Precision } from "../../runtime/precision.ts";

/** Adds the options of all commands that show what a model says of recordings. */
export function withPredictionOptions(command: Command): Command {
  return command
    .option("--threads <n>", "number of threads (default: all processors)", wholeNumber(1))
    .addOption(precisionOption())
    .addOption(hopOption())
    .option("--strict", "stop at the first file that cannot be read")
    .option(
      "--csv <file>",
      'write a table with one row for each; "-" writes it to stdout instead of the text',
    );
}

/** The options of `auricle predict`, read. */
export interface PredictOptions {
  readonly index?: readonly number[];
  readonly top: number;
  readonly threads?: number;
  readonly precision?: Precision;
  readonly strict?: boolean;
  /** In seconds. */
  readonly hop?: number;
  readonly csv?: string;
  readonly npz?: string;
  readonly json?: boolean;
  readonly dataFolder?: string;
  readonly download: boolean;
}
