/**
 * @file Opens files, trains on them in a worker and stops; opens the page again, goes on with the run, and posts what came of it.
 */
import { modelFromBytes } from "auricle";
import { connectSession } from "auricle/session";
import { comparable, OPTIONS, RUN, REQUEST, recordings } from "./training.js";

const session = connectSession(new Worker(new URL("./worker.js", import.meta.url), { type: "module" }));

/** As another tab has one. */
const other = connectSession(new Worker(new URL("./worker.js", import.meta.url), { type: "module" }));

/** The weights of a run's model file, from the site's storage. */
async function weightsOf(name) {
  let folder = await navigator.storage.getDirectory();
  for (const part of ["auricle", "runs", RUN]) folder = await folder.getDirectoryHandle(part);
  const file = await (await folder.getFileHandle(name)).getFile();
  const weights = modelFromBytes(new Uint8Array(await file.arrayBuffer()), name).getWeights();
  return [...weights].map(([path, { data }]) => [path, [...data]]);
}

function failureOf(promise) {
  return promise.then(
    () => "no failure",
    ({ code, message }) => `${code}: ${message}`,
  );
}

async function begin() {
  const files = recordings().map(({ path, file }) => ({ path, file: new File([file], path) }));
  const data = await session.openFiles("tones", files);
  for await (const event of session.train({ ...REQUEST, data }, { ...OPTIONS, out: `runs/${RUN}` })) {
    if (event.kind === "epoch") break;
  }
  sessionStorage.setItem("began", "yes");
  location.reload();
}

async function goOn() {
  const data = await session.openFiles("tones", recordings());
  const listed = await session.runs();
  const kinds = [];
  let locked;
  const training = session.resume(`runs/${RUN}`, {}, OPTIONS);
  for await (const { kind } of training) {
    if (!kinds.includes(kind)) kinds.push(kind);
    if (kind === "started") locked = await failureOf(other.resume(`runs/${RUN}`, {}, OPTIONS).result());
  }
  const outcome = await training.result();
  const prediction = session.predict(`runs/${RUN}`, [data], OPTIONS);
  const outputs = [];
  for await (const event of prediction) outputs.push([...event.prediction.outputs]);
  const { map, kept } = await session.explain(`runs/${RUN}`, `${data}/low/low-0.wav`);
  return {
    before: listed.runs.map(({ name, epochs, isFinished }) => ({ name, epochs, isFinished })),
    kinds,
    locked,
    ...comparable(outcome),
    weights: await weightsOf("best.safetensors"),
    outputs,
    explained: [map.values.length, kept.samples.length],
  };
}

(sessionStorage.getItem("began") ? goOn() : begin()).then(
  (result) => result && post(result),
  (error) => post({ error: `${error.name} ${error.code}: ${error.message}\n${error.stack}` }),
);

function post(result) {
  fetch("/result", { method: "POST", body: JSON.stringify(result) });
}
