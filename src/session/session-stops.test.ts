/** @file Work that is stopped: each ends soon, though nothing of it waits for files. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { idxBytes } from "../runs/testing/idx-folder.ts";
import { toneFile, writeToneFolder } from "../runs/testing/recordings.ts";
import type { Activity, AnyEvent } from "./activity.ts";
import { openSession } from "./open-session.ts";
import type { Session, TrainRequest } from "./session.ts";
import { bothSessions } from "./testing/sessions.ts";
import { imageMetadata } from "../image-model/index.ts";
import { saveModel } from "../nn/checkpoint/model-file.ts";
import { conv2d, dense, flatten, sequential } from "../nn/index.ts";

let request: TrainRequest;
let options: { readonly threads: number; readonly featureFolder: string };
let run: string;
let long: string;
let pictures: string;
let archive: string;

const SIDE = 24;

async function savePictureModel(path: string): Promise<void> {
  const model = sequential(
    [conv2d({ filters: 8, kernelSize: 3, inputShape: [SIDE, SIDE, 1] }), flatten(), dense({ units: 2 })],
    { threads: 1 },
  );
  model.metadata = imageMetadata({
    task: "classification",
    classNames: ["a", "b"],
    pixels: { width: SIDE, height: SIDE, channels: 1, fit: "crop", background: [0, 0, 0] },
  });
  await saveModel(model, path);
}

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "auricle-test-"));
  const data = join(folder, "tones");
  await writeToneFolder(data, { clips: 12 });
  request = { data, model: "notebook", window: 0.1, epochs: 1, target: "wasm" };
  options = { threads: 1, featureFolder: join(folder, "features") };
  run = join(folder, "run");
  await openSession()
    .train(request, { ...options, out: run })
    .result();
  long = join(folder, "long.wav");
  await writeFile(long, toneFile({ frequencies: [300], seed: 1, seconds: 39 }));
  pictures = join(folder, "pictures.safetensors");
  await savePictureModel(pictures);
  archive = join(folder, "many-idx3-ubyte");
  await writeFile(archive, idxBytes([20_000, SIDE, SIDE], new Uint8Array(20_000 * SIDE * SIDE)));
  return () => rm(folder, { recursive: true, force: true });
});

/** Work that takes long, and when it is stopped: at once, or with the first event of a kind. */
const LONG: readonly (readonly [
  name: string,
  begin: (session: Session) => Activity<AnyEvent, unknown>,
  stop: "at once" | "soon" | "model" | "picture",
])[] = [
  ["a prediction of a long recording", (session) => session.predict(run, [long], { threads: 1 }), "model"],
  [
    "a prediction of many pictures",
    (session) => session.predict(pictures, [archive], { threads: 1 }),
    "picture",
  ],
  ["an explanation", (session) => session.explain(run, long, { check: true, threads: 1 }), "soon"],
  ["a map of examples", (session) => session.embeddingMap(run, options), "at once"],
  ["an evaluation", (session) => session.evaluate(run, options), "at once"],
  [
    "a range of learning rates",
    (session) => session.learningRate(request, { steps: 100_000 }, options),
    "soon",
  ],
  ["an attempt on one batch", (session) => session.overfitOneBatch(request, options), "at once"],
  ["a dry run", (session) => session.dryRun(request, options), "at once"],
];

describe.each(bothSessions())("a session %s", (_where, session) => {
  it.each(LONG)("stops %s", async (_name, begin, when) => {
    const activity = begin(session);
    if (when === "at once") activity.stop();
    // Files are read by then, and nothing but computations goes on.
    if (when === "soon") setTimeout(() => activity.stop(), 30);
    await expect(
      activity.listen(({ kind }) => {
        if (kind === when) activity.stop();
      }),
    ).rejects.toMatchObject({ name: "AbortError" });
  });
});
