/**
 * @file Opens files, trains on them in a worker and stops; opens the page again, goes on with the runs, and posts what came of them.
 */
import { modelFromBytes } from "auricle";
import { connectSession } from "auricle/session";
import { store } from "../../../dist/io/store/store-browser.js";
import { storeProblems } from "./store.js";
import { comparable, OPTIONS, outputsOf, TRAININGS } from "./training.js";

const session = connectSession(new Worker(new URL("./worker.js", import.meta.url), { type: "module" }));

/** As another tab has one. */
const other = connectSession(new Worker(new URL("./worker.js", import.meta.url), { type: "module" }));

/** The bytes of a run's model file, from the site's storage. */
async function modelOf(run) {
  let folder = await navigator.storage.getDirectory();
  for (const part of ["auricle", "runs", run]) folder = await folder.getDirectoryHandle(part);
  const file = await (await folder.getFileHandle("best.safetensors")).getFile();
  return new Uint8Array(await file.arrayBuffer());
}

function weightsIn(bytes) {
  return [...modelFromBytes(bytes, "best.safetensors").getWeights()].map(([path, { data }]) => [
    path,
    [...data],
  ]);
}

/** Asks a session about a model that the page has as bytes, and about one of its files. */
async function askOpened(bytes, file) {
  const folder = await session.openFiles("model", [{ path: "mine.safetensors", file: bytes }]);
  const model = `${folder}/mine.safetensors`;
  const { layers, kind } = await session.inspect(model);
  const { maps } = await session.explain(model, file).result();
  const { layers: outputs } = await session.activations(model, file).result();
  return {
    kind,
    layers: layers.length,
    weights: Object.entries(await session.weights(model)).map(([path, { data }]) => [path, [...data]]),
    maps: maps.map(({ map, values }) => (map ?? { values: values.data }).values.length),
    outputs: outputs.map(({ values }) => values.data.length),
  };
}

/** A folder with files, as showDirectoryPicker gives one: here of the site's own storage, since nobody is there to choose. */
async function pickedFolder(name, files) {
  const root = await navigator.storage.getDirectory();
  const top = await root.getDirectoryHandle(`picked ${name}`, { create: true });
  for (const { path, file } of files) {
    const names = path.split("/");
    const last = names.pop();
    let folder = top;
    for (const one of names) folder = await folder.getDirectoryHandle(one, { create: true });
    const stream = await (await folder.getFileHandle(last, { create: true })).createWritable();
    await stream.write(file);
    await stream.close();
  }
  return top;
}

function failureOf(promise) {
  return promise.then(
    () => "no failure",
    ({ code, message }) => `${code}: ${message}`,
  );
}

/** Trains on each of the data, files of the page, until the first epoch is done: one is stopped then, the last one ends with the page. */
async function begin() {
  for (const [name, training] of Object.entries(TRAININGS)) {
    const files = training.files().map(({ path, file }) => ({ path, file: new File([file], path) }));
    const data = await session.openFiles(name, files);
    const request = { ...training.request, data };
    for await (const event of session.train(request, { ...OPTIONS, out: `runs/${name}` })) {
      if (event.kind !== "epoch") continue;
      if (training.isStopped) break;
      sessionStorage.setItem("began", "yes");
      location.reload();
    }
  }
}

async function goOn() {
  const { runs } = await session.runs();
  const found = { before: runs.map(({ name, epochs, isFinished }) => ({ name, epochs, isFinished })) };
  for (const [name, { files }] of Object.entries(TRAININGS)) {
    const run = `runs/${name}`;
    // The same files, now in a folder.
    const data = await session.openFiles(name, await pickedFolder(name, files()));
    const kinds = [];
    let locked;
    const training = session.resume(run, {}, OPTIONS);
    for await (const { kind } of training) {
      if (!kinds.includes(kind)) kinds.push(kind);
      if (kind === "started") locked = await failureOf(other.resume(run, {}, OPTIONS).result());
    }
    found[name] = {
      kinds,
      locked,
      ...comparable(await training.result()),
      weights: weightsIn(await modelOf(name)),
      outputs: await outputsOf(session, run, data),
      asked: await askOpened(await modelOf(name), `${data}/${files()[0].path}`),
    };
  }
  return {
    ...found,
    store: await storeProblems(store, "/store-check"),
  };
}

(sessionStorage.getItem("began") ? goOn() : begin()).then(
  (result) => result && post(result),
  (error) => post({ error: `${error.name} ${error.code}: ${error.message}\n${error.stack}` }),
);

function post(result) {
  fetch("/result", { method: "POST", body: JSON.stringify(result) });
}
