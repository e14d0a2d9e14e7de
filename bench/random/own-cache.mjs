/** @file Imported first: algorithms that are measured here are not remembered for the user's programs. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "auricle-random-"));
process.env.XDG_CACHE_HOME = folder;
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
