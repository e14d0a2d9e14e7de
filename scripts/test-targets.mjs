/**
 * @file Runs the tests once for each kind of machine code that this machine can run, but for the fastest, with which they run
 * anyway; tests that look at every target whichever is chosen would do the same work again. Arguments go to vitest:
 *
 *     node scripts/test-targets.mjs src/ops
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root, runNode, runScript, setup } from "./setup.mjs";

await runScript(async () => {
  setup();
  const { href } = pathToFileURL(join(root, "dist", "runtime", "target.js"));
  const { kernelTargets } = await import(href);
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  for (const target of kernelTargets().slice(0, -1)) {
    console.log(`\nTarget ${target}`);
    const env = { ...process.env, AURICLE_TARGET: target };
    const code = runNode(vitest, ["run", "--project", "!*every-target", ...process.argv.slice(2)], {
      cwd: root,
      env,
    });
    if (code !== 0) return code;
  }
  return 0;
});
