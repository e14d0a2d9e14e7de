/** @file The messages between the server and its threads: plain data. */

import type { KnownRole } from "../data/audio/index.ts";
import type { ListeningNetwork } from "../audio-model/audio-model.ts";
import type { ModelFacts } from "../runs/trained-model.ts";
import type { Json } from "../nn/index.ts";
import type { Precision } from "../runtime/precision.ts";
import type { TargetName } from "../runtime/target.ts";
import type { Shape } from "../tensor/shape.ts";
import type { ProblemKind } from "./problem.ts";

/** How a model is opened. */
export interface OpenNetwork {
  /** A run's folder, a model file or a pretrained model's name. */
  readonly place: string;
  readonly target: TargetName;
  readonly threads?: number;
  readonly precision?: Precision;
  readonly dataFolder?: string;
  readonly download: boolean;
}

/** All that other threads need of a model: everything but its weights. */
export interface SentModel extends ModelFacts {
  readonly name: string;
  readonly metadata: Readonly<Record<string, Json>>;
  readonly inputShapes: readonly Shape[];
  readonly outputShape: Shape;
  readonly layers: readonly {
    readonly layer: Pick<ListeningNetwork["layers"][number]["layer"], "className" | "config">;
  }[];
  /** The parts of the training data that files were in, by `contentKey`. */
  readonly roles: ReadonlyMap<string, KnownRole>;
}

/** To a network's thread. */
export type ToNetwork =
  | { readonly kind: "run"; readonly parts: readonly Float32Array[]; readonly counts: readonly number[] }
  | { readonly kind: "end" };

/** From a network's thread. */
export type FromNetwork =
  | {
      readonly kind: "ready";
      readonly model: SentModel;
      /** By the power of two of a program's batch: programs of one number give the same bits. */
      readonly bitClasses: readonly number[];
      readonly warnings: readonly string[];
    }
  | { readonly kind: "ran"; readonly outputs: readonly Float32Array[] }
  | { readonly kind: "failed"; readonly message: string };

/** A request to an answering thread. */
export interface AnswerTask {
  readonly id: number;
  /** The version of a model. */
  readonly key: number;
  /** A file, a form, or samples: all of its buffer, which goes to the thread. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly content:
    | { readonly kind: "file" }
    | { readonly kind: "form"; readonly type: string }
    | { readonly kind: "samples"; readonly sampleRate: number };
  readonly hop?: number;
  readonly windows: boolean;
  /** Fields of the answer that tell which model it is from. */
  readonly answerer: { readonly model: string; readonly version: number };
}

export interface AnswerLimits {
  readonly seconds: number;
  readonly pixels: number;
  readonly files: number;
}

/** To an answering thread. */
export type ToAnswerer =
  | { readonly kind: "model"; readonly key: number; readonly model: SentModel }
  | { readonly kind: "forget"; readonly key: number }
  | { readonly kind: "task"; readonly task: AnswerTask }
  | { readonly kind: "outputs"; readonly call: number; readonly outputs: Float32Array }
  | {
      readonly kind: "refused";
      readonly call: number;
      readonly problem: ProblemKind;
      readonly detail: string;
    };

/** The answer to a task, as text: to write a long one is no work for the thread that serves. */
export interface TaskAnswer {
  readonly body: string;
  /** Windows and pictures that the network saw. */
  readonly windows: number;
  /** Kinds of problems of a form's files. */
  readonly problems: readonly ProblemKind[];
}

/** From an answering thread. */
export type FromAnswerer =
  | { readonly kind: "windows"; readonly call: number; readonly data: Float32Array; readonly count: number }
  | { readonly kind: "answer"; readonly answer: TaskAnswer }
  | { readonly kind: "problem"; readonly problem: ProblemKind; readonly detail: string };
