/** @file `auricle export --tfjs` and `--keras`: a network in Keras' terms, with what its input and its output are. */

import { existsSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { audioDescription } from "../../audio-model/description.ts";
import { AuricleError } from "../../errors.ts";
import type { KerasAnswer } from "../../formats/keras/to-keras.ts";
import { writeKerasFile, type KerasFileOptions } from "../../formats/keras/write-keras-file.ts";
import { writeKeras } from "../../formats/keras/write-keras.ts";
import { TFJS_MODEL, writeTfjs } from "../../formats/tfjs/write-tfjs.ts";
import { imageDescription } from "../../image-model/description.ts";
import { writeFileAtomic } from "../../io/atomic-file.ts";
import type { Json, Network } from "../../nn/index.ts";
import type { TrainedModel } from "../../runs/trained-model.ts";
import { formatShape } from "../../tensor/shape.ts";
import { AURICLE_KEY } from "../importers/keras-network.ts";
import { widthOf, type Terminal } from "../terminal.ts";
import { formatBytes, wrapText } from "../text.ts";
import { shortPath } from "./run-path.ts";

/** The file or folder that is to be written: exactly one of the two. */
export type KerasTarget = { readonly tfjs: string } | { readonly keras: string };

/** The options of the command that name a target here. */
export interface KerasTargetOptions {
  readonly tfjs?: string;
  readonly keras?: string;
}

/** Returns what the options name; undefined where they name nothing of Keras. */
export function kerasTargetOf({ tfjs, keras }: KerasTargetOptions): KerasTarget | undefined {
  if (tfjs !== undefined) return { tfjs };
  return keras === undefined ? undefined : { keras };
}

/** A mistyped argument must not cost a recording or a model. @throws AuricleError */
export function checkKerasTarget(target: KerasTarget): void {
  if ("tfjs" in target) {
    const { tfjs } = target;
    if (!existsSync(tfjs) || statSync(tfjs).isDirectory()) return;
    throw refusal("--tfjs", tfjs, "is a file: name a folder");
  }
  const { keras } = target;
  if (!/\.(keras|npz)$/i.test(keras)) throw refusal("--keras", keras, "must end with .keras or .npz");
  const folder = dirname(keras);
  if (!existsSync(folder)) {
    throw new AuricleError("file", `--keras: cannot write ${keras}: no such folder: ${folder}`);
  }
  for (const path of isWhole(keras) ? [keras] : [keras, programBeside(keras)]) {
    if (existsSync(path) && !statSync(path).isFile()) throw refusal("--keras", path, "is no ordinary file");
  }
}

function refusal(option: string, path: string, why: string): AuricleError {
  return new AuricleError("argument", `${option}: ${path} ${why}; nothing was written`);
}

/** Whether a file is to have the layers too, rather than weights for a program beside it. */
function isWhole(path: string): boolean {
  return /\.keras$/i.test(path);
}

function programBeside(weights: string): string {
  return weights.replace(/\.npz$/i, ".py");
}

/** @throws AuricleError "unsupported" naming all layers that the program has nothing for. */
export async function exportKeras(
  trained: TrainedModel,
  target: KerasTarget,
  terminal: Terminal,
  json: boolean,
): Promise<void> {
  const { model } = trained;
  const { answer, metadata, about } = described(trained);
  const files = filesFor(target, model.network, { answer, metadata: { [AURICLE_KEY]: metadata }, about });
  if ("tfjs" in target) await mkdir(target.tfjs, { recursive: true });
  for (const [path, content] of files) await writeFileAtomic(path, content);
  const bytes = files.reduce((sum, [, content]) => sum + content.length, 0);
  const format = "tfjs" in target ? "tfjs" : "keras";
  if (json) {
    terminal.printJson({ event: "export", format, files: files.map(([path]) => path), bytes, about });
    return;
  }
  const [first, ...others] = files.map(([path]) => shortPath(path));
  terminal.print(`Written: ${first}`);
  for (const other of others) terminal.print(`         ${other}`);
  for (const [label, text] of [["Size:", formatBytes(bytes)], ...about.map((line) => ["About:", line])]) {
    wrapText(text, widthOf(terminal.out) - 9).forEach((line, i) =>
      terminal.print((i === 0 ? label : "").padEnd(9) + line),
    );
  }
}

type Files = readonly (readonly [path: string, content: Uint8Array])[];

interface Content extends KerasFileOptions {
  readonly about: readonly string[];
}

function filesFor(target: KerasTarget, network: Network, { about, ...described }: Content): Files {
  if ("tfjs" in target) {
    // The file that names the others comes last: whoever finds it finds them.
    return [...writeTfjs(network, described)]
      .sort(([a], [b]) => Number(a === TFJS_MODEL) - Number(b === TFJS_MODEL))
      .map(([name, content]) => [join(target.tfjs, name), content]);
  }
  const { keras } = target;
  if (isWhole(keras)) return [[keras, writeKerasFile(network, described)]];
  const { answer } = described;
  const { program, weights } = writeKeras(network, { answer, about, weightsFile: basename(keras) });
  return [
    [keras, weights],
    [programBeside(keras), new TextEncoder().encode(program)],
  ];
}

interface Described {
  readonly answer: KerasAnswer;
  /** As the model's own, for a network whose outputs are in the units of the targets. */
  readonly metadata: Readonly<Record<string, Json>>;
  /** Sentences on input and output. */
  readonly about: readonly string[];
}

function described({ kind, model, path }: TrainedModel): Described {
  const [input] = model.network.inputShapes;
  const description =
    kind === "sound" ? audioDescription(model.metadata, path) : imageDescription(model, path);
  const { task, classNames, targetScale } = description;
  const takes =
    "frontEnd" in description
      ? `Takes the features of ${description.windowFrames} steps, ${formatShape(input)}: ${JSON.stringify(description.frontEnd)}. ` +
        "The answer for a recording is the mean over evenly spaced windows."
      : `Takes pictures ${formatShape(input)}, bytes divided by 255.`;
  const gives = `Gives ${task === "regression" ? "numbers" : "probabilities"}: ${classNames.join(", ")}.`;
  return {
    answer: answerFor(task, targetScale),
    metadata: withoutScale(model.metadata),
    about: [takes, gives],
  };
}

function answerFor(
  task: "classification" | "tagging" | "regression",
  scale: readonly { readonly deviation: number; readonly mean: number }[] | undefined,
): KerasAnswer {
  if (task === "classification") return "softmax";
  if (task === "tagging") return "sigmoid";
  return scale && { deviation: scale.map(({ deviation }) => deviation), mean: scale.map(({ mean }) => mean) };
}

/** A description without the scale of targets, which is part of the network that is written. */
function withoutScale(metadata: Readonly<Record<string, Json>>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return [key, value];
      return [key, Object.fromEntries(Object.entries(value).filter(([name]) => name !== "targetScale"))];
    }),
  );
}
