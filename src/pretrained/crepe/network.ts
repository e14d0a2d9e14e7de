/** @file CREPE, a network that hears pitch in the waveform. Browser-safe. */

import {
  batchNormalization,
  conv1d,
  dense,
  exampleNormalization,
  flatten,
  input,
  maxPooling1d,
  reLU,
  rescaling,
  type Layer,
  type Network,
  type SymbolicTensor,
} from "../../nn/index.ts";
import { graphNetwork } from "../../nn/network-builders.ts";

/** Samples of a window, 64 ms at {@link CREPE_RATE}. */
export const CREPE_WINDOW = 1024;
export const CREPE_RATE = 16000;

/** The filters of the six convolutions. */
export const CREPE_FILTERS = {
  tiny: [128, 16, 16, 16, 32, 64],
  full: [1024, 128, 128, 128, 256, 512],
} as const;

export type CrepeSize = keyof typeof CREPE_FILTERS;

/** Pitches in steps of 20 cents, from 31.7 Hz to 2 kHz. */
const PITCHES = 360;
const CENTS_OF_A_STEP = 20;
/** The lowest pitch, in cents above 10 Hz. */
const LOWEST = 1997.3794084376191;

/** The pitch of each output in Hz, as its name: "440.000 Hz". */
export const CREPE_CLASS_NAMES: readonly string[] = Array.from({ length: PITCHES }, (_, step) => {
  const frequency = 10 * 2 ** ((LOWEST + CENTS_OF_A_STEP * step) / 1200);
  return `${frequency.toFixed(3)} Hz`;
});

/**
 * Builds CREPE (Kim, Salamon, Li and Bello 2018, "CREPE: A convolutional representation for pitch estimation",
 * arXiv:1802.06182): six convolutions on 1,024 samples, each window with mean 0 and deviation 1, and a dense layer with a
 * logit for each of 360 pitches.
 */
export function crepe(size: CrepeSize): Network {
  const inputs = input({ shape: [CREPE_WINDOW, 1], axisNames: ["time", "channel"] });
  const convolutions = CREPE_FILTERS[size].flatMap((filters, i): Layer[] => [
    conv1d({ filters, ...(i === 0 ? { kernelSize: 512, strides: 4 } : { kernelSize: 64 }), padding: "same" }),
    reLU(),
    batchNormalization(),
    maxPooling1d({ poolSize: 2 }),
  ]);
  const layers = [
    // Quiet windows count as loud ones.
    exampleNormalization({ epsilon: 1e-20 }),
    // The network was trained on deviations that are divided by one less than the count.
    rescaling({ scale: Math.sqrt((CREPE_WINDOW - 1) / CREPE_WINDOW) }),
    ...convolutions,
    flatten(),
    dense({ units: PITCHES }),
  ];
  const outputs = layers.reduce((tensor: SymbolicTensor, layer) => layer.apply(tensor), inputs);
  return graphNetwork({ inputs, outputs }, { name: `crepe-${size}` });
}
