/** @file The networks by name that were not made for a front end: those on images, and one on any signal. */
import type { Network } from "../nn/network.ts";
import { fashionCnn } from "./fashion-cnn.ts";
import { lenet5 } from "./lenet5.ts";
import { lenet5Of1998 } from "./lenet5-1998.ts";
import type { ModelOptions } from "./options.ts";
import { smallMobileNet } from "./small-mobilenet.ts";
import { smallResNet } from "./small-resnet.ts";
import { vgg4 } from "./vgg4.ts";
import { wave1d } from "./wave1d.ts";

/** A network that was not made for a front end. */
export interface ModelDefinition {
  build(options: ModelOptions): Network;
  /** One line. */
  readonly description: string;
  /** The input that it takes where it does not take any: `[height, width, channels]`. */
  readonly inputShape?: readonly [number, number, number];
  /** Where it was published; absent for Auricle's own. */
  readonly citation?: string;
}

const DEFINITIONS = {
  lenet5: {
    build: lenet5,
    description: "LeNet-5 as it is written today: two convolutions, mean pooling, three dense layers",
  },
  "lenet5-1998": {
    build: lenet5Of1998,
    inputShape: [28, 28, 1],
    description: "LeNet-5 as its paper defines it, for ten classes of 28×28 or 32×32 pixels",
    citation: "LeCun, Bottou, Bengio, Haffner 1998",
  },
  "fashion-cnn": {
    build: fashionCnn,
    description: "five 3×3 convolutions with batch normalisation, for small images",
  },
  "small-resnet": {
    build: smallResNet,
    description: "six residual blocks, for images of any size",
    citation: "He, Zhang, Ren, Sun 2015, arXiv:1512.03385",
  },
  "small-mobilenet": {
    build: smallMobileNet,
    description: "five depthwise separable convolutions, for images of any size, small and fast",
    citation: "Howard et al. 2017, arXiv:1704.04861",
  },
  vgg4: {
    build: vgg4,
    description: "four blocks of 3×3 convolution, batch normalisation and pooling",
  },
  wave1d: {
    build: wave1d,
    description: "three 1D convolutions on a signal of 16,000 samples",
  },
} satisfies Record<string, ModelDefinition>;

export type OtherModelName = keyof typeof DEFINITIONS;

/** The networks that were not made for a front end. */
export const OTHER_MODELS: Readonly<Record<OtherModelName, ModelDefinition>> = DEFINITIONS;

export function isOtherModelName(name: string): name is OtherModelName {
  return Object.hasOwn(OTHER_MODELS, name);
}

export const OTHER_MODEL_NAMES: readonly OtherModelName[] =
  Object.keys(OTHER_MODELS).filter(isOtherModelName);
