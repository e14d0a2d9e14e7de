/** @file Data sets as the app gets them: the list of those that are here, their files, and nothing else. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import type { DatasetLocation } from "../../data/index.ts";
import { reasonOf, startStudio } from "./testing/studio-server.ts";

const NAMES = ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"];

/** A location whose files hold their own names; those that are `missing` are not there. */
async function located(missing: readonly string[] = []): Promise<() => Promise<DatasetLocation>> {
  const folder = await temporaryFolder();
  for (const name of [...NAMES, "secret.txt"]) await writeFile(join(folder, name), name);
  const fileOf = (name: string) => ({ name, roles: [], urls: [], bytes: 0, sha256: "", copies: [] });
  return () =>
    Promise.resolve({
      name: "fashion-mnist",
      folders: [folder],
      files: NAMES.map((name) => ({
        file: fileOf(name),
        path: missing.includes(name) ? undefined : join(folder, name),
        rejected: [],
      })),
    });
}

it("lists a data set with its files once all of them are here, and sends them", async () => {
  const studio = await startStudio({}, undefined, await located());
  const list = await studio.ask("/datasets/index.json");
  expect(JSON.parse(list.body.toString())).toEqual({ datasets: [{ name: "fashion-mnist", files: NAMES }] });
  const file = await studio.ask(`/datasets/fashion-mnist/${NAMES[0]}`);
  expect(file.status).toBe(200);
  expect(file.headers["content-type"]).toBe("application/octet-stream");
  expect(file.body.toString()).toBe(NAMES[0]);
});

it("lists none of which a file is missing", async () => {
  const studio = await startStudio({}, undefined, await located([NAMES[1]]));
  const list = await studio.ask("/datasets/index.json");
  expect(JSON.parse(list.body.toString())).toEqual({ datasets: [] });
  expect((await studio.ask(`/datasets/fashion-mnist/${NAMES[1]}`)).status).toBe(404);
});

it.each([
  "/datasets",
  "/datasets/",
  "/datasets/fashion-mnist",
  "/datasets/fashion-mnist/",
  "/datasets/fashion-mnist/secret.txt",
  "/datasets/fashion-mnist/..%2fsecret.txt",
  "/datasets/fashion-mnist/../secret.txt",
  `/datasets/fashion-mnist/${NAMES[0]}/more`,
  "/datasets/mnist/train-images-idx3-ubyte.gz",
  "/datasets/index.json/more",
])("answers %s with 404", async (address) => {
  const studio = await startStudio({}, undefined, await located());
  const answer = await studio.ask(address);
  expect(answer.status).toBe(404);
  expect(reasonOf(answer)).toBe("the studio has no such file of a data set");
});

it("looks on this machine, in the folder that AURICLE_DATA names first, and takes no file of another content", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, NAMES[0]), "something else");
  vi.stubEnv("AURICLE_DATA", folder);
  try {
    const studio = await startStudio();
    const answer = await studio.ask(`/datasets/fashion-mnist/${NAMES[0]}`);
    expect(answer.body.toString()).not.toContain("something else");
  } finally {
    vi.unstubAllEnvs();
  }
});
