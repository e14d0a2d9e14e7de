/** @file The "bad" network of the assignment, and remedies for it, as requests of a training. */
import type { TrainRequest } from "auricle/session";

export const REMEDIES = ["rate", "normalise", "dropout", "augment", "stopping", "network"] as const;
export type Remedy = (typeof REMEDIES)[number];

export const REMEDY_WORDS: Readonly<Record<Remedy, { readonly name: string; readonly says: string }>> = {
  rate: {
    name: "A learning rate that fits",
    says: "Up to 0.003 and down again in one cycle, in place of 0.0001 throughout, at which ten epochs go nowhere.",
  },
  normalise: {
    name: "Normalised input",
    says: "Decibels from −100 to 40 make logits in the hundreds: a batch normalisation in front brings them to mean 0 and deviation 1.",
  },
  dropout: {
    name: "Dropout",
    says: "Half of the 15,600 inputs of the dense layer are left out at random, so that no single one can be learned by heart.",
  },
  augment: {
    name: "Augmentation",
    says: "Other gains, and masked bands and moments, for each window that is seen.",
  },
  stopping: {
    name: "Early stopping",
    says: "Up to 60 epochs, but only as long as the validation gets better; the best weights are kept.",
  },
  network: {
    name: "A better network",
    says: "mel-cnn: mel bands, six convolutions with batch normalisation, and a mean over all places in place of 15,600 inputs.",
  },
};

/** Whether the request needs a network file; `networkFile` gives its content. */
export function needsFile(remedies: ReadonlySet<Remedy>): boolean {
  return !remedies.has("network") && (remedies.has("normalise") || remedies.has("dropout"));
}

/** The assignment's network with what was asked for, as a network file. */
export function networkFile(remedies: ReadonlySet<Remedy>): string {
  return JSON.stringify({
    name: "notebook",
    frontEnd: { kind: "spectrogram", fftSize: 256, hopLength: 64, scale: { kind: "decibels" } },
    windowSeconds: 0.3453968253968254,
    axisNames: ["time", "frequency", "channel"],
    layers: [
      ...(remedies.has("normalise") ? [{ className: "BatchNormalization" }] : []),
      { className: "Conv2D", config: { filters: 4, kernelSize: 5, padding: "same", activation: "relu" } },
      { className: "MaxPooling2D", config: { padding: "same" } },
      { className: "Flatten" },
      ...(remedies.has("dropout") ? [{ className: "Dropout", config: { rate: 0.5 } }] : []),
      { className: "Dense", config: { units: "classes" } },
    ],
  });
}

/** @param model the path of the network file, where one is needed */
export function requestOf(remedies: ReadonlySet<Remedy>, data: string, model: string): TrainRequest {
  return {
    data,
    recipe: "assignment",
    model: remedies.has("network") ? "mel-cnn" : model,
    epochs: remedies.has("stopping") ? 60 : 10,
    seed: 1,
    ...(remedies.has("rate") && { learningRate: 0.003, schedule: "one-cycle" as const }),
    ...(remedies.has("augment") && { augment: true }),
    ...(remedies.has("stopping") && { patience: 8 }),
  };
}
