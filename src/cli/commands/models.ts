/** @file `auricle models`: lists the built-in models, or prints one as a network file. */

import type { Command } from "commander";
import {
  AUDIO_MODELS,
  isAudioModelName,
  MODEL_NAMES,
  modelNamed,
  OTHER_MODELS,
  type ModelName,
} from "../../models/index.ts";
import { AuricleError } from "../../errors.ts";
import { formatNetworkFile } from "../../nn/index.ts";
import { didYouMean } from "../../options.ts";
import { sizeOf } from "../../tensor/shape.ts";
import { commandName } from "../command-name.ts";
import type { CommandContext } from "../context.ts";
import { widthOf, type Terminal } from "../terminal.ts";
import { formatCount, formatTable, wrapText } from "../text.ts";

const EXAMPLES = `
Examples:
  $ auricle models                          the list of models
  $ auricle models lenet5 > network.json    a network file to change
  $ auricle summary network.json --input 28x28x1
  $ auricle models mel-cnn > mine.json
  $ auricle train ./genres --model mine.json`;

export function addModelsCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command("models")
    .description("list the built-in models, or print one as a network file")
    .argument("[name]", "a model")
    .option("--json", "write one JSON object per line")
    .addHelpText("after", EXAMPLES)
    .action((name: string | undefined, { json = false }: { readonly json?: boolean }) => {
      if (name === undefined) listModels(terminal, json);
      else terminal.print(networkFileOf(name).trimEnd());
    });
}

interface ListedModel {
  readonly name: ModelName;
  readonly data: "images" | "signals" | "sound";
  readonly description: string;
  readonly citation?: string;
  readonly inputShape: readonly number[];
  /** Trainable, for ten classes. */
  readonly parameters: number;
}

/** Height, width and channels. */
const IMAGE_AXES = 3;

function listed(name: ModelName): ListedModel {
  const { description, citation } = definitionOf(name);
  const network = modelNamed(name);
  const [inputShape] = network.inputShapes;
  return {
    name,
    data: isAudioModelName(name) ? "sound" : inputShape.length === IMAGE_AXES ? "images" : "signals",
    description,
    ...(citation !== undefined && { citation }),
    inputShape,
    parameters: network.weights
      .filter(({ trainable }) => trainable)
      .reduce((sum, { shape }) => sum + sizeOf(shape), 0),
  };
}

function definitionOf(name: ModelName) {
  const definition: { readonly description: string; readonly citation?: string } = isAudioModelName(name)
    ? AUDIO_MODELS[name]
    : OTHER_MODELS[name];
  return definition;
}

function listModels(terminal: Terminal, json: boolean): void {
  const models = MODEL_NAMES.map(listed);
  if (json) {
    for (const model of models) terminal.printJson(model);
    return;
  }
  for (const [data, title] of [
    ["images", "Images"],
    ["sound", "Sound"],
    ["signals", "Other signals"],
  ] as const) {
    const own = models.filter((model) => model.data === data);
    terminal.print(`${title}\n`);
    for (const line of tableOf(own, widthOf(terminal.out))) terminal.print(line);
    terminal.print("");
  }
  for (const line of wrapText(
    `Parameters for ten classes. Layers of one: ${commandName()} summary <name>. A file to start your own from: ` +
      `${commandName()} models <name> > network.json`,
    widthOf(terminal.out),
  )) {
    terminal.print(line);
  }
}

/** The description has the rest of the line, and goes on below where that is too short. */
function tableOf(models: readonly ListedModel[], width: number): string[] {
  const facts = models.map(({ name, inputShape, parameters }) => [
    name,
    inputShape.join("×"),
    formatCount(parameters),
  ]);
  const rows = formatTable([["name", "input", "parameters"], ...facts], "llr");
  const room = Math.max(...rows.map((row) => row.length)) + 2;
  const texts = ["purpose", ...models.map(({ description }) => description)];
  return rows.flatMap((row, i) =>
    wrapText(texts[i], width - room).map(
      (text, line) => `${line === 0 ? row.padEnd(room) : " ".repeat(room)}${text}`,
    ),
  );
}

function networkFileOf(name: string): string {
  const known = MODEL_NAMES.find((model) => model === name);
  if (known === undefined) {
    throw new AuricleError(
      "argument",
      `models: name must be one of ${MODEL_NAMES.join(", ")}; got "${name}"${didYouMean(name, MODEL_NAMES)}`,
    );
  }
  const { description } = definitionOf(known);
  if (!isAudioModelName(known)) {
    return formatNetworkFile({ description, build: (classes) => modelNamed(known, { classes }) });
  }
  const { build, frontEnd, windowSeconds, normalizeByTraining } = AUDIO_MODELS[known];
  // Statistics of the training data are put before a network's own layers when it is trained.
  const normalization = normalizeByTraining ? { normalization: "none" as const } : {};
  return formatNetworkFile({
    description,
    frontEnd,
    windowSeconds,
    build: (classes) => build({ classes, ...normalization }),
  });
}
