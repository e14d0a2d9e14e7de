/** @file `auricle import`: a network from another program's file as a model file. */

import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Option, type Command } from "commander";
import type { Task } from "../../data/collection/collection.ts";
import type { FrontEndOptions } from "../../audio/front-end/config.ts";
import { AuricleError } from "../../errors.ts";
import { fileError } from "../../io/atomic-file.ts";
import { saveModel } from "../../nn/checkpoint/model-file.ts";
import { UnsupportedNodes } from "../../onnx/index.ts";
import { frontEndOf, frontEndType, type FrontEndValue } from "../../runs/index.ts";
import { formatShape, sizeOf } from "../../tensor/shape.ts";
import type { CommandContext } from "../context.ts";
import { describeImported, type DescribedModel } from "../importers/describe.ts";
import type { Imported } from "../importers/importer.ts";
import { openImportedFile } from "../importers/open-file.ts";
import { pixelScale, SCALE_NAMES, type PixelScale } from "../importers/pixel-scale.ts";
import { importerFor } from "../importers/table.ts";
import { exampleShape, namedNumbers, readerOf, wholeNumber } from "../option-values.ts";
import { widthOf, type Terminal } from "../terminal.ts";
import { formatCount, printable, wrapText } from "../text.ts";
import { refuseOptions } from "./refuse-options.ts";
import { shortPath } from "./run-path.ts";

interface ImportOptions {
  readonly out?: string;
  readonly classes?: string;
  readonly task?: Task;
  readonly frontEnd?: FrontEndValue;
  readonly rate?: number;
  readonly scale?: PixelScale;
  readonly input?: readonly number[];
  readonly set?: Readonly<Record<string, number>>;
  readonly model?: string;
  readonly partial?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ auricle import resnet.onnx --out resnet.safetensors --scale imagenet
  $ auricle import m5.onnx --out m5.safetensors --rate 8000 --classes yes,no
  $ auricle train ./photos --from resnet.safetensors`;

export function addImportCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command("import")
    .description("make a model file of another program's network")
    .argument("<file>", "another program's model file")
    .option("--out <file>", "the model file to write (.safetensors)")
    .option(
      "--classes <names>",
      "names of the outputs: a,b,c, or a text file with one in each line; or how many",
    )
    .addOption(
      new Option(
        "--task <task>",
        "the meaning of the outputs (default: tagging behind a sigmoid, else classification)",
      ).choices(["classification", "tagging", "regression"]),
    )
    .option(
      "--front-end <name>",
      "sound: the features that the network takes, a preset or options as JSON",
      readerOf(frontEndType()),
    )
    .option("--rate <Hz>", "sound: the network takes samples at this rate", wholeNumber(1))
    .option(
      "--scale <scale>",
      `pictures: how pixels were scaled: ${SCALE_NAMES.join(", ")}, or mean/deviation`,
      pixelScale,
    )
    .option(
      "--input <shape>",
      "the shape of one example as the file orders it, where it leaves lengths open",
      exampleShape,
    )
    .option("--set <name=number>", "numbers for inputs that are settings: fmin=40,fmax=2000", namedNumbers)
    .option(
      "--model <name>",
      "the network for files of weights alone: a built-in model, a network file, a run or a model file",
    )
    .option("--partial", "take what fits of a file of weights alone, and leave the rest as it is")
    .option("--json", "write one JSON object")
    .addHelpText("after", EXAMPLES)
    .action(async (path: string, options: ImportOptions, command: Command) => {
      const { out, json = false } = options;
      if (out === undefined) command.error("error: name the file to write, as --out model.safetensors");
      if (options.rate !== undefined && options.frontEnd !== undefined) {
        command.error(
          "error: --rate is for networks on samples, and --front-end has a rate of its own: give one of them",
        );
      }
      checkTarget(out, path);
      const file = await openImportedFile(path);
      const importer = importerFor(file);
      if (!importer.readsWeightsAlone)
        refuseOptions(
          command,
          ["model", "partial"],
          `is for weights alone, and ${importer.format} files have the network`,
        );
      const { classes, classNames } = await classesIn(options.classes);
      const { input, model, partial, task, scale, set: settings } = options;
      const request = { input, settings, model, classes, partial };
      const imported = await importer.load(file, request).catch((error: unknown) => {
        if (json && error instanceof UnsupportedNodes) {
          terminal.printJson({
            event: "unsupported",
            from: path,
            format: importer.format,
            nodes: error.problems,
          });
        }
        throw error;
      });
      const described = describeImported(
        imported,
        { ...(classNames ? { classNames } : { classes }), task, scale, frontEnd: frontEndFrom(options) },
        path,
      );
      await saveModel(described.model, out);
      report(terminal, json, { path, out, format: importer.format, imported, described });
    });
}

function frontEndFrom({ frontEnd, rate }: ImportOptions): FrontEndOptions | undefined {
  if (rate !== undefined) return { kind: "waveform", sampleRate: rate };
  return frontEnd === undefined ? undefined : frontEndOf(frontEnd);
}

/** A mistyped argument must not cost a recording or another model. @throws AuricleError */
function checkTarget(out: string, source: string): void {
  const folder = dirname(out);
  if (!existsSync(folder)) {
    throw new AuricleError("file", `--out: cannot write ${out}: no such folder: ${folder}`);
  }
  if (!/\.safetensors$/i.test(out)) {
    throw new AuricleError("argument", `--out: ${out} must end with .safetensors, as model files do`);
  }
  if (!existsSync(out)) return;
  const isFile = statSync(out).isFile();
  if (isFile && !(existsSync(source) && isSame(out, source))) return;
  throw new AuricleError(
    "argument",
    `--out: ${out} ${isFile ? "is the file to be imported" : "is no ordinary file"}; nothing was written: name another file`,
  );
}

function isSame(a: string, b: string): boolean {
  const [one, other] = [statSync(a), statSync(b)];
  return one.ino === other.ino && one.dev === other.dev;
}

/** The outputs that --classes gives: names and so their number, or the number alone. @throws AuricleError */
async function classesIn(
  text: string | undefined,
): Promise<{ readonly classes?: number; readonly classNames?: readonly string[] }> {
  if (text === undefined) return {};
  if (/^[1-9]\d*$/.test(text) && !existsSync(text)) return { classes: Number(text) };
  const classNames = await namesIn(text);
  return { classes: classNames.length, classNames };
}

/** Names of outputs, from a list or from a file with one in each line. @throws AuricleError */
async function namesIn(text: string): Promise<string[]> {
  const isFile = existsSync(text) && statSync(text).isFile();
  if (!isFile && /\.(txt|csv|names)$/i.test(text)) {
    throw fileError("read", text, new Error("ENOENT: no such file"));
  }
  const lines = isFile ? (await readFile(text, "utf8")).split(/\r?\n/) : text.split(",");
  const names = lines.map((line) => line.trim());
  while (isFile && names.at(-1) === "") names.pop();
  const empty = names.indexOf("");
  if (empty >= 0 || names.length === 0) {
    throw new AuricleError(
      "argument",
      `--classes: name ${empty + 1} is empty; write a,b,c or one name in each line of a file`,
    );
  }
  const again = names.find((name, i) => names.indexOf(name) < i);
  if (again === undefined) return names;
  throw new AuricleError("argument", `--classes: names must differ; got ${JSON.stringify(again)} twice`);
}

interface Outcome {
  readonly path: string;
  readonly out: string;
  readonly format: string;
  readonly imported: Imported;
  readonly described: DescribedModel;
}

function report(
  terminal: Terminal,
  json: boolean,
  { path, out, format, imported, described }: Outcome,
): void {
  const { model, kind, task, classNames, notes } = described;
  const { network } = model;
  const count = (trainable: boolean) =>
    network.weights
      .filter((entry) => entry.trainable === trainable)
      .reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  if (json) {
    terminal.printJson({
      event: "import",
      file: out,
      from: path,
      format,
      kind,
      ...(task && { task, classNames }),
      inputs: network.inputs.map(({ name, shape }) => ({ name, shape })),
      outputs: network.outputs.map(({ name, shape }) => ({ name, shape })),
      layers: network.layers.length,
      parameters: count(true),
      otherNumbers: count(false),
      notes,
      ...imported.facts,
    });
    return;
  }
  const named = (values: readonly { readonly name: string; readonly shape: readonly number[] }[]) =>
    values.map(({ name, shape }) => `${printable(name)} ${formatShape(shape)}`).join(", ");
  const facts: readonly (readonly [string, string])[] = [
    ["From:", `${format}, ${network.layers.length} layers, ${formatCount(count(true))} numbers to train`],
    ["Input:", named(network.inputs)],
    ["Output:", named(network.outputs) + (task ? `, ${task}: ${shortList(classNames)}` : "")],
    ...notes.map((note) => ["Note:", note] as const),
  ];
  terminal.print(`${"Written:".padEnd(INDENT)}${shortPath(out)}`);
  for (const [label, text] of facts) {
    wrapText(printable(text), widthOf(terminal.out) - INDENT).forEach((line, i) =>
      terminal.print((i === 0 ? label : "").padEnd(INDENT) + line),
    );
  }
}

/** The labels' width, behind which texts go on. */
const INDENT = 9;

/** As many names as show what they are. */
const SHOWN_NAMES = 5;

function shortList(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN_NAMES).map(printable).join(", ");
  return names.length > SHOWN_NAMES ? `${shown}, … (${names.length})` : shown;
}
