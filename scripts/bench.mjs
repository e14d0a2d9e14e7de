/**
 * @file Makes the project ready and runs the bench: see bench/main.mjs, features.mjs and drumkits.mjs for their flags.
 *
 *     npm run bench -- --workload lenet5 --threads 1,2
 *     npm run bench -- features
 *     npm run bench -- drumkits --seeds 5
 */
import { join } from "node:path";
import { build, checkNode, installDependencies, root, runNode, runScript } from "./setup.mjs";

await runScript(() => {
  checkNode();
  installDependencies();
  build();
  const [first, ...others] = process.argv.slice(2);
  if (first === "features" || first === "drumkits") {
    return runNode(join(root, "bench", `${first}.mjs`), others);
  }
  return runNode(join(root, "bench", "main.mjs"), process.argv.slice(2));
});
