/** @file `auricle serve`: models answer requests over HTTP. */

import type { Command } from "commander";
import type { CommandContext } from "../context.ts";
import type { RunServeOptions } from "../serve/run-serve.ts";
import { positiveNumber, portNumber, precisionOption, wholeNumber } from "../option-values.ts";

const EXAMPLES = `
Examples:
  $ auricle serve runs/genres                      on this machine, port 8080
  $ auricle serve runs/genres photos=runs/photos   two models, by name
  $ export AURICLE_API_KEY="$(openssl rand -hex 32)"
  $ auricle serve runs/genres --host 0.0.0.0
  $ curl --data-binary @song.mp3 http://127.0.0.1:8080/v1/predict

A model that is trained anew, or copied over, is loaded and takes the place of
the one before without a gap.
Ctrl-C stops it, after the answers that are under way.`;

export function addServeCommand(program: Command, context: CommandContext): void {
  program
    .command("serve")
    .description("answer predictions over HTTP")
    .argument(
      "<models...>",
      "runs' folders, model files (.safetensors) or pretrained models, each also as name=model",
    )
    .option("--host <address>", "address to listen on (default: 127.0.0.1, this machine alone)")
    .option("--port <n>", "port; 0: any that is free", portNumber, 8080)
    .option("--api-key-file <file>", "keys that requests need, one a line (also: AURICLE_API_KEY)")
    .option(
      "--cors <origins>",
      'pages that may ask, such as "https://a.org,https://b.org"; "*": all',
      originList,
    )
    .option("--max-bytes <n>", "largest body of a request (default: 33554432, 32 MiB)", wholeNumber(1))
    .option("--max-seconds <n>", "longest recording (default: 600)", positiveNumber)
    .option("--max-pixels <n>", "largest picture (default: 33554432)", wholeNumber(1))
    .option("--workers <n>", "requests that are decoded at once (default: processors + 2)", wholeNumber(1))
    .option("--queue <n>", "requests that wait; more are answered 429 (default: 64)", wholeNumber(0))
    .option("--live <n>", "live connections at once; more are answered 429 (default: 32)", wholeNumber(0))
    .option(
      "--receive-timeout <seconds>",
      "time for a request to arrive, and for its answer to be taken (default: 60)",
      positiveNumber,
    )
    .option("--answer-timeout <seconds>", "time for an answer to be computed (default: 60)", positiveNumber)
    .option("--grace <seconds>", "time for the last answers when it is stopped (default: 30)", positiveNumber)
    .option("--no-watch", "do not load models again when their files change")
    .option("--threads <n>", "number of threads of a network (default: all processors)", wholeNumber(1))
    .addOption(precisionOption())
    .option("--data-folder <folder>", "a folder with your own copies of pretrained models, searched first")
    .option("--no-download", "do not download missing files")
    .option("--json", "write the log as JSON objects")
    .addHelpText("after", EXAMPLES)
    .action(async (models: string[], options: RunServeOptions) => {
      // Loaded by this command alone: the others start without a server.
      const { runServe } = await import("../serve/run-serve.ts");
      await runServe(models, options, context);
    });
}

function originList(text: string): string[] {
  return text.split(",").map((origin) => origin.trim().replace(/\/$/, ""));
}
