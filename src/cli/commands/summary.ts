/** @file `auricle summary`: the layers of a model or of a run's model. */

import type { Command } from "commander";
import { MODEL_NAMES, modelNamed } from "../../models/index.ts";
import { hasRun, isSoundRun, loadRun, loadSoundRun } from "../../runs/index.ts";
import { AuricleError } from "../../errors.ts";
import type { CommandContext } from "../context.ts";
import { wrapText } from "../text.ts";
import { warner } from "../warner.ts";

const EXAMPLES = `
Examples:
  $ auricle summary lenet5
  $ auricle summary runs/digits

Models:
${wrapText(MODEL_NAMES.join(", "), 80).join("\n")}`;

export function addSummaryCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command("summary")
    .description("show the layers of a model, their shapes and weights")
    .argument("<model>", "a model's name or the folder of a run")
    .addHelpText("after", EXAMPLES)
    .action(async (name: string) => {
      terminal.print(await summaryOf(name, warner(terminal, false)));
    });
}

async function summaryOf(name: string, warn: (text: string) => void): Promise<string> {
  if (MODEL_NAMES.some((model) => model === name)) return modelNamed(name).summary();
  if (await hasRun(name)) {
    const load = (await isSoundRun(name)) ? loadSoundRun : loadRun;
    return (await load(name, {}, warn)).model.summary();
  }
  throw new AuricleError(
    "argument",
    `summary: "${name}" is neither the folder of a run nor a model; models: ${MODEL_NAMES.join(", ")}`,
  );
}
