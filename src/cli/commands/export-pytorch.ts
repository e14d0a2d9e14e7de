/** @file `auricle export --pytorch`: the weights for PyTorch, and the Python program that takes them. */

import { existsSync, readFileSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { audioDescription, isAudioModelDescribed } from "../../audio-model/description.ts";
import { AuricleError } from "../../errors.ts";
import { exportPytorch } from "../../formats/pytorch/index.ts";
import { imageDescription } from "../../image-model/description.ts";
import { writeFileAtomic } from "../../io/atomic-file.ts";
import type { TrainedModel } from "../../runs/index.ts";
import type { Terminal } from "../terminal.ts";
import { formatBytes } from "../text.ts";
import { shortPath } from "./run-path.ts";

/** The two files of an export. */
export interface PytorchTarget {
  readonly weights: string;
  readonly program: string;
  readonly format: "pt" | "safetensors";
}

/** The words in every program by which an earlier export is known. */
const SIGN = "exported by Auricle";

/**
 * Finds where weights and program are written: beside each other, or in a folder.
 * @throws AuricleError where the place cannot be written, or holds something else
 */
export function pytorchTarget(path: string): PytorchTarget {
  const ending = extname(path).toLowerCase();
  const isFile = [".pt", ".pth", ".safetensors"].includes(ending);
  const target: PytorchTarget = isFile
    ? {
        weights: path,
        program: join(dirname(path), `${moduleName(path)}.py`),
        format: ending === ".safetensors" ? "safetensors" : "pt",
      }
    : { weights: join(path, "weights.safetensors"), program: join(path, "model.py"), format: "safetensors" };
  const folder = dirname(path);
  if (!existsSync(folder)) {
    throw new AuricleError("file", `--pytorch: cannot write ${path}: no such folder: ${folder}`);
  }
  if (!isFile && existsSync(path) && !statSync(path).isDirectory()) {
    throw new AuricleError(
      "argument",
      `--pytorch: ${path} is no folder, and its name does not end with .pt, .pth or .safetensors`,
    );
  }
  const { program, weights } = target;
  if (existsSync(program) && !(statSync(program).isFile() && readFileSync(program, "utf8").includes(SIGN))) {
    throw new AuricleError(
      "argument",
      `--pytorch: ${program} is there already and no earlier export; nothing was written: name another file`,
    );
  }
  if (existsSync(weights) && !(statSync(weights).isFile() && existsSync(program))) {
    throw new AuricleError(
      "argument",
      `--pytorch: ${weights} is there already, and no program of an earlier export beside it; nothing was written: name another file`,
    );
  }
  return target;
}

/** A name that Python can import. */
function moduleName(path: string): string {
  const plain = basename(path, extname(path)).replace(/[^A-Za-z0-9_]/g, "_");
  return /^[A-Za-z_]/.test(plain) ? plain : `model_${plain}`;
}

/** Writes both files and says what they are. */
export async function writePytorch(
  { model }: TrainedModel,
  target: PytorchTarget,
  terminal: Terminal,
  json: boolean,
): Promise<void> {
  const { weights, program, format } = target;
  const exported = exportPytorch(model.network, {
    files: { weights: basename(weights), program: basename(program) },
    notes: notesOn(model),
    ...(isAudioModelDescribed(model.metadata) && {
      frontEnd: audioDescription(model.metadata, model.name).frontEnd,
    }),
  });
  await mkdir(dirname(weights), { recursive: true });
  const bytes = exported.weights(format);
  await writeFileAtomic(weights, bytes);
  await writeFileAtomic(program, new TextEncoder().encode(exported.program));
  if (json) {
    terminal.printJson({
      event: "export",
      file: weights,
      program,
      className: exported.className,
      bytes: bytes.length,
      tensors: [...exported.tensors].map(([name, { shape }]) => ({ name, shape })),
    });
    return;
  }
  terminal.print(`Written: ${shortPath(weights)}`);
  terminal.print(`Program: ${shortPath(program)}`);
  terminal.print(`Size:    ${formatBytes(bytes.length)}, ${exported.tensors.size} tensors`);
  terminal.print(`Use:     ${exported.className}().load_state_dict(…), as the program says`);
}

type AnyModel = TrainedModel["model"];

const ANSWERS = {
  classification: "Outputs are logits: softmax makes probabilities of them.",
  tagging: "Outputs are logits: sigmoid makes probabilities of them.",
  regression: "Outputs are in units of the training: times deviation, plus mean, of each value:",
} as const;

/** Lines on what goes in and what comes out. */
function notesOn(model: AnyModel): string[] {
  const { metadata } = model;
  const isSound = isAudioModelDescribed(metadata);
  if (!isSound && !("image" in metadata) && !("classNames" in metadata)) return [];
  const { task, classNames, targetScale, input } = isSound ? soundInput(model) : pictureInput(model);
  const scale = task === "regression" && targetScale ? [JSON.stringify(targetScale)] : [];
  return [...input, ANSWERS[task], ...scale, `Outputs in order: ${JSON.stringify(classNames)}`];
}

function soundInput({ metadata, name }: AnyModel) {
  const { frontEnd, windowFrames, ...rest } = audioDescription(metadata, name);
  const input = [
    `Input: features of sound, one channel, ${windowFrames} steps of time, then frequencies, as FrontEnd computes them:`,
    JSON.stringify(frontEnd),
  ];
  return { ...rest, input };
}

function pictureInput(model: AnyModel) {
  const { pixels, ...rest } = imageDescription(model, model.name);
  const { width, height, channels, fit } = pixels;
  const colors = channels === 1 ? "grey" : "red, green and blue";
  return {
    ...rest,
    input: [`Input: ${colors} from 0 to 1, ${height} rows and ${width} columns; other sizes: ${fit}.`],
  };
}
