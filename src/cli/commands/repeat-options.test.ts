/** @file The command that repeats a run, held against the options that `auricle train` has: none can be forgotten. */
import { SOUND_WORDS } from "../../data/collection/words.ts";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { frontEndConfig, FRONT_END_PRESETS } from "../../audio/front-end/index.ts";
import { AUDIO_MODEL_NAMES, AUDIO_MODELS } from "../../models/index.ts";
import { OPTIMIZER_NAMES } from "../../nn/index.ts";
import { BALANCE_NAMES, RECIPE_NAMES, SCHEDULE_NAMES, type SoundConfig } from "../../runs/index.ts";
import { newConfig, splitOf } from "../../runs/sound/new-config.ts";
import { commandOf, TRAIN_OPTIONS } from "../../runs/sound/repeat-command.ts";
import { framesOfWindow } from "../../runs/sound/sound-data.ts";
import { ALGORITHM_POLICIES } from "../../runtime/algorithm-policy.ts";
import { Generator } from "../../random/generator.ts";
import { addTrainOptions, type TrainOptions } from "./train-options.ts";
import { requestOf } from "./train-sound.ts";

function trainCommand(): Command {
  const train = new Command("train").argument("[data]").exitOverride();
  addTrainOptions(train);
  return train;
}

/** The configuration of the run that a command line begins, without looking at data. */
function configOf(argv: readonly string[]): SoundConfig {
  const train = trainCommand();
  let config: SoundConfig | undefined;
  train.action((data: string, options: TrainOptions, command: Command) => {
    const request = requestOf(data, options, command);
    const front = frontEndConfig(request.frontEnd ?? AUDIO_MODELS[request.model].frontEnd);
    const windowFrames = framesOfWindow(
      front,
      request.windowSeconds ?? AUDIO_MODELS[request.model].windowSeconds,
    );
    config = newConfig(
      request,
      {
        task: "classification",
        classNames: ["a", "b"],
        name: "x",
        folder: "/x",
        words: SOUND_WORDS,
        examples: [],
        clips: [],
        problems: [],
      },
      {
        model: request.model,
        frontEnd: front,
        windowFrames,
        stepShape: [64, 1],
        split: splitOf(request),
        clips: 90,
      },
    );
  });
  train.parse(argv, { from: "user" });
  if (!config) throw new Error("the command line was not parsed");
  return config;
}

/** For each option that decides something: values that it may have, at least one of which is not the default. */
const VALUES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  recipe: RECIPE_NAMES.map((name) => ["--recipe", name]),
  from: [["--from", "/runs/other"]],
  freeze: [["--freeze"]],
  model: AUDIO_MODEL_NAMES.map((name) => ["--model", name]),
  frontEnd: Object.keys(FRONT_END_PRESETS).map((name) => ["--front-end", name]),
  window: [
    ["--window", "1.5"],
    ["--window", "4"],
  ],
  splitName: [["--split-name", "by-speaker"]],
  task: [
    ["--task", "tagging"],
    ["--task", "classification"],
  ],
  fold: [["--fold", "2/5"]],
  split: [
    ["--split", "0.5/0.25/0.25"],
    ["--split", "80/0/20"],
  ],
  officialSplit: [["--no-official-split"]],
  duplicates: [["--no-duplicates"]],
  forceSplit: [["--force-split"]],
  epochs: [["--epochs", "3"]],
  batchSize: [["--batch-size", "7"]],
  optimizer: OPTIMIZER_NAMES.map((name) => ["--optimizer", name]),
  learningRate: [["--learning-rate", "0.00012345"]],
  weightDecay: [
    ["--weight-decay", "0"],
    ["--weight-decay", "0.3"],
  ],
  schedule: SCHEDULE_NAMES.map((name) => ["--schedule", name]),
  labelSmoothing: [
    ["--label-smoothing", "0"],
    ["--label-smoothing", "0.25"],
  ],
  balance: BALANCE_NAMES.map((name) => ["--balance", name]),
  augment: [["--augment"], ["--no-augment"]],
  patience: [["--patience", "3"], ["--no-patience"]],
  seed: [["--seed", "41"]],
  target: [
    ["--target", "reference"],
    ["--target", "wasm"],
  ],
  algorithms: ALGORITHM_POLICIES.map((policy) => ["--algorithms", policy]),
};

const deciding = Object.entries(TRAIN_OPTIONS).flatMap(([name, entry]) =>
  typeof entry === "function" ? [name] : [],
);

describe("the command that repeats a run", () => {
  it("accounts for every option of auricle train", () => {
    const names = new Set(trainCommand().options.map((option) => option.attributeName()));
    expect([...names].sort()).toEqual(Object.keys(TRAIN_OPTIONS).sort());
    expect(Object.keys(VALUES).sort()).toEqual([...deciding].sort());
  });

  it.each(deciding)("carries %s, alone and among others", (name) => {
    for (const [index, words] of VALUES[name].entries()) {
      for (let round = 0; round < 6; round++) {
        const random = new Generator(1000 * index + round);
        const given = deciding.flatMap((other) => {
          if (other === name) return words;
          const values = VALUES[other];
          return round === 0 || random.uniform() < 0.6
            ? []
            : values[Math.floor(random.uniform() * values.length)];
        });
        const argv = ["styles", ...compatible(given, name)];
        const config = configOf(argv);
        const again = commandOf(config).split(" ").slice(2);
        expect(configOf(again), `${argv.join(" ")} → ${again.join(" ")}`).toEqual(config);
      }
    }
  });

  it("tells apart what differs", () => {
    const plain = commandOf(configOf(["styles"]));
    for (const name of [
      "epochs",
      "batchSize",
      "seed",
      "learningRate",
      "algorithms",
      "recipe",
      "duplicates",
    ]) {
      const [words] = VALUES[name].slice(-1);
      expect(commandOf(configOf(["styles", ...words]))).not.toBe(plain);
    }
  });
});

/** Leaves out what the command refuses beside the option that is tested. */
function compatible(words: readonly string[], tested: string): string[] {
  const kept = [...words];
  const drop = (flag: string, length: number) => {
    const at = kept.indexOf(flag);
    if (at >= 0) kept.splice(at, length);
  };
  const isTransfer = ["from", "freeze"].includes(tested);
  if (isTransfer || kept.includes("--from") || kept.includes("--freeze")) {
    if (!isTransfer && ["model", "frontEnd", "window", "recipe"].includes(tested)) {
      drop("--from", 2);
      drop("--freeze", 1);
      return kept;
    }
    if (!kept.includes("--from")) kept.push("--from", "/runs/other");
    for (const flag of ["--model", "--front-end", "--window", "--recipe"]) drop(flag, 2);
  }
  return kept;
}
