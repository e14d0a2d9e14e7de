/** @file Worker threads that prepare pictures, with the sources built to JavaScript. */

import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execPath } from "node:process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PICTURES } from "../../../image/testing/pictures.ts";
import { buildSources, removeSources } from "../../audio/features/testing/built-sources.ts";
import { temporaryFolder } from "../../testing/temporary-folder.ts";

let sources = "";

const ENTRY = "data/images/pixels/prepare-pixels";

beforeAll(async () => {
  sources = await buildSources(`${ENTRY}.ts`);
}, 60_000);

afterAll(() => removeSources(sources));

/** All pictures of the fixtures, of every format; one that is cut short, one that is no picture, and one that is not there. */
async function pictures(): Promise<{ readonly id: string; readonly path: string }[]> {
  const folder = await temporaryFolder();
  const contents = [
    ...PICTURES.map(({ bytes }) => bytes),
    PICTURES[0].bytes.subarray(0, 40),
    Buffer.from("none"),
  ];
  const written = contents.map(async (bytes, i) => {
    const path = join(folder, `${i}.png`);
    await writeFile(path, bytes);
    return { id: `${i}`, path };
  });
  return [...(await Promise.all(written)), { id: "gone", path: join(folder, "gone.png") }];
}

/** Prepares pictures in a process of its own, with the built sources. Pixels and findings come back, with the threads that were started. */
async function prepared(
  files: readonly { readonly id: string; readonly path: string }[],
  options: { readonly threads: number; readonly cacheFolder: string; readonly memoryLimit?: number },
): Promise<Record<string, unknown>> {
  const file = join(await temporaryFolder(), "main.mjs");
  await writeFile(
    file,
    `import { createHash } from "node:crypto";
    import { preparePixels } from ${JSON.stringify(join(sources, `${ENTRY}.js`))};
    const files = ${JSON.stringify(files)};
    let last;
    const store = await preparePixels(files, {
      ...${JSON.stringify(options)},
      width: 24,
      height: 20,
      onProgress: (progress) => (last = progress),
    });
    console.log(JSON.stringify({
      ids: store.pictures.map(({ id }) => id),
      pixels: store.pictures.map((one) => createHash("sha256").update(store.read(one)).digest("hex")),
      contents: store.pictures.map((one) => store.content(one)),
      measurements: store.pictures.map((one) => store.measurement(one)),
      problems: store.problems,
      warnings: store.warnings,
      last,
    }));`,
  );
  const { stdout } = await promisify(execFile)(execPath, [file], { timeout: 50_000 });
  return JSON.parse(stdout) as Record<string, unknown>;
}

it("find the same pixels, measurements and problems, in the same order, however many they are", async () => {
  const files = await pictures();
  const folder = await temporaryFolder();
  const caches = [1, 2, 3].map((threads) => join(folder, `cache${threads}`));
  const results = await Promise.all(
    caches.map((cacheFolder, i) => prepared(files, { threads: i + 1, cacheFolder })),
  );
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
  expect(results[0]).toMatchObject({ last: { done: files.length, total: files.length, cached: 0 } });
  expect(results[0].problems).toHaveLength(3);
  // And the files of the cache are the same, byte for byte.
  const names = (await readdir(caches[0])).sort();
  expect(names).toHaveLength(PICTURES.length);
  for (const other of caches.slice(1)) {
    expect((await readdir(other)).sort()).toEqual(names);
    for (const name of names) {
      const bytes = await readFile(join(caches[0], name));
      expect(bytes.equals(await readFile(join(other, name)))).toBe(true);
    }
  }
  // What one thread has kept is what three find, in memory and from the files.
  for (const memoryLimit of [undefined, 1]) {
    const again = await prepared(files, { threads: 3, cacheFolder: caches[0], memoryLimit });
    expect(again).toEqual({
      ...results[0],
      last: { ...(results[0].last as object), cached: PICTURES.length },
    });
  }
});
