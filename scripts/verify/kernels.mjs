/**
 * @file Kernels on other random shapes than in the tests: every target of this machine against the reference loops, and of every target what
 * each unit touches; then trainings side by side with several numbers of threads.
 */
import { join } from "node:path";
import { interleavedFits } from "../interleaved-fits.mjs";
import { runNode } from "../setup.mjs";

/** Other shapes than those of `npm test`, as many: about five hundred windows and three hundred other layers. */
const SEED = 1;

/** Trainings on each target, with one to eight threads in turn. */
const FITS = 100;

export async function verifyKernels(checks, root) {
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const files = [
    "src/ops/window-fuzz.test.ts",
    "src/ops/layer-fuzz.test.ts",
    "src/ops/unit-accesses.test.ts",
    "src/graph/random-graphs.test.ts",
  ];
  const code = runNode(vitest, ["run", "--reporter=dot", ...files], {
    cwd: root,
    env: { ...process.env, AURICLE_FUZZ_SEED: String(SEED) },
  });
  checks.check(
    "layers of random shapes equal the reference loops on every target, and no two units touch what one writes",
    code === 0,
    `exit code ${code}`,
  );
  const rows = await interleavedFits({ fits: FITS }, () => {});
  const different = rows.reduce((sum, row) => sum + row.different, 0);
  const targets = [...new Set(rows.map(({ target }) => target))];
  checks.check(
    "identical trainings with one to eight threads in turn have the same bits",
    different === 0,
    `${different} of ${FITS} on each of ${targets.join(", ")} differ`,
  );
}
