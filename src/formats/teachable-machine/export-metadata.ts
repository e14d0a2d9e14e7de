/**
 * @file The metadata that Teachable Machine writes beside an exported model, and how its own page turns sound and pictures into the model's input.
 * Browser-safe. The sources are the packages that its pages load: `@tensorflow-models/speech-commands` 0.4 for sound and
 * `@teachablemachine/image` 0.8 for pictures.
 */
import type { FrontEndOptions } from "../../audio/front-end/config.ts";
import { isList, isObject, own } from "../json/values.ts";

/** A model of Teachable Machine: the kind, and its classes by output. */
export type TeachableMachineExport =
  | { readonly kind: "sound"; readonly classNames: readonly string[] }
  | { readonly kind: "images"; readonly classNames: readonly string[] }
  /** Numbers of another network, PoseNet, are its input. */
  | { readonly kind: "poses"; readonly classNames: readonly string[] };

/** Reads metadata.json; undefined where another program wrote it. */
export function teachableMachineExport(metadata: unknown): TeachableMachineExport | undefined {
  if (!isObject(metadata)) return undefined;
  if (own(metadata, "tfjsSpeechCommandsVersion") !== undefined) {
    // Its first versions called the labels words.
    const classNames = textsIn(own(metadata, "wordLabels")) ?? textsIn(own(metadata, "words"));
    return classNames && { kind: "sound", classNames };
  }
  const classNames = textsIn(own(metadata, "labels"));
  // Its first versions wrote no package's name, and were for pictures alone.
  const early = own(metadata, "tmVersion") ?? own(metadata, "tmSupportVersion");
  const name = own(metadata, "packageName") ?? (early === undefined ? undefined : "image");
  if (!classNames || typeof name !== "string") return undefined;
  if (/\bpose$/.test(name)) return { kind: "poses", classNames };
  return /\bimage$/.test(name) ? { kind: "images", classNames } : undefined;
}

function textsIn(value: unknown): readonly string[] | undefined {
  return isList(value) && value.length > 0 && value.every((one) => typeof one === "string")
    ? value
    : undefined;
}

/** Samples of a transform, and of a step. */
const [FFT_SIZE, HOP] = [2048, 1024];

/** The level below which no sound is told from silence, in decibels of full scale; the page leaves silence out. */
const LEAST_LEVEL = -160;

/**
 * The features of sound: a browser's AnalyserNode (Web Audio API, section 1.8.6) without smoothing: a Blackman window, magnitudes
 * divided by the transform's length, in decibels. The page takes `bins` of them from 0 Hz on.
 */
export function analyserFrontEnd(bins: number): FrontEndOptions {
  return {
    kind: "spectrogram",
    sampleRate: 44_100,
    fftSize: FFT_SIZE,
    hopLength: HOP,
    window: "blackman",
    center: false,
    bins,
    scale: { kind: "decibels", reference: FFT_SIZE, amin: FFT_SIZE * 10 ** (LEAST_LEVEL / 20), topDb: null },
  };
}

/** As `exampleNormalization` takes it: the page divides by the deviation plus 1e-7. */
export const SOUND_EPSILON = 1e-14;

/** As `rescaling` takes it, for pixels from 0 to 1: the page divides bytes by 127 and subtracts 1. */
export const PIXEL_SCALE = { scale: 255 / 127, offset: -1 } as const;
