/**
 * @file Runs the tests, after installing the dependencies where that is needed. Arguments go to vitest:
 *
 *     node scripts/test.mjs src/ops -t gradient
 */
import { join } from "node:path";
import { checkNode, installDependencies, root, runNode, runScript } from "./setup.mjs";

await runScript(() => {
  checkNode();
  installDependencies();
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  return runNode(vitest, ["run", ...process.argv.slice(2)], { cwd: root });
});
