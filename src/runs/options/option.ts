/** @file The form of one row in the table of training options. Browser-safe. */

import type * as z from "zod/mini";
import type { FrontEndConfig } from "../../audio/front-end/config.ts";
import type { Task } from "../../data/collection/collection.ts";
import type { PixelFormat } from "../../data/images/pixels/messages.ts";
import type { SplitFractions } from "../../data/collection/split/parts.ts";
import type { TransferName } from "./names.ts";
import type { ValueType } from "./values.ts";

/** The kinds of data that a run trains on. */
export type KindName = "sound" | "images";

/** The headings of the command's help, in its order. */
export const OPTION_GROUPS = [
  "",
  "Data:",
  "Training:",
  "Sound:",
  "Images:",
  "Augmentation of images:",
  "Run:",
] as const;

/** The fields of a run's config.json from which the values of options are read back. */
export interface StoredRun {
  readonly kind: KindName;
  readonly data: string;
  readonly reading: { readonly splitName?: string; readonly task?: Task };
  readonly task: Task;
  readonly recipe: string;
  readonly model: string;
  readonly seed: number;
  readonly split: {
    readonly fractions: SplitFractions;
    readonly official: boolean;
    readonly fold: { readonly of: number; readonly number: number } | null;
    readonly seed: number;
    readonly force: boolean;
    readonly duplicates: boolean;
    readonly trainSize: number | null;
  };
  readonly schedule: string;
  readonly scaleLearningRate?: number | true;
  readonly syncBatchNorm?: boolean;
  readonly augmentation: "none" | object;
  readonly transfer: {
    readonly from: string;
    readonly how: TransferName;
    /** Only in runs of earlier versions: whether the convolutional part was frozen while the rest was trained by epochs. */
    readonly freeze?: boolean;
  } | null;
  readonly frontEnd?: FrontEndConfig;
  readonly windowFrames?: number;
  readonly pixels?: PixelFormat;
}

/** The facts about the data on which a value may depend. */
export interface OptionFacts {
  readonly task: Task;
  /** The number of examples in the training part: clips, pictures. */
  readonly examples: number;
  /** Whether a part of the data is held out for validation. */
  readonly hasValidation: boolean;
  /** The form that pictures are brought to; absent for sound. */
  readonly pixels?: Pick<PixelFormat, "width" | "height" | "channels">;
  /** How the network that training begins with is used; absent for a new network. */
  readonly transfer?: TransferName;
}

/** One training option: the flag, the value, and where the value comes from if nobody gives it. */
export interface OptionRow<V> {
  readonly type: ValueType<V>;
  /** As commander takes them, each with its help: `--patience <n>`, and `--no-patience` for null or false. */
  readonly flags: readonly (readonly [flag: string, help: string])[];
  readonly group: (typeof OPTION_GROUPS)[number];
  readonly appliesTo: KindName | "both";
  /**
   * Whether weights or results depend on it. Such options are in recipe files and in the command that repeats a run, and a
   * resumed run keeps them.
   */
  readonly changesBits: boolean;
  /** The default where no recipe has one. */
  readonly fallback?: NoInfer<V>;
  /** The default in words, for the help, where it is no single value. */
  readonly defaultNote?: string;
  /** Makes the stored value of a given one or, if none is given, of nothing: machine code that this machine has. */
  readonly settle?: (given: V | undefined) => NoInfer<V>;
  /** Adapts the value to the data. */
  readonly adapt?: (value: V, facts: OptionFacts) => NoInfer<V>;
  /** The value that configurations of earlier versions had without naming it. */
  readonly earlier?: NoInfer<V>;
  /** Whether the head of a frozen network has no use for it: that is trained until it converges, on features computed once. */
  readonly unusedWhenFrozen?: true;
  /** The schema of the stored value, where it may be one that cannot be asked for. Default: that of the type. */
  readonly stored?: z.ZodMiniType<NoInfer<V>>;
  /** Reads the value back from a run's configuration. Default: the field of that name. */
  readonly of?: (config: StoredRun) => NoInfer<V> | undefined;
  /** Puts a requested value and the run's own in a form in which equal ones are equal. Default: as they are. */
  readonly compare?: (asked: V, config: StoredRun) => readonly [asked: unknown, own: unknown];
}

/** Checks that the parts of a row have one type of value. */
export function option<V>(row: OptionRow<V>): OptionRow<V> {
  return row;
}
