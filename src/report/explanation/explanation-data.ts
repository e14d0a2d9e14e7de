/**
 * @file The content of an explanation as plain data: what a model says about a recording or a picture, and what it rests on. A model's
 * kind fills it in, `explanationFiles` draws it. Browser-safe.
 */

import type { Tick } from "../axis.ts";
import type { FirstLayerFilters } from "../report-data.ts";
import type { RgbPicture } from "./canvas.ts";

export interface ExplanationData {
  /** The recording or the picture, short. */
  readonly title: string;
  /** The run or the model file. */
  readonly model: string;
  /** As ISO 8601. */
  readonly createdAt: string;
  /** The explained part of a long recording: "part 12.0 … 42.0 s of 1:00:00 h"; absent where it is all of the file. */
  readonly part?: string;
  /** The class, tag or number that is explained. */
  readonly explained: string;
  /** The model's answers, the greatest first; as they are to be read: "87.6 %". */
  readonly outputs: readonly ExplainedOutput[];
  readonly scene: Scene;
  readonly maps: readonly ExplanationMap[];
  /** The explained part as a sound. */
  readonly sound?: SoundClip;
  readonly layers: readonly LayerView[];
  readonly filters?: FirstLayerFilters;
  /** The sound of each filter of a network on waveforms, in the order of their pictures. */
  readonly filterSound?: FilterSounds;
  /** Sentences about omitted parts, with the reasons. */
  readonly notes: readonly string[];
}

export interface ExplainedOutput {
  readonly name: string;
  readonly text: string;
  /** 0 … 1, the length of its bar; absent for numbers. */
  readonly part?: number;
}

/** The ground that maps are drawn over: a spectrogram or a picture, with its axes. */
export interface Scene {
  readonly picture: RgbPicture;
  /** A picture whose pixels are to be seen as such is not smoothed when it is enlarged. */
  readonly isSmooth: boolean;
  /** The unit, and where values stand from the left or from below. */
  readonly x: SceneAxis;
  readonly y: SceneAxis;
  /** For those who do not see it: "Spectrogram of 12.0 s". */
  readonly description: string;
}

export interface SceneAxis {
  readonly unit: string;
  readonly ticks: readonly Tick[];
}

export interface SoundClip {
  /** The bytes of a WAV file. */
  readonly wav: Uint8Array;
  /** Seconds within the recording. */
  readonly start: number;
  readonly end: number;
}

/** A map of relevance. */
export interface ExplanationMap {
  /** The name in files: "grad-cam". */
  readonly key: string;
  readonly title: string;
  /** How to read it, in a sentence. */
  readonly meaning: string;
  /** `[height, width]` of the scene's picture: positive values speak for the class. */
  readonly values: Float32Array;
  /** Its measurements. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** The verdict of the measurements: whether the map can be relied on. */
  readonly verdict?: { readonly isGood: boolean; readonly text: string };
  /** The most relevant part of a recording alone, and the rest; with what the model says of each. */
  readonly kept?: SoundClip & { readonly answer: string };
  readonly removed?: SoundClip & { readonly answer: string };
}

/** A layer: its channels as pictures, and what its most active unit depends on. */
export interface LayerView {
  readonly layer: string;
  /** "64 channels of 32 × 16". */
  readonly form: string;
  /** All channels as one picture, and how many of them it has. */
  readonly sheet: RgbPicture;
  readonly shown: string;
  /** "0.42 s × 23 mel bands"; absent where it is not known. */
  readonly field?: string;
  /** The most active unit's field in the scene, 0 … 1 from the left and from below, and in words. */
  readonly box?: FieldBox;
}

export interface FieldBox {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
  readonly text: string;
}

export interface FilterSounds {
  readonly wav: Uint8Array;
  /** The time from one to the next in seconds. */
  readonly each: number;
  readonly files: readonly { readonly name: string; readonly wav: Uint8Array }[];
}
