/** @file How the command is called where it runs: what it prints as a next step has to work as it stands there. */

import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import process from "node:process";
import { quoted } from "../runs/index.ts";

/** The parts of a process that tell how it was started. */
interface Start {
  /** The script that was started, as `process.argv[1]`. */
  readonly script: string | undefined;
  readonly folder: string;
  readonly platform: string;
  /** `npm_command`, which npx sets. */
  readonly npmCommand: string | undefined;
}

/**
 * `./auricle` from a clone (with the way to it from another folder; `node auricle` on Windows), `npx auricle` from the
 * packages of a project, `auricle` where it is installed for all.
 */
export function commandName(
  start: Start = {
    script: process.argv[1],
    folder: process.cwd(),
    platform: process.platform,
    npmCommand: process.env.npm_command,
  },
): string {
  const clone = launcherOfClone(start.script);
  if (clone !== undefined) return pathFrom(start.folder, clone, start.platform === "win32");
  const script = start.script ?? "";
  // npm's shims for Windows start the file itself, which looks the same for a project as for all.
  const isNpx = start.npmCommand === "exec" && basename(script) === "auricle";
  return isNpx || script.includes(join("node_modules", ".bin") + sep) ? "npx auricle" : "auricle";
}

/** The text with the command's name where an example or a next step begins with `auricle`. */
export function withCommandName(text: string, name = commandName()): string {
  return text.replaceAll(/(^|\s)\$ auricle(?= )/g, (_, before: string) => `${before}$ ${name}`);
}

/** The file `auricle` of the clone that the started script is in, or undefined for an installed package. */
function launcherOfClone(script: string | undefined): string | undefined {
  if (script === undefined || !existsSync(script)) return undefined;
  const real = realpathSync(script);
  // dist/cli/main.js or the launcher itself
  const root = basename(real) === "auricle" ? dirname(real) : join(dirname(real), "..", "..");
  const launcher = join(root, "auricle");
  return existsSync(join(root, "src", "cli", "main.ts")) && existsSync(launcher) ? launcher : undefined;
}

function pathFrom(folder: string, launcher: string, isWindows: boolean): string {
  const way = relative(realpathSync(folder), launcher);
  const shorter = isAbsolute(way) || way.length >= launcher.length ? launcher : way;
  if (isWindows) return `node ${quoted(shorter)}`;
  return quoted(shorter.includes(sep) ? shorter : `.${sep}${shorter}`);
}
