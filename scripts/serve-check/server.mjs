/** @file The server that is checked, as a process. */

import { spawn } from "node:child_process";
import { auricle as COMMAND } from "../setup.mjs";

/** Starts `auricle serve` with these words. @returns the process, its address, and what it wrote to stderr */
export async function startServer(words, options = {}) {
  const child = spawn(process.execPath, [COMMAND, "serve", ...words, "--json"], {
    stdio: ["ignore", "pipe", "pipe"],
    ...options,
  });
  const ended = new Promise((resolve) => child.on("exit", (code, signal) => resolve({ code, signal })));
  let output = "";
  let errors = "";
  child.stderr.on("data", (data) => (errors += data));
  const address = await new Promise((resolve, reject) => {
    child.stdout.on("data", (data) => {
      // Only the beginning: the log of all requests is long.
      if (output.length < 10_000) output += data;
      const found = /"serving","address":"([^"]+)"/.exec(output);
      if (found) resolve(found[1]);
    });
    void ended.then(() => reject(new Error(`the server did not start: ${output} ${errors}`)));
  });
  return { child, ended, address, errors: () => errors };
}

/** One of the server's figures, by the name that Prometheus reads. */
export async function figureOf(address, name) {
  const text = await (await fetch(`${address}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)`, "m").exec(text)?.[1]);
}

/** The server's memory in MiB. */
export async function memoryOf(address) {
  return (await figureOf(address, "process_resident_memory_bytes")) / 2 ** 20;
}
