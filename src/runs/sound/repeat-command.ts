/** @file The command line that begins the same run again. Browser-safe. */

import { frontEndConfig, type FrontEndConfig, type FrontEndOptions } from "../../audio/front-end/config.ts";
import { frontEnd, FRONT_END_PRESETS } from "../../audio/front-end/index.ts";
import { samplesForSteps, stepsOf } from "../../data/audio/features/samples-for-steps.ts";
import { AUDIO_MODELS, isAudioModelName } from "../../models/index.ts";
import { quoted } from "../shell-words.ts";
import type { SoundConfig } from "./sound-config.ts";

/** `auricle train …` with every option that decides what is computed. */
export function commandOf(config: SoundConfig): string {
  const { split, reading } = config;
  const options: (string | number)[] = ["auricle", "train", quoted(config.data), ...hearingOf(config)];
  if (reading.splitName !== undefined) options.push("--split-name", quoted(reading.splitName));
  if (reading.task) options.push("--task", reading.task);
  if (split.fold) options.push("--fold", `${split.fold.number + 1}/${split.fold.of}`);
  options.push("--split", split.fractions.join("/"));
  if (!split.official) options.push("--no-official-split");
  if (!split.duplicates) options.push("--no-duplicates");
  if (split.force) options.push("--force-split");
  options.push("--epochs", config.epochs, "--batch-size", config.batchSize);
  options.push("--optimizer", config.optimizer, "--learning-rate", config.learningRate);
  options.push("--weight-decay", config.weightDecay, "--schedule", config.schedule);
  options.push("--label-smoothing", config.labelSmoothing, "--balance", config.balance);
  if (config.augmentation === "none") options.push("--no-augment");
  if (config.patience === null) options.push("--no-patience");
  else options.push("--patience", config.patience);
  options.push("--seed", config.seed, "--target", config.target);
  return options.join(" ");
}

/** The model, its front end and its window; or the run that all three are of. */
function hearingOf({ model, frontEnd: hears, windowFrames, transfer }: SoundConfig): (string | number)[] {
  if (transfer) return ["--from", quoted(transfer.from), ...(transfer.freeze ? ["--freeze"] : [])];
  const preset = presetOf(model, hears);
  return [
    "--model",
    model,
    ...(preset === undefined ? [] : ["--front-end", preset]),
    "--window",
    windowSeconds(hears, windowFrames),
  ];
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
