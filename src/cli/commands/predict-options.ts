import type { Precision } from "../../runtime/precision.ts";

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
