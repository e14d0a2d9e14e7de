import { appendFile, copyFile, mkdir, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../testing/temporary-folder.ts";
import { ContentIndex, fileState, hashContent } from "./content-index.ts";

// echo -n "hello" | sha256sum
const HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

/** Long after any change in a test. */
const LATER = () => Date.now() + 10_000;

async function indexWith(path: string) {
  const folder = join(await temporaryFolder(), "cache");
  const index = await ContentIndex.open(folder);
  index.learn(path, await fileState(path), await hashContent(path), LATER());
  await index.save();
  return { folder, index: await ContentIndex.open(folder) };
}

describe("the index of contents", () => {
  it("knows a file that has not changed", async () => {
    const path = join(await temporaryFolder(), 'näme\n"with" spaces.wav');
    await writeFile(path, "hello");
    const { index } = await indexWith(path);
    expect(index.find(path, await fileState(path))).toBe(HELLO);
    expect(index.find(`${path}2`, await fileState(path))).toBeUndefined();
  });

  it("does not trust a file that was touched, though its content may be the same", async () => {
    const path = join(await temporaryFolder(), "a.wav");
    await writeFile(path, "hello");
    const { index } = await indexWith(path);
    await utimes(path, new Date(), new Date(1e12));
    expect(index.find(path, await fileState(path))).toBeUndefined();
    expect(await hashContent(path)).toBe(HELLO);
  });

  it("notices other content of the same size under the old time of modification", async () => {
    const path = join(await temporaryFolder(), "a.wav");
    await writeFile(path, "hello");
    const { mtime, atime } = await stat(path);
    const { index } = await indexWith(path);
    await writeFile(path, "jello");
    await utimes(path, atime, mtime);
    expect(index.find(path, await fileState(path))).toBeUndefined();
  });

  it("does not remember what was hashed just after a change", async () => {
    const path = join(await temporaryFolder(), "a.wav");
    await writeFile(path, "hello");
    const folder = join(await temporaryFolder(), "cache");
    const index = await ContentIndex.open(folder);
    const state = await fileState(path);
    index.learn(path, state, HELLO, state.changed + 100);
    await index.save();
    expect((await ContentIndex.open(folder)).find(path, state)).toBeUndefined();
  });

  it("keeps what another process saved meanwhile", async () => {
    const [one, other] = [join(await temporaryFolder(), "1"), join(await temporaryFolder(), "2")];
    await writeFile(one, "hello");
    await copyFile(one, other);
    const folder = join(await temporaryFolder(), "cache");
    const [first, second] = [await ContentIndex.open(folder), await ContentIndex.open(folder)];
    first.learn(one, await fileState(one), HELLO, LATER());
    second.learn(other, await fileState(other), HELLO, LATER());
    await first.save();
    await second.save();
    const index = await ContentIndex.open(folder);
    expect(index.find(one, await fileState(one))).toBe(HELLO);
    expect(index.find(other, await fileState(other))).toBe(HELLO);
  });

  it.each(["", "{", "[]", '{"/a.wav":["1 2 3"]}', '{"/a.wav":3}'])(
    "a damaged file, %s, is begun anew",
    async (text) => {
      const folder = await temporaryFolder();
      await writeFile(join(folder, "contents.json"), text);
      const path = join(folder, "a.wav");
      await writeFile(path, "hello");
      const index = await ContentIndex.open(folder);
      expect(index.find(path, await fileState(path))).toBeUndefined();
      index.learn(path, await fileState(path), HELLO, LATER());
      await index.save();
      expect((await ContentIndex.open(folder)).find(path, await fileState(path))).toBe(HELLO);
    },
  );
});

describe("a file's state", () => {
  it("tells files from folders", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "sub.wav"));
    await appendFile(join(folder, "a.wav"), "hello");
    expect(await fileState(join(folder, "sub.wav"))).toMatchObject({ isFile: false });
    expect(await fileState(join(folder, "a.wav"))).toMatchObject({ isFile: true, bytes: 5 });
    await expect(fileState(join(folder, "b.wav"))).rejects.toThrow("ENOENT");
  });
});
