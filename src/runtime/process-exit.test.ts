import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const SOURCES = fileURLToPath(new URL("..", import.meta.url));
const FOLDERS = ["tensor", "random", "machine", "kernels", "runtime", "graph", "lowering", "ops"];

/** Plain JavaScript of the engine, as a package would hold it: a child process can run no TypeScript. */
async function transpile(target: string): Promise<void> {
  const files = [
    ...(await readdir(SOURCES)),
    ...(
      await Promise.all(
        FOLDERS.map(async (folder) =>
          (await readdir(join(SOURCES, folder), { recursive: true })).map((file) => join(folder, file)),
        ),
      )
    ).flat(),
  ].filter((file) => /\.(ts|js)$/.test(file) && !file.endsWith(".test.ts") && !file.includes("testing"));
  for (const file of files) {
    const text = await readFile(join(SOURCES, file), "utf8");
    const place = join(target, file.replace(/\.ts$/, ".js"));
    await mkdir(dirname(place), { recursive: true });
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
        verbatimModuleSyntax: true,
        rewriteRelativeImportExtensions: true,
      },
    });
    await writeFile(place, file.endsWith(".js") ? text : outputText);
  }
  const imports = { "#platform": "./runtime/platform-node.js", "#here/*": "./*-node.js" };
  await writeFile(join(target, "package.json"), JSON.stringify({ type: "module", imports }));
  await symlink(join(SOURCES, "..", "node_modules"), join(target, "node_modules"), "junction");
}

/** A process takes its default target here, whichever other tests take. */
const BY_DEFAULT = { ...process.env, AURICLE_TARGET: "" };

describe("a process with worker threads", () => {
  let folder = "";
  const run = async (script: string, flags: readonly string[] = []) => {
    await writeFile(join(folder, "main.js"), script);
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, join(folder, "main.js")], {
      timeout: 100_000,
      env: BY_DEFAULT,
    });
    return stdout.trim();
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "auricle-exit-"));
    await transpile(folder);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  const HEAD = `
    import { existsSync, readFileSync } from "node:fs";
    import { compile } from "./graph/compile.js";
    import { sum, tanh, multiply } from "./ops/index.js";
    const x = { shape: [40, 50], data: new Float32Array(2000).fill(1) };`;

  it("ends by itself when it has nothing more to do", async () => {
    const output = await run(`${HEAD}
      const step = compile((a) => sum(multiply(a, a)), [[40, 50]], { threads: 3 });
      console.log(step(x).data[0]);`);
    expect(output).toBe("2000");
  });

  it("takes native targets by default in its main thread only, where nobody stops it; elsewhere if asked", async () => {
    const output = await run(`
      import { isMainThread, parentPort, Worker } from "node:worker_threads";
      import { chooseTarget, kernelTargets, portableTarget } from "./runtime/target.js";
      const fastest = kernelTargets().at(-1);
      const [target, asked] = [chooseTarget(), chooseTarget(fastest)];
      if (isMainThread) {
        console.log(target === fastest, asked === fastest);
        new Worker(new URL(import.meta.url)).on("message", (message) => console.log(message));
      } else {
        parentPort.postMessage([target === portableTarget(), asked === fastest].join(" "));
      }`);
    expect(output).toBe("true true\ntrue true");
  });

  it("ends in every way while threads still start, with no abort", async () => {
    const script = fileURLToPath(new URL("../../scripts/process-ends.mjs", import.meta.url));
    const flags = ["--count", "21", "--engine", folder];
    const { stdout } = await promisify(execFile)(process.execPath, [script, ...flags], { env: BY_DEFAULT });
    expect(stdout).toBe("21 processes, 0 failures\n");
  });

  it.each([1, 3])("keeps no memory of programs that were let go, with %i threads", async (threads) => {
    // 60 arenas of 16 MB. Nobody asks for garbage to be collected; what is dropped waits until 256 MB have come together.
    const output = await run(`${HEAD}
      const big = { shape: [2000000], data: new Float32Array(2000000) };
      for (let i = 0; i < 60; i++) {
        compile((a) => tanh(a), [[2000000]], { threads: ${threads} })(big);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      const status = existsSync("/proc/self/status") ? readFileSync("/proc/self/status", "utf8") : "";
      const addressSpace = Number(/VmSize:\\s+(\\d+) kB/.exec(status)?.[1] ?? 0) * 1000;
      console.log(process.memoryUsage().rss < 800e6, addressSpace < 400e9);`);
    expect(output).toBe("true true");
  });

  it.each(["wasm", undefined])(
    "gives back the memory of programs that share an arena (%s)",
    async (target) => {
      const output = await run(
        `${HEAD}
      import { Arena } from "./runtime/arena.js";
      const arena = new Arena();
      const sizes = [];
      for (let i = 0; i < 40; i++) {
        // Ever larger, so that no program can use another one's scratch memory.
        const rows = 1000 + i;
        const step = compile((a) => sum(tanh(sum(multiply(tanh(a), a), 0))), [[rows, 500]], { arena, threads: 2, target: ${JSON.stringify(target)} });
        step({ shape: [rows, 500], data: new Float32Array(rows * 500) });
        for (let k = 0; k < 3; k++) {
          globalThis.gc();
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        sizes.push(arena.memory.buffer.byteLength);
      }
      console.log(sizes.at(-1) <= 1.3 * sizes[9]);`,
        ["--expose-gc"],
      );
      expect(output).toBe("true");
    },
  );

  it("keeps no memory for runs", async () => {
    // 10,000 runs, each of which may leave 100 bytes: what the engine itself keeps or drops meanwhile is a few hundred
    // kilobytes in all.
    const output = await run(
      `${HEAD}
      const pause = () => new Promise((resolve) => setTimeout(resolve, 5));
      const used = async () => {
        // What one collection finds, the engine may give back only after it.
        for (let i = 0; i < 3; i++) {
          globalThis.gc();
          await pause();
        }
        return process.memoryUsage();
      };
      const step = compile((a) => sum(tanh(a), 0), [[40, 50]], { threads: 2 });
      for (let i = 0; i < 200; i++) step(x);
      const before = await used();
      for (let i = 0; i < 10_000; i++) step(x);
      const after = await used();
      console.log(after.heapUsed - before.heapUsed < 1e6, after.arrayBuffers - before.arrayBuffers < 1e6);`,
      ["--expose-gc"],
    );
    expect(output).toBe("true true");
  });
});
