/** @file The table of training options against all that comes from it: flags, configurations, repeat commands, files, the schema. */

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { AUDIO_MODEL_NAMES, AUDIO_MODELS, isAudioModelName } from "../../models/index.ts";
import { frontEndConfig } from "../../audio/front-end/index.ts";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { SOUND_WORDS } from "../../data/collection/words.ts";
import { Generator } from "../../random/generator.ts";
import {
  appliesTo,
  OPTION_NAMES,
  recipeFor,
  rowOf,
  type OptionName,
  type TrainingValues,
} from "../../runs/index.ts";
import { checkSameRun } from "../../runs/options/check-same-run.ts";
import { framesOfWindow } from "../../runs/options/front-end-value.ts";
import { formatRecipeFile, readRecipeFile, recipeFileSchema } from "../../runs/options/recipe-file.ts";
import { commandOf, wordsOf } from "../../runs/options/repeat-command.ts";
import { DECIDING_NAMES, valuesOfRun } from "../../runs/options/training-values.ts";
import { frontEndOf } from "../../runs/options/values.ts";
import { splitOf } from "../../runs/requested.ts";
import { newConfig } from "../../runs/sound/new-config.ts";
import type { SoundConfig } from "../../runs/sound/sound-config.ts";
import { addTrainOptions, readTrainOptions } from "./train-options.ts";

async function parsed(argv: readonly string[]): Promise<TrainingValues> {
  const train = new Command("train").argument("[data]").exitOverride();
  addTrainOptions(train);
  train.configureOutput({ writeErr: () => undefined });
  train.parse(argv, { from: "user" });
  return readTrainOptions(train);
}

const EMPTY = {
  classNames: ["a", "b"],
  name: "x",
  folder: "/x",
  words: SOUND_WORDS,
  examples: [],
  clips: [],
  problems: [],
};

/** The configuration of the run that options begin, without looking at data. */
function configOf(values: TrainingValues): SoundConfig {
  const { model } = { ...recipeFor("sound", values.recipe).values({ examples: 90 }), ...values };
  const own = AUDIO_MODELS[isAudioModelName(model) ? model : AUDIO_MODEL_NAMES[0]];
  const front = values.frontEnd ? frontEndOf(values.frontEnd) : frontEndConfig(own.frontEnd);
  return newConfig(
    { ...values, data: "styles" },
    { ...EMPTY, task: values.task ?? "classification" },
    {
      model,
      frontEnd: front,
      windowFrames: framesOfWindow(front, values.window ?? own.windowSeconds),
      stepShape: [64, 1],
      split: splitOf(values),
      clips: 90,
    },
  );
}

/** Values of every type; an option is tried with those that it takes. */
const CANDIDATES: readonly unknown[] = [
  ...[0, 0.00012345, 0.25, 1.5, 3, 41, true, false, null],
  ...["/runs/it's other", "2/5", "vggish", [0.5, 0.25, 0.25], [0.8, 0, 0.2]],
  { kind: "melSpectrogram", sampleRate: 8000, melBands: 40 },
];

/** Kinds of machine code that every machine has. */
const TARGETS = ["wasm", "reference"];

function samplesOf(name: OptionName): unknown[] {
  const { type } = rowOf(name);
  if (name === "model") return [...AUDIO_MODEL_NAMES, "/networks/my net.json"];
  const names = (type.choices ?? []).filter((one) => name !== "target" || TARGETS.includes(one));
  const others = CANDIDATES.filter((value) => type.schema.safeParse(value).success);
  if (type.choices) return names;
  // A window has a step at least, and without another network's weights nothing is frozen.
  if (name === "window") return others.filter((value) => Number(value) > 0.1);
  return others.filter((value) => name !== "freeze" || value === true);
}

/** The options that decide what a run on sound computes. */
const deciding = DECIDING_NAMES.filter((name) => appliesTo(name, "sound"));

/** A value of an option beside some values of others that the command takes together with it. */
function among(name: OptionName, value: unknown, random: Generator, share: number): TrainingValues {
  const isTransfer = isOfTransfer(name) || (random.uniform() < share && !isInput(name));
  const chosen: Partial<Record<OptionName, unknown>> = isTransfer ? { from: "/runs/other" } : {};
  for (const other of deciding) {
    const samples = samplesOf(other);
    const isLeftOut = isTransfer ? isInput(other) : isOfTransfer(other);
    if (isLeftOut || random.uniform() >= share) continue;
    chosen[other] = samples[Math.floor(random.uniform() * samples.length)];
  }
  return { ...chosen, [name]: value } as TrainingValues;
}

function isOfTransfer(name: OptionName): boolean {
  return ["from", "freeze", "transfer"].includes(name);
}

/** The model and its input, which with another run's weights are that run's. */
function isInput(name: OptionName): boolean {
  return ["model", "frontEnd", "window", "recipe"].includes(name);
}

function argvOf(values: TrainingValues): string[] {
  return ["styles", ...OPTION_NAMES.flatMap((name) => wordsOf(name, values[name]))];
}

describe("every training option", () => {
  it("has a flag of its name, and no flag is of another", async () => {
    const train = new Command("train");
    addTrainOptions(train);
    const names = new Set(train.options.map((option) => option.attributeName()));
    expect([...names].sort()).toEqual([...OPTION_NAMES].sort());
    const help = train.helpInformation();
    for (const name of OPTION_NAMES) {
      for (const [flag] of rowOf(name).flags) expect(help).toContain(flag);
    }
    await expect(parsed(["styles"])).resolves.toEqual({});
  });

  it.each(deciding)(
    "that decides something comes back from config.json and the command: %s",
    async (name) => {
      const samples = samplesOf(name);
      expect(samples.length, `no value of ${name} is tried`).toBeGreaterThan(0);
      for (const [index, value] of samples.entries()) {
        for (let round = 0; round < 4; round++) {
          const values = among(name, value, new Generator(1000 * index + round), round === 0 ? 0 : 0.4);
          const config = configOf(await parsed(argvOf(values)));
          expect(configOf(valuesOfRun(config)), JSON.stringify(values)).toEqual(config);
          expect(configOf(await parsed(wordsIn(commandOf(config)))), commandOf(config)).toEqual(config);
          expect(configOf(readRecipeFile(formatRecipeFile(valuesOfRun(config)), "x"))).toEqual(config);
          expect(() => checkSameRun("/x", config, valuesOfRun(config))).not.toThrow();
        }
      }
    },
  );

  it.each(deciding)(
    "that decides something makes another run, and is refused when one goes on: %s",
    (name) => {
      const base: TrainingValues = {
        ...(name === "transfer" && { from: "/runs/other" }),
        ...(name === "freeze" && { from: "/runs/other", transfer: "whole" }),
      };
      const plain = configOf(base);
      const others = samplesOf(name).map((value) => ({ ...base, [name]: value }) as TrainingValues);
      const differing = others.filter((values) => JSON.stringify(configOf(values)) !== JSON.stringify(plain));
      expect(differing.length, `${name} changes nothing`).toBeGreaterThan(0);
      for (const values of differing) {
        expect(commandOf(configOf(values))).not.toBe(commandOf(plain));
        // A run may go on with the task in words that it found by itself.
        if (values.task === plain.task) continue;
        expect(() => checkSameRun("/x", plain, { [name]: values[name] })).toThrow("a resumed run keeps");
      }
    },
  );

  it("has its place in the published schema", async () => {
    const { properties } = recipeFileSchema() as { properties: Record<string, object> };
    expect(Object.keys(properties).sort()).toEqual(["$schema", ...DECIDING_NAMES].sort());
    const path = new URL("../../../docs/training.schema.json", import.meta.url);
    const published: unknown = JSON.parse(await readFile(path, "utf8"));
    expect(published, "write docs/training.schema.json again").toEqual(recipeFileSchema());
    const file = formatRecipeFile({ epochs: 3 }, "./schema.json");
    expect(JSON.parse(file)).toEqual({ $schema: "./schema.json", epochs: 3 });
    expect(readRecipeFile(file, "x")).toEqual({ epochs: 3 });
  });
});

/** The words of a line that was made for a shell, without "auricle train". */
function wordsIn(line: string): string[] {
  const words = line.match(/(?:'[^']*'|\\'|[^\s'\\])+/g) ?? [];
  return words.slice(2).map((word) => word.replace(/'([^']*)'|\\(')/g, "$1$2"));
}

describe("--config", () => {
  async function fileOf(content: string): Promise<string> {
    const path = join(await temporaryFolder(), "training.json");
    await writeFile(path, content);
    return path;
  }

  it("gives values, which flags beat; paths are relative to the file", async () => {
    const path = await fileOf(
      '{ "$schema": "x", "epochs": 3, "patience": null, "augment": true, "from": "../a" }',
    );
    const values = await parsed(["styles", "--config", path, "--epochs", "7", "--no-augment"]);
    expect(values).toEqual({
      config: path,
      epochs: 7,
      patience: null,
      augment: false,
      from: join(path, "../../a"),
    });
  });

  it.each([
    ['{ "epoch": 3 }', 'no training option "epoch"; did you mean "epochs"?'],
    ['{ "threads": 3 }', 'no training option "threads"'],
    ['{ "epochs": "3" }', 'epochs must be a whole number, 1 or more; got "3"'],
    ['{ "optimizer": "adm" }', "optimizer must be one of sgd,"],
    ['{ "split": [0.5, 0.6, 0] }', "split must be three shares with sum 1"],
    ['{ "frontEnd": { "kind": "melSpectrogram", "melBands": -1 } }', "frontEnd"],
    ["[1]", "must hold an object"],
    ["{", "not JSON"],
  ])("refuses %s", async (content, message) => {
    const path = await fileOf(content);
    await expect(parsed(["styles", "--config", path])).rejects.toThrow(message);
    await expect(parsed(["styles", "--config", path])).rejects.toThrow(path);
  });
});
