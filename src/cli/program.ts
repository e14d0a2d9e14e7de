/** @file The command `auricle` as a function, so that tests can call it without a process of its own. */

import { Command, CommanderError } from "commander";
import { AURICLE_VERSION } from "../version.ts";
import { addCacheCommand } from "./commands/cache.ts";
import { addDataCommand } from "./commands/data.ts";
import { addEvalCommand } from "./commands/eval.ts";
import { addExplainCommand } from "./commands/explain.ts";
import { addExportCommand } from "./commands/export.ts";
import { addImportCommand } from "./commands/import.ts";
import { addFeaturesCommand } from "./commands/features.ts";
import { addInspectCommand } from "./commands/inspect.ts";
import { addLearningRateCommand } from "./commands/learning-rate.ts";
import { addModelsCommand } from "./commands/models.ts";
import { addPitchCommand } from "./commands/pitch.ts";
import { addPredictCommand } from "./commands/predict.ts";
import { addPretrainedCommand } from "./commands/pretrained.ts";
import { addRunsCommand } from "./commands/runs.ts";
import { addServeCommand } from "./commands/serve.ts";
import { addStudioCommand } from "./commands/studio.ts";
import { addSummaryCommand } from "./commands/summary.ts";
import { addSweepCommand } from "./commands/sweep.ts";
import { addTagCommand } from "./commands/tag.ts";
import { addTrainCommand } from "./commands/train.ts";
import { commandName, withCommandName } from "./command-name.ts";
import type { CommandContext } from "./context.ts";
import { errorMessage, isDebugging } from "./error-message.ts";
import { Terminal, widthOf, type TextStream } from "./terminal.ts";
import { printableLines } from "./text.ts";

export interface CommandLine {
  /** The arguments after the command's name. */
  readonly argv: readonly string[];
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  /** Called once a command can be interrupted in good order; the signal is to abort it. */
  readonly interruptible: () => AbortSignal;
  /** Called with the message for when the process is interrupted while nothing can be ended in good order. */
  readonly onInterrupt?: (say: () => void) => void;
}

const EXAMPLES = `
Examples:
  $ auricle inspect ./genres                unreadable files, duplicates, leaks
  $ auricle train ./genres                  a folder for each class
  $ auricle predict runs/genres song.mp3
  $ auricle tag song.mp3                    by a pretrained model
  $ auricle train fashion-mnist --model lenet5 --epochs 5
  $ auricle train digits --epochs 8 --out runs/digits
  $ auricle train --resume                  resume the last unfinished run
  $ auricle eval runs/digits
  $ auricle predict runs/digits --index 0..4
  $ auricle export runs/digits --onnx digits.onnx
  $ auricle studio                          see and hear networks in the browser
  $ auricle data                            list the data sets`;

/** Runs one command and gives its exit code: 0, 1 for an error, 2 for wrong usage, 3 for a training that taught nothing, 130 when interrupted. */
export async function runCommandLine(line: CommandLine): Promise<number> {
  const terminal = new Terminal(line.stdout, line.stderr);
  let exitCode = 0;
  const context: CommandContext = {
    argv: line.argv,
    terminal,
    interruptible: line.interruptible,
    onInterrupt: (say) => line.onInterrupt?.(say),
    setExitCode(code) {
      exitCode = code;
    },
  };
  context.onInterrupt(() => terminal.note("Interrupted."));
  try {
    await makeProgram(context).parseAsync(line.argv, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    report(error, terminal);
    return 1;
  }
}

function makeProgram(context: CommandContext): Command {
  const { terminal } = context;
  const program = new Command(commandName())
    .description("Trains convolutional neural networks, tests them and predicts with them.")
    .version(AURICLE_VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out.write(withCommandName(text)),
      writeErr: (text) => terminal.err.write(printableLines(text)),
      getOutHelpWidth: () => widthOf(terminal.out),
      getErrHelpWidth: () => widthOf(terminal.err),
    })
    .showHelpAfterError("(add --help to see how it is used)")
    .addHelpText("after", EXAMPLES);
  // The order is that of the help.
  addInspectCommand(program, context);
  addLearningRateCommand(program, context);
  addTrainCommand(program, context);
  addSweepCommand(program, context);
  addEvalCommand(program, context);
  addPredictCommand(program, context);
  addTagCommand(program, context);
  addPitchCommand(program, context);
  addExplainCommand(program, context);
  addFeaturesCommand(program, context);
  addExportCommand(program, context);
  addImportCommand(program, context);
  addServeCommand(program, context);
  addStudioCommand(program, context);
  addRunsCommand(program, context);
  addModelsCommand(program, context);
  addPretrainedCommand(program, context);
  addSummaryCommand(program, context);
  addDataCommand(program, context);
  addCacheCommand(program, context);
  return program;
}

function report(error: unknown, terminal: Terminal): void {
  terminal.error(errorMessage(error));
  if (isDebugging() && error instanceof Error) terminal.note(error.stack ?? "");
}
