/** @file Kernels on thousands of random shapes: every target of this machine against the reference loops. */
import { join } from "node:path";
import { runNode } from "../setup.mjs";

/** How many times as many shapes as in `npm test`, which draws about a thousand. */
const TIMES = 4;

export function verifyKernels(checks, root) {
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const files = ["src/ops/window-fuzz.test.ts", "src/ops/layer-fuzz.test.ts"];
  const code = runNode(vitest, ["run", "--reporter=dot", ...files], {
    cwd: root,
    env: { ...process.env, AURICLE_FUZZ: String(TIMES) },
  });
  checks.check(
    "layers of random shapes equal the reference loops on every target",
    code === 0,
    `exit code ${code}`,
  );
}
