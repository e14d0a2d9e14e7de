/**
 * @file Runs the tests once for each kind of machine code that this machine can run, but for the fastest, with which they run
 * anyway. Arguments go to vitest:
 *
 *     node scripts/test-targets.mjs src/ops
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root, runNode, runScript, setup } from "./setup.mjs";

/** Those that look at every target whichever is chosen: they would do the same work again. */
const OF_EVERY_TARGET = [
  "src/graph/random-graphs.test.ts",
  "src/graph/threads.test.ts",
  "src/models/interleaved-fits.test.ts",
  "src/models/unit-accesses.test.ts",
  "src/ops/conformance.test.ts",
  "src/ops/interpreted-targets.test.ts",
  "src/ops/layer-fuzz.test.ts",
  "src/ops/unit-accesses.test.ts",
  "src/ops/window-fuzz.test.ts",
  "src/runtime/process-exit.test.ts",
];

await runScript(async () => {
  setup();
  const gone = OF_EVERY_TARGET.filter((file) => !existsSync(join(root, file)));
  if (gone.length > 0)
    throw new Error(`there is no ${gone.join(", ")}; correct the list in scripts/test-targets.mjs`);
  const left = OF_EVERY_TARGET.flatMap((file) => ["--exclude", file]);
  const { href } = pathToFileURL(join(root, "dist", "runtime", "target.js"));
  const { kernelTargets } = await import(href);
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  for (const target of kernelTargets().slice(0, -1)) {
    console.log(`\nTarget ${target}`);
    const env = { ...process.env, AURICLE_TARGET: target };
    const code = runNode(vitest, ["run", ...left, ...process.argv.slice(2)], { cwd: root, env });
    if (code !== 0) return code;
  }
  return 0;
});
