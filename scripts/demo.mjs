/**
 * @file Shows what Auricle does, in a minute or two: trains LeNet-5 on Fashion-MNIST where that is on this machine or
 * quickly downloaded, otherwise on the built-in digits.
 *
 *     node scripts/demo.mjs
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { auricle, root, runNode, runScript, setup } from "./setup.mjs";

/** How long the data's server may take to answer at all, and the download to be done, in milliseconds. */
const ANSWER_TIME = 4_000;
const DOWNLOAD_TIME = 45_000;

/** The recipe for each data set: enough epochs for a good result in about a minute on two cores. */
const EPOCHS = { "fashion-mnist": 3, digits: 10 };

async function isReachable(url) {
  try {
    const response = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(ANSWER_TIME) });
    return response.ok;
  } catch {
    return false;
  }
}

/** "fashion-mnist" where its files are here or come quickly, else "digits". */
async function chooseData() {
  const name = "fashion-mnist";
  const { locateDataset } = await import(pathToFileURL(join(root, "dist", "data", "index.js")).href);
  const { files } = await locateDataset(name);
  const missing = files.filter(({ path }) => path === undefined);
  if (missing.length === 0) return name;
  if (await isReachable(missing[0].file.urls[0])) {
    const { status } = spawnSync(process.execPath, [auricle, "data", name, "--download"], {
      stdio: ["ignore", "ignore", "inherit"],
      timeout: DOWNLOAD_TIME,
    });
    if (status === 0) return name;
  }
  console.log("Fashion-MNIST is not here and could not be downloaded now: the built-in digits will do.\n");
  return "digits";
}

await runScript(async () => {
  setup();
  const data = await chooseData();
  const time = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const run = join("runs", `demo-${time}-${data}`);
  const recipe = ["--model", "lenet5", "--epochs", String(EPOCHS[data])];
  console.log(`$ auricle train ${data} ${recipe.join(" ")}\n`);
  const code = runNode(auricle, ["train", data, ...recipe, "--out", join(root, run)], { cwd: root });
  if (code !== 0) return code;
  const command = `node ${join("dist", "cli", "main.js")}`;
  console.log(`
In ${root}, try:
  ${command} predict ${run} --index 0..9
  ${command} train --resume ${run} --epochs ${2 * EPOCHS[data]}
  ${command} --help`);
  return 0;
});
