/** @file The settings of LeNet's stage, and what is known of the networks in this page. */
import type { LayerView } from "./layers.ts";
import type { DataName } from "./classes.ts";

export type NetworkName = "usual" | "1998";

/** A network with what it learns. */
export interface Task {
  readonly data: DataName;
  readonly net: NetworkName;
}

/** The name under which both are kept. */
export function keyOf({ data, net }: Task): string {
  return `${data} ${net}`;
}

export interface View {
  net: NetworkName;
  data: DataName;
  /** The reader's drawing of a digit; "": one of the test pictures. */
  ink: string;
  /** Whether the drawing is moved to the middle and given the digits' size. */
  fit: boolean;
  /** Which of the test pictures. */
  example: number;
  /** The layer whose unit is looked at, by its title. */
  layer: string;
  row: number;
  column: number;
  channel: number;
}

/** The page's record of a network's training. */
export interface TrainingRecord {
  readonly step: number;
  readonly epochs: number;
  /** Steps at which a report came, and the mean loss of the batches before each. */
  readonly steps: readonly number[];
  readonly losses: readonly number[];
  /** Test results by the step at which they were taken. */
  readonly tests: readonly { readonly step: number; readonly accuracy: number }[];
  readonly examplesPerSecond: number;
  readonly isRunning: boolean;
  /** Grows when the layers are worth looking at again: a few times a second, which is all that eyes follow. */
  readonly moment: number;
}

/** How many numbers each network learns. */
export const PARAMETERS: Readonly<{ [Name in NetworkName]: number }> = { usual: 61_706, 1998: 60_000 };

export const UNTRAINED: TrainingRecord = {
  step: 0,
  epochs: 0,
  steps: [],
  losses: [],
  tests: [],
  examplesPerSecond: 0,
  isRunning: false,
  moment: 0,
};

/** The network's answer to the picture. */
export interface Answer {
  /** For each class: its probability, or its squared distance in the network of 1998. */
  readonly scores: readonly number[];
  /** The class that wins. */
  readonly best: number;
}

/** The answer in a network's outputs, which are logits or minus squared distances. */
export function answerOf(outputs: ArrayLike<number>, last: LayerView): Answer {
  const values = Array.from(outputs);
  const best = values.reduce((most, value, i) => (value > (values[most] ?? -Infinity) ? i : most), 0);
  if (last.kind === "distance") return { scores: values.map((value) => -value), best };
  const largest = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - largest));
  const total = powers.reduce((sum, value) => sum + value, 0);
  return { scores: powers.map((value) => value / total), best };
}
