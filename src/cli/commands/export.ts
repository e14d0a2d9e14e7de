/** @file `auricle export`: a trained model in another program's format, or as a page. */

import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { Option, type Command } from "commander";
import { AuricleError } from "../../errors.ts";
import { writeFileAtomic } from "../../io/atomic-file.ts";
import { exportOnnx, type OnnxFile, type OnnxOptions, type OnnxValue } from "../../onnx/index.ts";
import { openTrainedModel } from "../../runs/index.ts";
import type { WeightForm } from "../../web-runtime/plan.ts";
import type { CommandContext } from "../context.ts";
import { widthOf, type Terminal } from "../terminal.ts";
import { formatBytes, wrapText } from "../text.ts";
import { warner } from "../warner.ts";
import { checkKerasTarget, exportKeras, kerasTargetOf, type KerasTargetOptions } from "./export-keras.ts";
import { pytorchTarget, writePytorch } from "./export-pytorch.ts";
import { checkWebTarget, exportWeb } from "./export-web.ts";
import { refuseOptions } from "./refuse-options.ts";
import { shortPath } from "./run-path.ts";

interface ExportOptions extends KerasTargetOptions {
  readonly onnx?: string;
  readonly from: NonNullable<OnnxOptions["from"]>;
  readonly pytorch?: string;
  readonly web?: string;
  readonly oneFile?: boolean;
  readonly weights: WeightForm;
  readonly json?: boolean;
}

/** The options that each name a format and where to write it. */
const FORMATS = ["onnx", "pytorch", "keras", "tfjs", "web"] as const;

const EXAMPLES = `
Examples:
  $ auricle export runs/genres --onnx genres.onnx
  $ auricle export runs/genres --onnx genres.onnx --from features
  $ auricle export runs/photos/best.safetensors --onnx photos.onnx
  $ auricle export runs/genres --pytorch genres.pt
  $ auricle export runs/genres --keras genres.keras
  $ auricle export runs/genres --tfjs genres-tfjs
  $ auricle export runs/genres --web site --weights float16
  $ auricle export runs/genres --web genres.html --one-file`;

export function addExportCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command("export")
    .description("write a trained model for other runtimes")
    .argument("<model>", "a run's folder, a model file (.safetensors) or a pretrained model")
    .option("--onnx <file>", "the ONNX file to write, for ONNX Runtime and others")
    .addOption(
      new Option("--from <input>", "the input of a model of sound: samples, or the front end's features")
        .choices(["waveform", "features"])
        .default("waveform"),
    )
    .option(
      "--pytorch <file>",
      "weights for PyTorch, .pt or .safetensors, with the Python program beside; or a folder for both",
    )
    .option("--keras <file>", "a model for Keras 3, .keras; or weights, .npz, with the Python program beside")
    .option("--tfjs <folder>", "a folder for TensorFlow.js: model.json and weights.bin")
    .option("--web <folder>", "a page for any static host, with the model compiled in it")
    .option("--one-file", "with --web, one .html file instead of a folder, which needs no server")
    .addOption(
      new Option("--weights <form>", "with --web, the form that weights are kept in")
        .choices(["float32", "float16", "int8"])
        .default("float32"),
    )
    .option("--json", "write one JSON object")
    .addHelpText("after", EXAMPLES)
    .action(async (place: string, options: ExportOptions, command: Command) => {
      const { onnx, from, pytorch, web, oneFile = false, weights, json = false } = options;
      const [format, other] = FORMATS.filter((name) => options[name] !== undefined);
      if (other !== undefined)
        command.error(`error: --${format} and --${other} are two exports: name one at a time`);
      if (onnx === undefined) refuseOptions(command, ["from"], "is for --onnx");
      if (web === undefined) refuseOptions(command, ["oneFile", "weights"], "is for --web");
      const open = () => openTrainedModel(place, {}, warner(terminal, json));
      const keras = kerasTargetOf(options);
      if (keras) {
        checkKerasTarget(keras);
        return exportKeras(await open(), keras, terminal, json);
      }
      if (pytorch !== undefined) {
        const target = pytorchTarget(pytorch);
        return writePytorch(await open(), target, terminal, json);
      }
      if (web !== undefined) {
        const target = { path: web, oneFile, weights };
        await checkWebTarget(target);
        return exportWeb(await open(), target, terminal, json);
      }
      if (onnx === undefined)
        command.error("error: name what to write, as --onnx model.onnx, --pytorch model.pt or --web folder");
      checkTarget(onnx);
      const { kind, model } = await open();
      if (kind === "images") refuseOptions(command, ["from"], "is for sound, and this model is of images");
      const file = exportOnnx(model, { from });
      await writeFileAtomic(onnx, file.bytes);
      if (json) terminal.printJson({ event: "export", ...factsOf(onnx, file) });
      else for (const line of describe(onnx, file, terminal)) terminal.print(line);
    });
}

/** A mistyped argument must not cost a recording or a model. @throws AuricleError */
function checkTarget(path: string): void {
  const folder = dirname(path);
  if (!existsSync(folder)) {
    throw new AuricleError("file", `--onnx: cannot write ${path}: no such folder: ${folder}`);
  }
  if (!existsSync(path) || (/\.onnx$/i.test(path) && statSync(path).isFile())) return;
  const found = statSync(path);
  const what = found.isFile()
    ? "already exists and its name does not end with .onnx"
    : found.isDirectory()
      ? "is a folder"
      : "is no ordinary file";
  throw new AuricleError("argument", `--onnx: ${path} ${what}; nothing was written: name another file`);
}

function factsOf(path: string, { bytes, ...facts }: OnnxFile): object {
  return { file: path, bytes: bytes.length, ...facts };
}

/** The labels' width, behind which texts go on. */
const INDENT = 9;

function describe(path: string, file: OnnxFile, { out }: Terminal): string[] {
  const { averaging, input } = file.metadata;
  const open = file.inputs.flatMap(({ shape }) => shape.filter((length) => typeof length === "string"));
  const made = file.inputs.map(textOf).join(", ") + (input === undefined ? "" : `: ${input}`);
  const time = file.fixedTime === undefined ? "" : `, but not time: ${file.fixedTime}`;
  const facts: readonly (readonly [label: string, text: string])[] = [
    ["Size:", `${formatBytes(file.bytes.length)}, ONNX with opset ${file.opset}`],
    ["Input:", made],
    ["Output:", file.outputs.map(textOf).join(", ")],
    [
      "Open:",
      open.length === 0 ? "nothing" : `${[...new Set(open)].join(" and ")} may have any length${time}`,
    ],
    ...(file.fixedBatch === undefined ? [] : [["Batch:", `one example: ${file.fixedBatch}`] as const]),
    ...(averaging === undefined ? [] : [["Windows:", averaging] as const]),
  ];
  // A path is one line however long it is, to be copied.
  const written = `${"Written:".padEnd(INDENT)}${shortPath(path)}`;
  return [written, ...facts.flatMap(([label, text]) => labelled(label, text, widthOf(out)))];
}

function labelled(label: string, text: string, width: number): string[] {
  return wrapText(text, width - INDENT).map((line, i) => (i === 0 ? label : "").padEnd(INDENT) + line);
}

function textOf({ name, shape }: OnnxValue): string {
  return `${name} [${shape.join(", ")}]`;
}
