/** @file Runs the examples of docs/browser.md; throws where one does not give what it says. */
import { modelToBytes } from "auricle";
import { listen } from "./listen.js";
import { cachedModel, keepModel, keptModel, storedModel, storeModel } from "./storage.js";

export async function runExamples(modelName, soundName) {
  const address = new URL(`/${modelName}`, location.origin).href;
  const sound = new File([await (await fetch(`/${soundName}`)).arrayBuffer()], soundName);
  const answers = await listen(address, sound);
  const sum = answers.reduce((total, { probability }) => total + probability, 0);
  if (answers.length !== 3 || Math.abs(sum - 1) > 1e-5) throw new Error(`listen: ${JSON.stringify(answers)}`);
  const model = await cachedModel(address);
  await cachedModel(address);
  await keepModel("model", model);
  await storeModel("model", model);
  const bytes = String(modelToBytes(model));
  for (const copy of [await keptModel("model"), await storedModel("model")]) {
    if (String(modelToBytes(copy)) !== bytes) throw new Error("a stored model came back changed");
  }
}
