/** @file The messages between an element and its worker. Browser-safe. */
import type { MonoAudio } from "../audio/audio.ts";
import type { WindowPrediction } from "../audio-model/hear-pieces.ts";
import type { OutsideRange } from "../audio-model/outside-range.ts";
import type { Plan } from "./plan.ts";

/** A file, or sound that was recorded here. */
export type Content = Blob | MonoAudio;

export type Question =
  | {
      readonly kind: "open";
      readonly plan: Plan;
      /** The address of the plan's binary file, or its content. */
      readonly binary: string | ArrayBuffer;
    }
  | {
      readonly kind: "look";
      readonly id: number;
      readonly content: Content;
      /** The name of the file, for messages. */
      readonly name: string;
      /** Longer recordings are refused. */
      readonly maxSeconds: number;
    }
  | { readonly kind: "cancel"; readonly id: number };

/** A model's answer about a recording or a picture. */
export interface Answer {
  /** A probability for each class or tag, or the numbers of a regression; in the order of the class names. */
  readonly outputs: Float32Array;
  /** Present for a recording. */
  readonly sound?: {
    readonly seconds: number;
    readonly isSilent: boolean;
    readonly windows: readonly WindowPrediction[];
    /** In what it is unlike all that the model was trained on. Absent where there is nothing to say. */
    readonly outside?: readonly OutsideRange[];
  };
}

/** An error as it goes from one thread to another. */
export interface Fault {
  /** An `ErrorCode`, or "internal" for a defect of this code. */
  readonly code: string;
  readonly message: string;
}

export type Reply =
  | { readonly kind: "ready"; readonly threads: number }
  | { readonly kind: "progress"; readonly id: number; readonly seconds: number }
  | { readonly kind: "answer"; readonly id: number; readonly answer: Answer }
  /** Without an id it concerns the model. */
  | { readonly kind: "fault"; readonly id?: number; readonly fault: Fault };
