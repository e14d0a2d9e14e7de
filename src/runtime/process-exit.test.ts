import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const SOURCES = fileURLToPath(new URL("..", import.meta.url));
const FOLDERS = ["tensor", "random", "machine", "kernels", "runtime", "graph", "ops"];

/** Plain JavaScript of the engine, as a package would hold it: a child process can run no TypeScript. */
async function transpile(target: string): Promise<void> {
  const files = [
    "errors.ts",
    "version.ts",
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
  const imports = { "#platform": "./runtime/platform-node.js" };
  await writeFile(join(target, "package.json"), JSON.stringify({ type: "module", imports }));
  await symlink(join(SOURCES, "..", "node_modules"), join(target, "node_modules"), "junction");
}

describe("a process with worker threads", () => {
  let folder = "";
  const run = async (script: string, flags: readonly string[] = []) => {
    await writeFile(join(folder, "main.js"), script);
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, join(folder, "main.js")], {
      timeout: 30_000,
    });
    return stdout.trim();
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "auricle-exit-"));
    await transpile(folder);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  const HEAD = `
    import { compile } from "./graph/compile.js";
    import { sum, tanh, multiply } from "./ops/index.js";
    const x = { shape: [40, 50], data: new Float32Array(2000).fill(1) };`;

  it("ends by itself when it has nothing more to do", async () => {
    const output = await run(`${HEAD}
      const step = compile((a) => sum(multiply(a, a)), [[40, 50]], { threads: 3 });
      console.log(step(x).data[0]);`);
    expect(output).toBe("2000");
  });

  it("keeps no memory of programs that were let go, and none for runs", async () => {
    // Compiled programs come and go: arenas of 8 MB each, 60 of them. Then one runs 10,000 times, which may
    // leave 100 bytes each: what the engine itself keeps or drops meanwhile is a few hundred kilobytes in all.
    const output = await run(
      `${HEAD}
      const big = { shape: [2000000], data: new Float32Array(2000000) };
      const pause = () => new Promise((resolve) => setTimeout(resolve, 5));
      const used = async () => {
        // What one collection finds, the engine may give back only after it.
        for (let i = 0; i < 3; i++) {
          globalThis.gc();
          await pause();
        }
        return process.memoryUsage();
      };
      for (let i = 0; i < 60; i++) {
        compile((a) => sum(tanh(a)), [[2000000]], { threads: 1 })(big);
        globalThis.gc();
        await pause();
      }
      const few = process.memoryUsage().rss < 400e6;
      const step = compile((a) => sum(tanh(a), 0), [[40, 50]], { threads: 2 });
      for (let i = 0; i < 200; i++) step(x);
      const before = await used();
      for (let i = 0; i < 10_000; i++) step(x);
      const after = await used();
      console.log(few, after.heapUsed - before.heapUsed < 1e6, after.arrayBuffers - before.arrayBuffers < 1e6);`,
      ["--expose-gc"],
    );
    expect(output).toBe("true true true");
  });
});
