import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AuricleError } from "../errors.ts";
import { temporaryFolder } from "../data/testing/temporary-folder.ts";
import type { ExampleResult } from "../report/index.ts";
import { encodePng } from "../report/png.ts";
import { writeRecording, writeToneFolder } from "../runs/testing/recordings.ts";
import { connectSession } from "./connect-session.ts";
import type { TrainingEvent } from "./events.ts";
import type { TrainRequest } from "./session.ts";
import { bothSessions } from "./testing/sessions.ts";

const SESSIONS = bothSessions();

/** Two classes of six recordings, and a training of a second or two. */
async function tones() {
  const folder = await temporaryFolder();
  const data = join(folder, "tones");
  await writeToneFolder(data, { clips: 6 });
  const request: TrainRequest = { data, model: "notebook", window: 0.1, epochs: 3, target: "wasm" };
  return { folder, request, options: { threads: 1, featureFolder: join(folder, "features") } };
}

/** The events of a kind. */
function kindOf<Kind extends TrainingEvent["kind"]>(events: readonly TrainingEvent[], kind: Kind) {
  return events.filter((event): event is Extract<TrainingEvent, { kind: Kind }> => event.kind === kind);
}

describe.each(SESSIONS)("a session %s", (_where, session) => {
  it("describes data, trains, evaluates, predicts and lists runs, all in plain data", async () => {
    const { folder, request, options } = await tones();
    const out = join(folder, "runs", "one");
    expect(await session.describe(request.data)).toMatchObject({
      kind: "sound",
      task: "classification",
      classNames: ["high", "low"],
      examples: 12,
      counts: [6, 6],
    });
    const training = session.train(request, { ...options, out });
    const events: TrainingEvent[] = [];
    for await (const event of training) events.push(structuredClone(event));
    expect(kindOf(events, "begun")).toEqual([{ kind: "begun", path: out }]);
    expect(kindOf(events, "started")).toMatchObject([{ info: { path: out, epochsDone: 0 } }]);
    expect(kindOf(events, "epoch").map(({ metrics }) => metrics.epoch)).toEqual([1, 2, 3]);
    expect(events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["preparing", "batch", "note"]));
    expect(await training.result()).toMatchObject({ status: "finished", path: out, hasTrained: true });

    const { evaluations } = await session.evaluate(out, { ...options, previews: true }).result();
    expect(evaluations.map(({ name }) => name)).toEqual(["test", "validation"]);
    for (const { preview } of evaluations.flatMap<ExampleResult>(({ results }) => results)) {
      // A header of 44 bytes, and the recording of half a second.
      expect(preview?.audio?.wav.length).toBeGreaterThan(44 + 2 * 0.4 * 22_050);
    }
    const plain = await session.evaluate(out, options).result();
    expect(plain.evaluations[0].results[0]).not.toHaveProperty("preview");
    const [low, high] = ["low/low-0.wav", "high/high-0.wav"].map((name) => join(request.data, name));
    const predictions = session.predict(out, [low, "nowhere.wav", high], { threads: 1 });
    const answers: unknown[] = [];
    for await (const event of predictions) answers.push(event);
    expect(answers).toMatchObject([
      {
        kind: "model",
        model: { path: out, kind: "sound", task: "classification", classNames: ["high", "low"] },
      },
      { kind: "recording", prediction: { path: low, classNames: ["high", "low"] } },
      { kind: "problem", problem: { path: "nowhere.wav" } },
      { kind: "recording", prediction: { path: high } },
    ]);
    expect(await predictions.result()).toBe(1);
    const { runs } = await session.runs(join(folder, "runs"));
    expect(runs).toMatchObject([{ name: "one", isFinished: true, epochs: 3 }]);
  });

  it("trains on pictures, and predicts them", async () => {
    const folder = await temporaryFolder();
    const data = join(folder, "stripes");
    for (const [index, name] of ["narrow", "wide"].entries()) {
      for (let i = 0; i < 6; i++) {
        const stripes = Uint8Array.from({ length: 32 * 32 }, (_, at) => (at >> (1 + 2 * index)) & 1);
        const palette = [[0, 0, 10 * i] as const, [200, 255, 100] as const];
        await writeRecording(join(data, name, `${i}.png`), encodePng(stripes, 32, 32, palette));
      }
    }
    expect(await session.describe(data)).toMatchObject({ kind: "images", counts: [6, 6] });
    const out = join(folder, "run");
    const training = session.train(
      { data, model: "lenet5", epochs: 1, target: "wasm", duplicates: false },
      { out, threads: 1, featureFolder: join(folder, "pixels") },
    );
    expect(await training.result()).toMatchObject({ status: "finished", result: { kind: "images" } });
    const answers: unknown[] = [];
    await session.predict(out, [data], { threads: 1 }).listen((event) => void answers.push(event));
    expect(answers).toHaveLength(13);
    expect(answers[1]).toMatchObject({
      kind: "picture",
      prediction: { path: join(data, "narrow", "0.png"), classNames: ["narrow", "wide"] },
    });
  });

  it("stops after a step when the loop over its events is left, and goes on to the same bits", async () => {
    const { folder, request, options } = await tones();
    const [whole, parts] = [join(folder, "whole"), join(folder, "parts")];
    await session.train(request, { ...options, out: whole }).result();
    const training = session.train(request, { ...options, out: parts });
    for await (const event of training) if (event.kind === "epoch") break;
    // The loop is left when the work is at its end: the run's folder is nobody's by now.
    expect(await training.result()).toMatchObject({ status: "interrupted", path: parts, epochs: 3 });
    expect(await session.resume(parts, {}, options).result()).toMatchObject({ status: "finished" });
    for (const name of ["best.safetensors", "last.safetensors", "predictions.json"]) {
      const [one, other] = await Promise.all([whole, parts].map((run) => readFile(join(run, name))));
      expect(one.equals(other), name).toBe(true);
    }
  });

  it("stops while it reads files, and leaves no run", async () => {
    const { folder, request, options } = await tones();
    const training = session.train(request, { ...options, out: join(folder, "none") });
    for await (const event of training) if (event.kind === "preparing") break;
    await expect(training.result()).rejects.toMatchObject({ name: "AbortError" });
    expect(await session.runs(folder)).toMatchObject({ runs: [] });
  });

  it("fails with the code and the words of the fault", async () => {
    const { request } = await tones();
    const failure = (one: Promise<unknown>) => one.catch((error: unknown) => error);
    const unknown = { ...request, epoch: 3 } as TrainRequest;
    expect(await failure(session.train(unknown).result())).toEqual(
      new AuricleError("argument", 'train: there is no training option "epoch"; did you mean "epochs"?'),
    );
    const wrong = await failure(session.train({ ...request, epochs: -1 }).result());
    expect(wrong).toBeInstanceOf(AuricleError);
    expect(wrong).toMatchObject({ code: "argument", message: expect.stringContaining("epochs") as string });
    expect(await failure(session.evaluate("/nowhere").result())).toMatchObject({ code: "file" });
    expect(await failure(session.openFiles("drums", []))).toMatchObject({ code: "unsupported" });
    // In a loop too.
    await expect(async () => {
      for await (const event of session.predict("/nowhere", [])) void event;
    }).rejects.toThrow("no such folder");
  });
});

describe("a session over a channel", () => {
  it("refuses what cannot be sent", async () => {
    const [, [, session]] = SESSIONS;
    const request: object = { data: "x", model: () => 1 };
    await expect(session.train(request as TrainRequest).result()).rejects.toThrow(
      "cannot be sent to another thread",
    );
  });

  it("fails in all that waits when its worker does", async () => {
    const port = new EventTarget();
    const session = connectSession(Object.assign(port, { postMessage: () => undefined }));
    const waiting = session.runs();
    port.dispatchEvent(Object.assign(new Event("error"), { message: "out of memory" }));
    await expect(waiting).rejects.toThrow("the session's worker failed: out of memory");
    await expect(session.runs()).rejects.toThrow("the session's worker failed");
  });
});
