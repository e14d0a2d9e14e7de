/** @file The check from the first request to the last. */

import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { auricle as COMMAND } from "../setup.mjs";
import { checkDocumented } from "./documented.mjs";
import { hostileChecks, runHostile } from "./hostile.mjs";
import { makeModel, makePictureModel, makeRecordings } from "./inputs.mjs";
import { checkLoad } from "./load.mjs";
import { without } from "./requests.mjs";
import { startServer } from "./server.mjs";

/** The recordings, each with the answer of `auricle predict`. */
async function predictedRecordings(folder, model) {
  const files = await makeRecordings(folder, 12);
  const words = [COMMAND, "predict", model, "--json", ...files.map(({ path }) => path)];
  const { stdout } = spawnSync(process.execPath, words, { encoding: "utf8", maxBuffer: 2 ** 28 });
  const lines = stdout.trim().split("\n");
  if (lines.length !== files.length)
    throw new Error(`predict answered ${lines.length} of ${files.length} files`);
  return files.map((file, i) => ({ ...file, wanted: without(JSON.parse(lines[i]), ["event", "source"]) }));
}

async function checkHostile({ model, photos, good, tiny, fail }) {
  const models = [`sound=${model}`, `photos=${photos}`];
  const flags = ["--receive-timeout", "4", "--live", "4", "--workers", "2"];
  const server = await startServer([...models, "--port", "0", ...flags]);
  try {
    const { address } = server;
    await runHostile(hostileChecks({ address, good, tiny }), { address, good, fail });
    server.child.kill("SIGTERM");
    const { code } = await server.ended;
    if (code !== 0) fail(`the server ended with ${code}`);
    if (server.errors() !== "") fail(`the server said: ${server.errors().slice(0, 2000)}`);
  } finally {
    server.child.kill("SIGKILL");
  }
}

/**
 * Runs the parts of the check.
 * @param parts "load", "hostile", "documented" @param tiny the number of tiny requests
 * @returns the number of failures
 */
export async function runCheck({ parts, clients, seconds, tiny }) {
  const failures = [];
  const fail = (text) => {
    failures.push(text);
    if (failures.length <= 20) console.log(`FAILED: ${text}`);
  };
  const folder = await mkdtemp(join(tmpdir(), "auricle-serve-check-"));
  try {
    if (parts.includes("documented")) {
      const project = join(folder, "project");
      mkdirSync(project);
      await checkDocumented(project, async (name, run) => {
        try {
          const said = await run();
          console.log(`ok: ${name}${said ? `: ${said}` : ""}`);
        } catch (error) {
          fail(`${name}: ${error.message}`);
        }
      });
    }
    const model = await makeModel(folder);
    if (parts.includes("hostile")) {
      const [{ bytes: good }] = await makeRecordings(folder, 1);
      await checkHostile({
        model,
        photos: await makePictureModel(folder),
        good: Buffer.from(good),
        tiny,
        fail,
      });
    }
    if (parts.includes("load")) {
      await checkLoad({ model, files: await predictedRecordings(folder, model), clients, seconds, fail });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  console.log(failures.length === 0 ? "passed" : `${failures.length} failures`);
  return failures.length;
}
