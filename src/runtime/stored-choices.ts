/** @file Node.js only: which algorithms were measured to be the fastest, kept in the user's cache folder for this machine and version. */
import { mkdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import envPaths from "env-paths";
import writeFileAtomic from "write-file-atomic";
import { AURICLE_VERSION } from "../version.ts";
import type { AlgorithmChoices } from "./platform.ts";

/** The processor and the versions on which the fastest choice depends. */
function machineName(): string {
  const { platform, arch, version } = process;
  return [AURICLE_VERSION, version, platform, arch, cpus()[0]?.model ?? ""].join(" ");
}

export class StoredChoices implements AlgorithmChoices {
  private readonly path: string;
  private choices: Map<string, string> | undefined;

  /** @param path the path of the file, which is read on first use */
  constructor(path = join(envPaths("auricle").cache, "algorithms.json")) {
    this.path = path;
  }

  get(key: string): string | undefined {
    this.choices ??= this.read();
    return this.choices.get(key);
  }

  set(key: string, name: string): void {
    // Another process may have written since: what it measured stays.
    this.choices = new Map([...(this.choices ?? []), ...this.read()]);
    this.choices.set(key, name);
    try {
      mkdirSync(dirname(this.path), { recursive: true });
      const file = { machine: machineName(), choices: Object.fromEntries(this.choices) };
      writeFileAtomic.sync(this.path, JSON.stringify(file));
    } catch {
      // A cache that cannot be written costs the next process its measurements.
    }
  }

  /** Nothing for a file that is not there, of another machine or version, or not one of ours. */
  private read(): Map<string, string> {
    try {
      const file = JSON.parse(readFileSync(this.path, "utf8")) as { machine?: unknown; choices?: unknown };
      if (file.machine !== machineName() || typeof file.choices !== "object") return new Map();
      const entries = Object.entries(file.choices ?? {});
      return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
    } catch {
      return new Map();
    }
  }
}
