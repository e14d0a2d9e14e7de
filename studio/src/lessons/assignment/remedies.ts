/** @file The "bad" network of the assignment, and remedies for it, as requests of a training; and how long that takes. */
import type { TrainRequest } from "auricle/session";

export const REMEDIES = ["rate", "normalise", "dropout", "augment", "stopping", "network", "large"] as const;
export type Remedy = (typeof REMEDIES)[number];
export type Remedies = ReadonlySet<Remedy>;

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
    says: "Half of the inputs of the dense layer are left out at random, so that no single one can be learned by heart.",
  },
  augment: {
    name: "Augmentation",
    says: "Other gains, and masked bands and moments, for each window that is seen.",
  },
  stopping: {
    name: "Early stopping",
    says: "Up to twice as many epochs, but only as long as the validation gets better; the best weights are kept.",
  },
  network: {
    name: "A better network",
    says: "Mel bands, three convolutions with batch normalisation, and a mean over all places in place of 15,600 inputs: 24,000 parameters, and windows of 1.5 seconds. It has more to learn from the beginning, so it takes three times as many epochs in batches of 8.",
  },
  large: {
    name: "A large network",
    says: "mel-cnn, which auricle train takes by itself: four convolutions with up to 128 filters, 243,178 parameters. In a page it is the slowest of the three.",
  },
};

/** The networks that a training can have. */
export type NetworkKind = "notebook" | "small" | "large";

export function networkOf(remedies: Remedies): NetworkKind {
  if (remedies.has("large")) return "large";
  return remedies.has("network") ? "small" : "notebook";
}

/** Whether a remedy changes nothing beside the others, since the network has it already or has no place for it. */
export function isIdle(remedy: Remedy, remedies: Remedies): boolean {
  const network = networkOf(remedies);
  if (remedy === "normalise") return network !== "notebook";
  return (remedy === "dropout" || remedy === "network") && network === "large";
}

/** Whether the request needs a network file; `networkFile` gives its content. */
export function needsFile(remedies: Remedies): boolean {
  const network = networkOf(remedies);
  return (
    network === "small" || (network === "notebook" && (remedies.has("normalise") || remedies.has("dropout")))
  );
}

const BLOCK = (filters: number) => [
  {
    className: "Conv2D",
    config: { filters, kernelSize: 3, padding: "same", useBias: false, kernelInitializer: "heNormal" },
  },
  { className: "BatchNormalization", config: { momentum: 0.9 } },
  { className: "ReLU" },
  { className: "MaxPooling2D" },
];

/** The network with what was asked for, as a network file. */
export function networkFile(remedies: Remedies): string {
  const dropout = remedies.has("dropout") ? [{ className: "Dropout", config: { rate: 0.5 } }] : [];
  const axisNames = ["time", "frequency", "channel"];
  const dense = { className: "Dense", config: { units: "classes" } };
  if (networkOf(remedies) === "small") {
    return JSON.stringify({
      name: "three-convolutions",
      frontEnd: {
        kind: "melSpectrogram",
        fftSize: 1024,
        hopLength: 512,
        melBands: 40,
        scale: { kind: "decibels" },
      },
      windowSeconds: 1.5,
      axisNames,
      layers: [
        { className: "BatchNormalization", config: { momentum: 0.9 } },
        ...[16, 32, 64].flatMap(BLOCK),
        { className: "GlobalAveragePooling2D" },
        ...dropout,
        dense,
      ],
    });
  }
  return JSON.stringify({
    name: "notebook",
    frontEnd: { kind: "spectrogram", fftSize: 256, hopLength: 64, scale: { kind: "decibels" } },
    windowSeconds: 0.3453968253968254,
    axisNames,
    layers: [
      ...(remedies.has("normalise") ? [{ className: "BatchNormalization" }] : []),
      { className: "Conv2D", config: { filters: 4, kernelSize: 5, padding: "same", activation: "relu" } },
      { className: "MaxPooling2D", config: { padding: "same" } },
      { className: "Flatten" },
      ...dropout,
      dense,
    ],
  });
}

/** Excerpts that a training sees at the least, one after the other: the course's ten epochs of the studio's music. */
const SEEN = 1200;
/** Few excerpts make many epochs, each with a test of its own: more than these last too long. */
const MOST_EPOCHS = 100;

/** Epochs that a training on so many excerpts makes at most: the course's ten, and more where there are few excerpts. */
export function epochsOf(remedies: Remedies, excerpts: number): number {
  const epochs = Math.min(MOST_EPOCHS, Math.max(10, Math.round(SEEN / excerpts)));
  const factor = (networkOf(remedies) === "small" ? 3 : 1) * (remedies.has("stopping") ? 2 : 1);
  return factor * epochs;
}

/** @param model the path of the network file, where one is needed @param epochs at most */
export function requestOf(remedies: Remedies, data: string, model: string, epochs: number): TrainRequest {
  return {
    data,
    recipe: "assignment",
    model: networkOf(remedies) === "large" ? "mel-cnn" : model,
    epochs,
    seed: 1,
    ...(networkOf(remedies) === "small" && { batchSize: 8 }),
    ...(remedies.has("rate") && { learningRate: 0.003, schedule: "one-cycle" as const }),
    ...(remedies.has("augment") && { augment: true }),
    ...(remedies.has("stopping") && { patience: 8 }),
  };
}

/** Seconds for an epoch on one excerpt, on an older laptop; replaced by what the reader's own machine needs once it is known. */
export const SECONDS_PER_EXCERPT: Readonly<Record<NetworkKind, number>> = {
  notebook: 0.006,
  small: 0.004,
  large: 0.04,
};

/** "about 20 seconds", "about 3 minutes"; nobody knows it better. */
export function about(seconds: number): string {
  if (seconds < 3) return "a few seconds";
  if (seconds < 90) return `about ${Math.max(5, 5 * Math.round(seconds / 5))} seconds`;
  const minutes = Math.round(seconds / 60);
  return `about ${minutes} minutes`;
}
