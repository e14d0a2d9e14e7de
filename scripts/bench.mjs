/**
 * @file Makes the project ready and runs the bench: see bench/main.mjs for its flags.
 *
 *     npm run bench -- --workload lenet5 --threads 1,2
 */
import { join } from "node:path";
import { build, checkNode, installDependencies, root, runNode, runScript } from "./setup.mjs";

await runScript(() => {
  checkNode();
  installDependencies();
  build();
  return runNode(join(root, "bench", "main.mjs"), process.argv.slice(2));
});
