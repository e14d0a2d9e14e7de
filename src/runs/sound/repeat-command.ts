/** @file The command line that begins the same run again. Browser-safe. */

import { frontEndConfig, type FrontEndConfig, type FrontEndOptions } from "../../audio/front-end/config.ts";
import { frontEnd, FRONT_END_PRESETS } from "../../audio/front-end/index.ts";
import { samplesForSteps, stepsOf } from "../../data/audio/features/samples-for-steps.ts";
import { AUDIO_MODELS, isAudioModelName } from "../../models/index.ts";
import { quoted } from "../shell-words.ts";
import { recipeOf } from "./recipes.ts";
import type { SoundConfig } from "./sound-config.ts";

/** The words of an option that decides what is computed; none where the value needs no option. */
type Words = (config: SoundConfig) => readonly (string | number)[];

/** An option that changes nothing of what is computed, and why it does not. */
interface NoPart {
  readonly noPart: string;
}

/** Another machine, another day: none of it is in the weights. */
const PLACE: NoPart = { noPart: "where files are, which changes nothing in them" };
const COURSE: NoPart = { noPart: "how the training is carried out or shown" };

/**
 * All options of `auricle train`, in the order of the command: each says how it is written again, or why it need not be. A
 * test holds this against the options that the command has.
 */
export const TRAIN_OPTIONS = {
  recipe: ({ recipe }) => (recipe === "assignment" ? ["--recipe", recipe] : []),
  from: ({ transfer }) => (transfer ? ["--from", quoted(transfer.from)] : []),
  freeze: ({ transfer }) => (transfer?.freeze ? ["--freeze"] : []),
  // With another run's weights, these three are that run's.
  model: ({ model, transfer }) => (transfer ? [] : ["--model", model]),
  frontEnd: presetWords,
  window: ({ frontEnd: hears, windowFrames, transfer }) =>
    transfer ? [] : ["--window", windowSeconds(hears, windowFrames)],
  splitName: ({ reading: { splitName } }) =>
    splitName === undefined ? [] : ["--split-name", quoted(splitName)],
  task: ({ reading: { task } }) => (task ? ["--task", task] : []),
  fold: ({ split: { fold } }) => (fold ? ["--fold", `${fold.number + 1}/${fold.of}`] : []),
  split: ({ split }) => ["--split", split.fractions.join("/")],
  officialSplit: ({ split }) => (split.official ? [] : ["--no-official-split"]),
  duplicates: ({ split }) => (split.duplicates ? [] : ["--no-duplicates"]),
  forceSplit: ({ split }) => (split.force ? ["--force-split"] : []),
  epochs: ({ epochs }) => ["--epochs", epochs],
  batchSize: ({ batchSize }) => ["--batch-size", batchSize],
  optimizer: ({ optimizer }) => ["--optimizer", optimizer],
  learningRate: ({ learningRate }) => ["--learning-rate", learningRate],
  weightDecay: ({ weightDecay }) => ["--weight-decay", weightDecay],
  schedule: ({ schedule }) => ["--schedule", schedule],
  labelSmoothing: ({ labelSmoothing }) => ["--label-smoothing", labelSmoothing],
  balance: ({ balance }) => ["--balance", balance],
  augment: ({ augmentation, recipe }) => {
    if (augmentation === "none") return ["--no-augment"];
    return recipeOf(recipe).augment ? [] : ["--augment"];
  },
  patience: ({ patience }) => (patience === null ? ["--no-patience"] : ["--patience", patience]),
  seed: ({ seed }) => ["--seed", seed],
  target: ({ target }) => ["--target", target],
  algorithms: ({ algorithms }) => ["--algorithms", algorithms],
  seeds: { noPart: "each run has one seed, and is repeated by that" },
  strict: { noPart: "it refuses data, and otherwise changes nothing" },
  validation: { noPart: "it is for images" },
  trainSize: { noPart: "it is for images" },
  out: PLACE,
  dataFolder: PLACE,
  featureFolder: PLACE,
  cache: PLACE,
  download: PLACE,
  resume: COURSE,
  threads: COURSE,
  profile: COURSE,
  json: COURSE,
} as const satisfies Record<string, Words | NoPart>;

/** `auricle train …` with every option that decides what is computed. */
export function commandOf(config: SoundConfig): string {
  const options: readonly (Words | NoPart)[] = Object.values(TRAIN_OPTIONS);
  const words = options.flatMap((option) => (typeof option === "function" ? option(config) : []));
  return ["auricle", "train", quoted(config.data), ...words].join(" ");
}

function presetWords({ model, frontEnd: hears, transfer }: SoundConfig): readonly string[] {
  const preset = transfer ? undefined : presetOf(model, hears);
  return preset === undefined ? [] : ["--front-end", preset];
}

/** The preset's name where it is not the model's own front end, for which none is needed. */
function presetOf(model: SoundConfig["model"], hears: FrontEndConfig): string | undefined {
  const isSame = (options: FrontEndOptions) =>
    JSON.stringify(frontEndConfig(options)) === JSON.stringify(hears);
  if (isAudioModelName(model) && isSame(AUDIO_MODELS[model].frontEnd)) return undefined;
  return Object.entries(FRONT_END_PRESETS).find(([, options]) => isSame(options))?.[0];
}

/** Seconds of so many steps, with no more digits than tell them from other numbers of steps. */
function windowSeconds(hears: FrontEndConfig, steps: number): string {
  const front = frontEnd(hears);
  const samples = samplesForSteps(front, steps);
  const reached = stepsOf(front, samples);
  for (let digits = 1; ; digits++) {
    const seconds = (Math.ceil((samples / front.sampleRate) * 10 ** digits) / 10 ** digits).toFixed(digits);
    if (stepsOf(front, Math.round(Number(seconds) * front.sampleRate)) === reached) return seconds;
  }
}
