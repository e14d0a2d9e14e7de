/** @file The properties that an ONNX file has beside its graph: class names, how the input is made, what is left to the caller. */
import type { AudioDescription } from "../../audio-model/description.ts";
import { frontEnd } from "../../audio/front-end/index.ts";
import type { ImageDescription } from "../../image-model/description.ts";

/** Properties of the model in the file, by name; lists and objects as JSON. */
export type Metadata = Readonly<Record<string, string>>;

/** Nothing is known about a network by itself. */
export const METADATA: Metadata = {};

/** The sentence on what a model of sound leaves to its caller. */
export const AVERAGING =
  "One answer for each example. The answer for a longer recording is the mean of the answers for evenly spaced windows, which the " +
  "caller takes.";

export function soundMetadata(
  { task, classNames, frontEnd: config, windowFrames, heard }: AudioDescription,
  { fromFeatures, samples }: { readonly fromFeatures: boolean; readonly samples: number },
): Metadata {
  const { sampleRate, hopLength } = frontEnd(config);
  return {
    task,
    classNames: JSON.stringify(classNames),
    input: fromFeatures
      ? "features as the front end gives them"
      : `samples of one channel at ${sampleRate} Hz, full scale is 1`,
    sampleRate: String(sampleRate),
    windowSamples: String(samples),
    windowFrames: String(windowFrames),
    hopLength: String(hopLength),
    frontEnd: JSON.stringify(config),
    averaging: AVERAGING,
    ...(heard && { heard: JSON.stringify(heard) }),
  };
}

export function pictureMetadata({ task, classNames, pixels }: ImageDescription): Metadata {
  const { width, height, channels, fit } = pixels;
  return {
    task,
    classNames: JSON.stringify(classNames),
    input:
      `${channels === 1 ? "grey" : "red, green and blue"} values from 0 to 1 of pictures of ${width}×${height} pixels, channels last; ` +
      `other sizes: ${fit}`,
    pixels: JSON.stringify(pixels),
  };
}
