/** @file Models by name. */
import { AuricleError } from "../errors.ts";
import type { Network } from "../nn/network.ts";
import { fashionCnn } from "./fashion-cnn.ts";
import { lenet5 } from "./lenet5.ts";
import { lenet5Of1998 } from "./lenet5-1998.ts";
import { notebook } from "./notebook.ts";
import type { ModelOptions } from "./options.ts";
import { vgg4 } from "./vgg4.ts";
import { wave1d } from "./wave1d.ts";

export { BITMAP_SIZE, DIGIT_BITMAPS } from "./digit-bitmaps.ts";
export { C3_CONNECTIONS } from "./lenet5-1998.ts";
export type { Lenet5Options } from "./lenet5.ts";
export type { ModelOptions } from "./options.ts";
export { radialBasisLoss } from "../nn/layers/index.ts";
export { fashionCnn, lenet5, lenet5Of1998, notebook, vgg4, wave1d };

const MODELS = {
  lenet5,
  "lenet5-1998": lenet5Of1998,
  notebook,
  vgg4,
  wave1d,
  "fashion-cnn": fashionCnn,
} satisfies Record<string, (options: ModelOptions) => Network>;

export type ModelName = keyof typeof MODELS;

function isModelName(name: string): name is ModelName {
  return Object.hasOwn(MODELS, name);
}

export const MODEL_NAMES: readonly ModelName[] = Object.keys(MODELS).filter(isModelName);

/** Builds a model by its name. @throws AuricleError "argument" when there is none, "shape" when the input does not fit. */
export function modelNamed(name: string, options: ModelOptions = {}): Network {
  if (isModelName(name)) return MODELS[name](options);
  throw new AuricleError("argument", `model: name must be one of ${MODEL_NAMES.join(", ")}; got "${name}"`);
}
