/** @file A session's plans and trials of trainings. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AuricleError } from "../errors.ts";
import { temporaryFolder } from "../data/testing/temporary-folder.ts";
import { writeToneFolder } from "../runs/testing/recordings.ts";
import type { TrainRequest } from "./session.ts";
import { bothSessions } from "./testing/sessions.ts";

describe.each(bothSessions())("a session %s", (_where, session) => {
  it("plans a training, tries it, finds its run and resumes it", async () => {
    const folder = await temporaryFolder();
    const data = join(folder, "tones");
    await writeToneFolder(data, { clips: 6 });
    const request: TrainRequest = { data, model: "notebook", window: 0.1, epochs: 2, target: "wasm" };
    const options = { threads: 1, featureFolder: join(folder, "features") };
    expect(await session.kindOf(data)).toBe("sound");

    const { values, config } = await session.plan(request, options).result();
    expect(values).toMatchObject({ model: "notebook", epochs: 2, seed: 0, optimizer: config.optimizer });
    const figures = await session.dryRun(request, options).result();
    expect(figures).toMatchObject({ dataName: "tones", config: { epochs: 2 }, threads: 1 });
    const { losses } = await session.overfitOneBatch(request, options).result();
    expect(losses[losses.length - 1]).toBeLessThan(losses[0]);
    const curve = await session.learningRate(request, { steps: 12 }, options).result();
    expect(curve.learningRates.length).toBeLessThanOrEqual(12);

    const out = join(folder, "run");
    expect(await session.hasRun(out)).toBe(false);
    await expect(session.findRun(out)).rejects.toThrow("no such folder");
    // What a plan says repeats the training.
    await session.train({ ...values, data }, { ...options, out }).result();
    expect(await session.hasRun(out)).toBe(true);
    expect(await session.findRun(out)).toEqual({ path: out, kind: "sound", config });
    const again = await session.resume(out, values, options).result();
    expect(again).toMatchObject({ status: "finished", hasTrained: false });
  });

  it("inspects data", async () => {
    const data = join(await temporaryFolder(), "tones");
    await writeToneFolder(data, { clips: 3 });
    const kinds = new Set<string>();
    const inspection = await session
      .inspectData(data, { threads: 1, featureFolder: join(data, "..", "features"), seed: 3 })
      .listen(({ kind }) => void kinds.add(kind));
    expect(inspection).toMatchObject({ name: "tones", summary: { clips: 6 }, problems: [] });
    expect([...kinds]).toEqual(["preparing"]);
  });

  it("hands an error of whoever listens back, and stops", async () => {
    const folder = await temporaryFolder();
    await writeToneFolder(folder, { clips: 3 });
    const own = new AuricleError("argument", "the listener's own");
    let calls = 0;
    const failing = session
      .inspectData(folder, { threads: 1, featureFolder: join(folder, "f") })
      .listen(() => {
        calls++;
        throw own;
      });
    await expect(failing).rejects.toBe(own);
    expect(calls).toBe(1);
  });

  it("keeps the seeds that are done where the next is stopped while its data are read", async () => {
    const folder = await temporaryFolder();
    const data = join(folder, "tones");
    await writeToneFolder(data, { clips: 6 });
    const request: TrainRequest = { data, model: "notebook", window: 0.1, epochs: 1, target: "wasm" };
    const out = join(folder, "seeds");
    const training = session.trainSeeds(request, 2, { threads: 1, featureFolder: join(folder, "f"), out });
    const outcome = training.listen((event) => {
      if (event.kind === "note" && event.text === "Seed 1: 2 of 2") training.stop();
    });
    expect(await outcome).toEqual({
      status: "interrupted",
      path: join(out, "seed-1"),
      epochsDone: 0,
      epochs: 1,
      seeds: { path: out, done: 1, of: 2 },
    });
  });
});
