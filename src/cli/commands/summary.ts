/** @file `auricle summary`: the layers of a model, of a run's model or of a model file. */

import { existsSync } from "node:fs";
import type { Command } from "commander";
import { audioDescription } from "../../audio-model/description.ts";
import { axisStepsOf, frequenciesOf, frontEnd, type FrontEnd } from "../../audio/front-end/index.ts";
import { AuricleError } from "../../errors.ts";
import { AUDIO_MODELS, isAudioModelName, MODEL_NAMES, modelNamed } from "../../models/index.ts";
import type { Network } from "../../nn/index.ts";
import { isPretrainedName } from "../../pretrained/catalogue.ts";
import { isNetworkFile, openNetworkFile, openTrainedModel } from "../../runs/index.ts";
import type { CommandContext } from "../context.ts";
import { exampleShape, wholeNumber } from "../option-values.ts";
import { widthOf } from "../terminal.ts";
import { wrapText } from "../text.ts";
import { warner } from "../warner.ts";
import { refuseOptions } from "./refuse-options.ts";

const EXAMPLES = `
Examples:
  $ auricle summary lenet5
  $ auricle summary runs/digits
  $ auricle summary network.json --input 28x28x1   a network of your own

Models:
${wrapText(MODEL_NAMES.join(", "), 80).join("\n")}`;

export function addSummaryCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command("summary")
    .description("show the layers of a model, their shapes and weights")
    .argument(
      "<model>",
      "a model's name, the folder of a run, a model file, a network file or a pretrained model",
    )
    .option(
      "--input <shape>",
      "input shape of a network file, such as 28x28x1 (default: its own)",
      exampleShape,
    )
    .option("--classes <n>", "number of classes of a network file (default: 10)", wholeNumber(1))
    .addHelpText("after", EXAMPLES)
    .action(async (name: string, options: SummaryOptions, command: Command) => {
      const shown = isNetworkFile(name)
        ? await networkIn(name, options)
        : await modelAt(name, warner(terminal, false));
      if (!isNetworkFile(name)) refuseOptions(command, ["input", "classes"], "is for network files");
      for (const line of summaryOf(shown, widthOf(terminal.out))) terminal.print(line);
    });
}

interface SummaryOptions {
  readonly input?: readonly number[];
  readonly classes?: number;
}

/** Builds the network of a file for the requested shape, or the one that it suits. */
async function networkIn(file: string, { input, classes = 10 }: SummaryOptions): Promise<ShownModel> {
  const { build, frontEnd: front, windowSeconds, ...own } = await openNetworkFile(file);
  const hears = front && frontEnd(front);
  const windowed =
    hears && windowSeconds !== undefined
      ? hears.outputShape(Math.round(windowSeconds * hears.sampleRate))
      : undefined;
  const shape = input ?? own.inputShape ?? windowed;
  if (shape === undefined) {
    throw new AuricleError(
      "argument",
      `summary: ${file} takes the shape of its data: name one, as --input 28x28x1`,
    );
  }
  return { network: build({ inputShape: shape, classes, seed: 0 }), hears };
}

interface ShownModel {
  readonly network: Network;
  /** The front end that turns audio into its input; undefined for images. */
  readonly hears: FrontEnd | undefined;
}

async function modelAt(name: string, warn: (text: string) => void): Promise<ShownModel> {
  if (MODEL_NAMES.some((model) => model === name)) {
    const hears = isAudioModelName(name) ? frontEnd(AUDIO_MODELS[name].frontEnd) : undefined;
    return { network: modelNamed(name), hears };
  }
  if (!existsSync(name) && !isPretrainedName(name)) {
    const isPath = /[\\/]|^[.~]/.test(name);
    throw new AuricleError(
      "argument",
      isPath
        ? `no such folder or file: ${name}. Name a run, a model file or a model; models: ${MODEL_NAMES.join(", ")}`
        : `summary: "${name}" is neither the folder of a run nor a model; models: ${MODEL_NAMES.join(", ")}`,
    );
  }
  const { model, kind, path } = await openTrainedModel(name, {}, warn);
  const hears = kind === "sound" ? frontEnd(audioDescription(model.metadata, path).frontEnd) : undefined;
  return { network: model.network, hears };
}

function summaryOf({ network, hears }: ShownModel, width: number): string[] {
  if (!hears) return network.summary({ width }).split("\n");
  // The bands of a filter bank have no width in common: they are counted, and their widths told below.
  const units = axisStepsOf(hears).map((axis) => ({
    ...axis,
    unit: axis.unit === "mel bands" ? "bands" : axis.unit,
  }));
  return [...network.summary({ width, units }).split("\n"), ...wrapText(describeSight(hears), width)];
}

/** Says what "Sees" means in time and frequency. */
function describeSight(hears: FrontEnd): string {
  const { config, sampleRate, hopLength } = hears;
  const step = (1000 * hopLength) / sampleRate;
  if (config.kind === "waveform") return "Sees: the time that one output depends on.";
  return (
    `Sees: the time and the frequencies that one output depends on; a step of time is ${step.toPrecision(3)} ms` +
    (config.kind === "melSpectrogram" ? `, and ${describeBands(hears)}.` : ".")
  );
}

/** Says how far bands are apart where they are narrowest and widest, and how far up they reach. */
function describeBands(hears: FrontEnd): string {
  const frequencies = frequenciesOf(hears) ?? [];
  const [first, second] = frequencies;
  const [beforeLast, last] = frequencies.slice(-2);
  return (
    `the ${frequencies.length} bands are ${(second - first).toFixed(0)} Hz (the lowest) to ` +
    `${(last - beforeLast).toFixed(0)} Hz (at ${(last / 1000).toFixed(1)} kHz) apart`
  );
}
