/** @file The command line that begins the same run again. */

import type { SoundConfig } from "./sound-config.ts";

/** `auricle train …` with every option that decides what is computed. */
export function commandOf(config: SoundConfig): string {
  const { split, transfer } = config;
  const options: (string | number)[] = ["auricle", "train", quoted(config.data), "--model", config.model];
  if (config.reading.splitName !== undefined) options.push("--split-name", quoted(config.reading.splitName));
  if (config.reading.task) options.push("--task", config.reading.task);
  if (split.fold) options.push("--fold", `${split.fold.number + 1}/${split.fold.of}`);
  options.push("--split", split.fractions.join("/"));
  if (!split.official) options.push("--no-official-split");
  if (split.force) options.push("--force-split");
  options.push("--epochs", config.epochs, "--batch-size", config.batchSize);
  options.push("--optimizer", config.optimizer, "--learning-rate", config.learningRate);
  options.push("--weight-decay", config.weightDecay, "--schedule", config.schedule);
  options.push("--label-smoothing", config.labelSmoothing, "--balance", config.balance);
  if (config.augmentation === "none") options.push("--no-augment");
  options.push(config.patience === null ? "--no-patience" : `--patience ${config.patience}`);
  if (transfer) options.push("--from", quoted(transfer.from), ...(transfer.freeze ? ["--freeze"] : []));
  options.push("--seed", config.seed, "--target", config.target);
  return options.join(" ");
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
