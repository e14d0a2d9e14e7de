/**
 * @file Checks the whole: kernels on thousands of random shapes, and trainings with one to eight threads side by side; then on
 * real data, where LeNet-5 on Fashion-MNIST must be as accurate as PyTorch's is with the same recipe, the defaults on a folder of
 * pictures as accurate as is documented, and a network must learn to classify drums of kits that it has not heard, and to tell
 * voices from music on the telephone, where there is no sound above 4 kHz; then on music and notes that code renders, whose styles
 * and pitches must be named. The bench's own scripts must give a time. On Debian and Ubuntu, as root, it installs the data first.
 * Where they are not available, it reports the checks that it left out.
 *
 *     node scripts/verify.mjs [--long]
 *     node scripts/verify.mjs threads bench         # parts of it by name
 *     node scripts/verify.mjs --without threads     # all others
 *
 * --long adds a training of ten minutes: a residual network on Fashion-MNIST must classify 94 % of the test images.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root, runScript, setup } from "./setup.mjs";
import { verifyBandLimited } from "./verify/band-limited.mjs";
import { verifyBench } from "./verify/bench.mjs";
import { Checks } from "./verify/checks.mjs";
import { verifyDrums, verifyFrontEnds } from "./verify/drums.mjs";
import { verifyImages } from "./verify/images.mjs";
import { verifyKernels } from "./verify/kernels.mjs";
import { verifyPictures } from "./verify/pictures.mjs";
import { verifyPitch } from "./verify/pitch.mjs";
import { verifyThreads } from "./verify/threads.mjs";
import { verifyStyles } from "./verify/styles.mjs";

const { values, positionals } = parseArgs({
  options: {
    long: { type: "boolean", default: false },
    without: { type: "string", multiple: true, default: [] },
  },
  allowPositionals: true,
});

/** By name, in the order in which they run; each has a folder of its own. */
const PARTS = {
  threads: (checks, folder) => verifyThreads(checks, folder, root),
  bench: (checks) => verifyBench(checks, root),
  kernels: (checks) => verifyKernels(checks, root),
  images: (checks, folder) => verifyImages(checks, folder, root, values),
  pictures: verifyPictures,
  "front-ends": (checks) => verifyFrontEnds(checks, root),
  drums: (checks, folder) => verifyDrums(checks, folder, root),
  "band-limited": (checks, folder) => verifyBandLimited(checks, folder, root),
  styles: verifyStyles,
  pitch: (checks, folder) => verifyPitch(checks, folder, root),
};

await runScript(async () => {
  const unknown = [...positionals, ...values.without].filter((name) => !Object.hasOwn(PARTS, name));
  if (unknown.length > 0) {
    console.error(`no part is called ${unknown.join(", ")}; they are ${Object.keys(PARTS).join(", ")}`);
    return 1;
  }
  setup();
  const checks = new Checks();
  const folder = mkdtempSync(join(tmpdir(), "auricle-verify-"));
  try {
    for (const [name, verify] of Object.entries(PARTS)) {
      if (values.without.includes(name) || (positionals.length > 0 && !positionals.includes(name))) continue;
      const began = performance.now();
      await verify(checks, join(folder, name));
      console.log(`part ${name}: ${Math.round((performance.now() - began) / 1000)} s\n`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return checks.finish();
});
