/**
 * @file The plan of a model that was compiled for the web: `model.json`. It says what is where in `model.bin` (machine code, constants and
 * weights) and in memory, and which kernels run in which order. Browser-safe.
 */
import type { FeatureLayout } from "../audio/front-end/block-features.ts";
import type { Listener } from "../audio-model/outside-range.ts";
import type { SoundRange } from "../audio/sound-range.ts";
import type { Task } from "../data/collection/collection.ts";
import type { PixelFormat } from "../data/images/pixels/messages.ts";
import { AuricleError } from "../errors.ts";

export const PLAN_FORMAT = "auricle-web";
/** Counts changes after which an earlier script cannot run a model. */
export const PLAN_VERSION = 2;

/** A stretch of memory: its address in bytes, and 32-bit words. */
export type PlanStretch = readonly [address: number, words: number];
/** A stretch of the binary file, in bytes. */
export type PlanBytes = readonly [offset: number, bytes: number];

export interface PlanProgram {
  readonly module: PlanBytes;
  readonly input: PlanStretch;
  readonly output: PlanStretch;
  /** Run once, when all data are in memory: what depends on weights alone. As `steps`. */
  readonly preparation: readonly (readonly number[])[];
  /** For each step its kernel, units, and the fewest units that are worth a thread, then the addresses that the kernel is given. */
  readonly steps: readonly (readonly number[])[];
}

/** The form that weights are kept in. */
export type WeightForm = "float32" | "float16" | "int8";

/** Numbers that go into memory before the first run. */
export interface PlanData {
  readonly to: PlanStretch;
  /** Offset in the binary file. */
  readonly at: number;
  readonly form: WeightForm;
  /** With "int8": numbers of a row, each of which has a scale; the scales come first, as float32. */
  readonly columns?: number;
}

export interface PlanFrames extends PlanProgram {
  readonly blockFrames: number;
  readonly perFrame: number;
}

/** The network for a number of examples at once. */
export interface PlanNetwork extends PlanProgram {
  readonly batch: number;
}

export interface SoundPlan {
  readonly kind: "sound";
  /** Hz. */
  readonly sampleRate: number;
  /** From one step of the features to the next, in samples. */
  readonly hopLength: number;
  /** Steps of a window, and the fewest samples that give them. */
  readonly windowFrames: number;
  readonly minimumSamples: number;
  /** The shape of one step of the features. */
  readonly step: readonly number[];
  /** Absent for waveforms. */
  readonly frontEnd?: PlanFeatures;
  /** The range that recordings are compared with; absent where it is not known what the model was trained on. */
  readonly heard?: PlanRange;
}

/** A front end's programs. */
export interface PlanFeatures {
  readonly layout: FeatureLayout;
  readonly analysis: PlanFrames;
  readonly projection?: PlanFrames;
  readonly deltas?: PlanFrames;
}

/** The bandwidth, level and noise of the recordings that a model was trained on, and how those of another are measured. */
export interface PlanRange {
  readonly trained: SoundRange;
  readonly listener: Listener;
  readonly spectrum: PlanFeatures;
}

export interface PicturePlan {
  readonly kind: "picture";
  readonly pixels: PixelFormat;
}

export interface PlanOf<Input> {
  readonly format: typeof PLAN_FORMAT;
  readonly version: typeof PLAN_VERSION;
  readonly name: string;
  readonly task: Task;
  /** The names of the classes or tags, or of the numbers in a regression; by output. */
  readonly classNames: readonly string[];
  /** In a regression: the factor for the network's outputs, and the number then added, by output. */
  readonly targetScale?: readonly { readonly deviation: number; readonly mean: number }[];
  readonly input: Input;
  /** From the fewest examples at once to the most. */
  readonly networks: readonly PlanNetwork[];
  /** Bytes that all programs share, and those of each thread behind them. */
  readonly memory: { readonly bytes: number; readonly threadBytes: number };
  readonly data: readonly PlanData[];
  /** The binary file: its name, beside the plan, begins with its SHA-256, so that no cache holds another one for it. */
  readonly binary: { readonly file: string; readonly bytes: number; readonly sha256: string };
}

export type Plan = PlanOf<SoundPlan | PicturePlan>;

/**
 * Checks what a plan's file says about itself. The rest was written together with it, and its binary file is checked by its hash.
 * @param source the plan's address, for messages
 * @throws AuricleError "file" for another file, or one of another version
 */
export function requirePlan(value: unknown, source: string): Plan {
  const { format, version } = Object(value) as Partial<Plan>;
  if (format !== PLAN_FORMAT) {
    throw new AuricleError("file", `${source}: this is no model that "auricle export --web" wrote`);
  }
  if (version !== PLAN_VERSION) {
    throw new AuricleError(
      "file",
      `${source}: this model is of version ${String(version)}, and the page's script runs version ${PLAN_VERSION}: export the model ` +
        "again, and serve all files of the export",
    );
  }
  return value as Plan;
}
