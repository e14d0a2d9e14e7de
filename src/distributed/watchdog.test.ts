import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { execPath } from "node:process";
import ts from "typescript";
import { expect, it } from "vitest";
import { withWatchdog } from "./watchdog.ts";

const LIMIT = { seconds: 60, message: "too long", forward: 10 };

it("lets a call that returns or throws go", () => {
  expect(withWatchdog(LIMIT, () => 7)).toBe(7);
  const fail = () => {
    throw new Error("no such library");
  };
  expect(() => withWatchdog(LIMIT, fail)).toThrow("no such library");
});

it("ends a process whose thread is blocked, with a message", async () => {
  const source = await readFile(new URL("watchdog.ts", import.meta.url), "utf8");
  const { module, target } = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  const { outputText } = ts.transpileModule(source, { compilerOptions: { module, target } });
  const limit = JSON.stringify({ ...LIMIT, seconds: 0.3 });
  const call = `withWatchdog(${limit}, () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))`;
  const args = ["--input-type=module", "--eval", `${outputText}\n${call}`];
  const { signal, stderr } = spawnSync(execPath, args, { encoding: "utf8", timeout: 60_000 });
  expect({ signal, stderr }).toEqual({ signal: "SIGKILL", stderr: "too long" });
});
