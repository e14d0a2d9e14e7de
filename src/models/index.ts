/** @file Models by name. */
import { AuricleError } from "../errors.ts";
import type { Network } from "../nn/network.ts";
import { AUDIO_MODEL_NAMES, AUDIO_MODELS, isAudioModelName, type AudioModelName } from "./audio-models.ts";
import { fashionCnn } from "./fashion-cnn.ts";
import { lenet5 } from "./lenet5.ts";
import { lenet5Of1998 } from "./lenet5-1998.ts";
import type { ModelOptions } from "./options.ts";
import { isOtherModelName, OTHER_MODEL_NAMES, OTHER_MODELS, type OtherModelName } from "./other-models.ts";
import { smallMobileNet } from "./small-mobilenet.ts";
import { smallResNet } from "./small-resnet.ts";
import { vgg4 } from "./vgg4.ts";
import { wave1d } from "./wave1d.ts";

export { BITMAP_SIZE, DIGIT_BITMAPS } from "./digit-bitmaps.ts";
export { C3_CONNECTIONS } from "./lenet5-1998.ts";
export type { Lenet5Options } from "./lenet5.ts";
export type { ModelOptions } from "./options.ts";
export { radialBasisLoss } from "../nn/layers/index.ts";
export type { AudioModelOptions, InputNormalization } from "./audio-blocks.ts";
export { AUDIO_MODEL_NAMES, AUDIO_MODELS, isAudioModelName, type AudioModelName } from "./audio-models.ts";
export type { AudioModelDefinition } from "./audio-models.ts";
export { m11, m18, m3, m5 } from "./dai.ts";
export { melCnn } from "./mel-cnn.ts";
export { melResNet } from "./mel-resnet.ts";
export { musicnn } from "./musicnn.ts";
export { notebook } from "./notebook.ts";
export { sampleCnn } from "./sample-cnn.ts";
export { shortChunkCnn, type ShortChunkOptions } from "./short-chunk-cnn.ts";
export {
  isOtherModelName,
  OTHER_MODEL_NAMES,
  OTHER_MODELS,
  type ModelDefinition,
  type OtherModelName,
} from "./other-models.ts";
export { fashionCnn, lenet5, lenet5Of1998, smallMobileNet, smallResNet, vgg4, wave1d };

export type ModelName = OtherModelName | AudioModelName;

export const MODEL_NAMES: readonly ModelName[] = [...OTHER_MODEL_NAMES, ...AUDIO_MODEL_NAMES];

/** Builds a model by its name. @throws AuricleError "argument" when there is none, "shape" when the input does not fit. */
export function modelNamed(name: string, options: ModelOptions = {}): Network {
  if (isOtherModelName(name)) return OTHER_MODELS[name].build(options);
  if (isAudioModelName(name)) return AUDIO_MODELS[name].build(options);
  throw new AuricleError("argument", `model: name must be one of ${MODEL_NAMES.join(", ")}; got "${name}"`);
}
