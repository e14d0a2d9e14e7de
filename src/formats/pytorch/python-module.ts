/** @file The Python program of a network: a module of PyTorch that a person can read. Browser-safe. */

import type { FrontEndOptions } from "../../audio/front-end/config.ts";
import type { InferenceNetwork } from "../../nn/inference-network.ts";
import type { Shape } from "../../tensor/shape.ts";
import { FRONT_END_CLASS, pythonFrontEnd } from "./python-front-end.ts";
import { PYTHON_HELPERS } from "./python-helpers.ts";
import type { TorchView } from "./torch-view.ts";

export interface PythonModule {
  readonly className: string;
  readonly code: string;
}

/** The shape of a batch in PyTorch: channels before places. */
export function torchShape(shape: Shape): readonly (number | string)[] {
  return shape.length < 2 ? ["N", ...shape] : ["N", shape[shape.length - 1], ...shape.slice(0, -1)];
}

const TAKEN = ["None", "True", "False", FRONT_END_CLASS];

/** Python's name of a class for a network's name. */
export function classNameOf(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const joined = words.map((word) => word[0].toUpperCase() + word.slice(1)).join("");
  const isTaken = Object.hasOwn(PYTHON_HELPERS, joined) || TAKEN.includes(joined);
  return /^[A-Za-z]/.test(joined) && !isTaken ? joined : `Network${joined}`;
}

/** The parts of a program that do not follow from its network. */
export interface ProgramText {
  /** Lines of the docstring: what the input is, what the outputs mean. */
  readonly notes: readonly string[];
  /** Lines of the file's docstring. */
  readonly usage: readonly string[];
  /** The front end to be written as a class. */
  readonly frontEnd: FrontEndOptions | undefined;
}

/** Writes the program. */
export function pythonModule(
  network: InferenceNetwork,
  view: TorchView,
  { notes, usage, frontEnd }: ProgramText,
): PythonModule {
  const className = classNameOf(network.name);
  const helpers = view.helpers.map((name) => `${PYTHON_HELPERS[name]}\n\n\n`).join("");
  const features = frontEnd ? `${pythonFrontEnd(frontEnd)}\n\n` : "";
  const inits = view.modules.map(({ attribute, code }) => `        self.${attribute} = ${code}\n`).join("");
  const docstring = [`${className}: ${shapesOf(network)}.`, "", ...notes].map(escaped).join("\n    ").trim();
  const code = `"""${usage.map(escaped).join("\n").trim()}
"""

${features.includes("math.") ? "import math\n\n" : ""}import torch
import torch.nn.functional as F
from torch import nn


${features}${helpers}class ${className}(nn.Module):
    """${docstring}
    """

    def __init__(self):
        super().__init__()
${inits}
    def forward(self, ${inputNames(network).join(", ")}):
${forwardLines(network, view)
  .map((line) => `        ${line}\n`)
  .join("")}`;
  return { className, code: code.replace(/[ \t]+$/gm, "") };
}

/** Text within a docstring. */
function escaped(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/"""/g, "'''");
}

function shapesOf(network: InferenceNetwork): string {
  const list = (shape: readonly (number | string)[]) => `[${shape.join(", ")}]`;
  const inputs = network.inputs.map(({ shape }) => list(torchShape(shape))).join(" and ");
  return `${inputs} to ${network.outputs.map(({ shape }) => list(torchShape(shape))).join(" and ")}`;
}

function inputNames(network: InferenceNetwork): string[] {
  return network.inputs.map((_, i) => (network.inputs.length === 1 ? "x" : `x${i + 1}`));
}

/**
 * The body of `forward`: a line for each node. A value that only the next line reads is called x, others have the name of their
 * layer.
 */
function forwardLines(network: InferenceNetwork, { nodes }: TorchView): string[] {
  const first = network.inputs.length;
  const names = inputNames(network);
  const taken = new Set([...names, "x", "self", "torch", "F", "nn"]);
  const isOutput = (value: number) => network.outputs.some((output) => output.value === value);
  const lines = nodes.map(({ name, torch, inputs }, i) => {
    const value = first + i;
    const readers = nodes.flatMap((node, j) => (node.inputs.includes(value) ? [j] : []));
    const isLast = readers.length === 0 && i === nodes.length - 1;
    const keepsInput = nodes.slice(i + 1).some((node) => node.inputs.some((one) => names[one] === "x"));
    const isRead = readers.length === 1 && readers[0] === i + 1 && !isOutput(value);
    const isPassing = !keepsInput && (isLast || isRead);
    let variable = isPassing ? "x" : name;
    while (variable !== "x" && taken.has(variable)) variable += "_";
    taken.add(variable);
    const expression = torch.forward(inputs.map((one) => names[one]));
    names.push(variable);
    return expression === variable ? "" : `${variable} = ${expression}`;
  });
  const { outputs, outputForm } = network;
  const given = outputs.map(
    ({ name, value }) => (outputForm === "named" ? `${JSON.stringify(name)}: ` : "") + names[value],
  );
  const result = {
    one: given[0],
    list: `(${given.join(", ")}${given.length === 1 ? "," : ""})`,
    named: `{${given.join(", ")}}`,
  };
  return [...lines.filter((line) => line !== ""), `return ${result[outputForm]}`];
}
