/**
 * @file Checks the whole: kernels on thousands of random shapes, and trainings with one to eight threads side by side; then on
 * real data, where LeNet-5 on Fashion-MNIST must be as accurate as PyTorch's is with the same recipe, the defaults on a folder of
 * pictures as accurate as is documented, and a network must learn to classify drums of kits that it has not heard, and to tell
 * voices from music on the telephone, where there is no sound above 4 kHz; then on music and notes that code renders, whose styles
 * and pitches must be named. The bench's own scripts must give a time. On Debian and Ubuntu, as root, it installs the data first.
 * Where they are not available, it reports the checks that it left out.
 *
 *     node scripts/verify.mjs [--long]
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
import { verifyDrums } from "./verify/drums.mjs";
import { verifyImages } from "./verify/images.mjs";
import { verifyKernels } from "./verify/kernels.mjs";
import { verifyPictures } from "./verify/pictures.mjs";
import { verifyPitch } from "./verify/pitch.mjs";
import { verifyThreads } from "./verify/threads.mjs";
import { verifyStyles } from "./verify/styles.mjs";

const { values } = parseArgs({ options: { long: { type: "boolean", default: false } } });

await runScript(async () => {
  setup();
  const checks = new Checks();
  const folder = mkdtempSync(join(tmpdir(), "auricle-verify-"));
  try {
    verifyThreads(checks, join(folder, "threads"), root);
    verifyBench(checks, root);
    await verifyKernels(checks, root);
    await verifyImages(checks, join(folder, "images"), root, values);
    verifyPictures(checks, join(folder, "pictures"));
    await verifyDrums(checks, join(folder, "drums"), root);
    await verifyBandLimited(checks, join(folder, "band-limited"), root);
    await verifyStyles(checks, join(folder, "styles"));
    await verifyPitch(checks, join(folder, "pitch"), root);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return checks.finish();
});
