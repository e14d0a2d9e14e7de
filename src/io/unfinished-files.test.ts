import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execPath } from "node:process";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../data/testing/temporary-folder.ts";
import { writeFileAtomic } from "./atomic-file.ts";
import { removeUnfinished } from "./unfinished-files.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Writes a file over and over as `writeFileAtomic` does, until it is killed. */
const WRITER = `
  import write from "write-file-atomic";
  import { open } from "node:fs/promises";
  const content = Buffer.alloc(2 ** 22, "x");
  for (let i = 0; ; i++) {
    await write(process.argv[1], "", {
      tmpfileCreated: async (temporary) => {
        const file = await open(temporary, "r+");
        if (i === 1) console.log("writing");
        await file.writeFile(content);
        await file.close();
      },
    });
  }`;

async function killWriter(path: string): Promise<void> {
  const writer = spawn(execPath, ["--input-type=module", "-e", WRITER, path], { cwd: ROOT });
  await once(writer.stdout, "data");
  // Somewhere within a write: they take a few milliseconds each.
  await setTimeout(2);
  writer.kill("SIGKILL");
  await once(writer, "close");
}

const isOurs = (name: string) => name === "file.json";

describe("files that a killed process left unfinished", () => {
  it("are removed, and the file stays whole", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "file.json");
    let left = 0;
    for (let kills = 0; kills < 20 && left < 2; kills++) {
      await killWriter(path);
      left = (await readdir(folder)).length - 1;
    }
    expect(left).toBeGreaterThan(0);
    await removeUnfinished(folder, isOurs, 0);
    expect(await readdir(folder)).toEqual(["file.json"]);
    expect((await readFile(path)).length).toBe(2 ** 22);
  });

  it("stay where another process may be writing them, for an hour", async () => {
    const folder = await temporaryFolder();
    const names = ["file.json.4000000000", "file.json.3999999999"];
    for (const name of names) await writeFile(join(folder, name), "half");
    const longAgo = new Date(Date.now() - 2 * 3600_000);
    await utimes(join(folder, names[0]), longAgo, longAgo);
    await removeUnfinished(folder, isOurs);
    expect(await readdir(folder)).toEqual([names[1]]);
  });

  it("are told from files of people", async () => {
    const folder = await temporaryFolder();
    const others = [
      "file.json",
      "file.json.2024",
      "file.json.bak",
      "other.json.4000000000",
      "file.json.12345678901",
    ];
    for (const name of others) await writeFile(join(folder, name), "kept");
    await removeUnfinished(folder, isOurs, 0);
    expect((await readdir(folder)).sort()).toEqual(others.sort());
    await removeUnfinished(join(folder, "none"), isOurs);
  });

  it("have the names that writing gives them", async () => {
    const folder = await temporaryFolder();
    const seen = new Set<string>();
    let isDone = false;
    const looking = (async () => {
      while (!isDone) {
        for (const name of await readdir(folder)) seen.add(name);
        await setTimeout(0);
      }
    })();
    for (let i = 0; i < 500 && seen.size < 2; i++)
      await writeFileAtomic(join(folder, "file.json"), new Uint8Array(2 ** 22));
    isDone = true;
    await looking;
    const temporary = [...seen].filter((name) => name !== "file.json");
    expect(temporary.length).toBeGreaterThan(0);
    for (const name of temporary) expect(name).toMatch(/^file\.json\.\d{1,10}$/);
  });
});
