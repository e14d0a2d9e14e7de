/** @file A folder that the user has chosen (showDirectoryPicker), as the store of a browser reads it. */

import { expect, it } from "vitest";
import { openFiles } from "./opened-files-browser.ts";
import { store } from "./store-browser.ts";
import { PickedFolder } from "./testing/picked-folder.ts";

const FILES = { "list.csv": "path,label", kick: { "1.wav": "one", deep: { "2.wav": "two" } } };

const text = async (path: string) => new TextDecoder().decode(await store.read(path));

it("is found with all that is below it", async () => {
  const path = openFiles("drums", new PickedFolder("my drums", FILES));
  expect(path).toBe("/opened/drums");
  expect(await store.list(path)).toEqual([
    { name: "list.csv", kind: "file" },
    { name: "kick", kind: "folder" },
  ]);
  expect(await text(`${path}/list.csv`)).toBe("path,label");
  expect(await text(`${path}/kick/deep/2.wav`)).toBe("two");
  const file = await store.open(`${path}/kick/1.wav`);
  expect(new TextDecoder().decode(await file.read(1, 2))).toBe("ne");
  await expect(store.look(`${path}/kick`)).resolves.toMatchObject({ kind: "folder" });
  await expect(store.look(`${path}/kick/1.wav`)).resolves.toMatchObject({ kind: "file", bytes: 3 });
});

it("fails with the system's codes", async () => {
  const folder = new PickedFolder("drums", FILES);
  const path = openFiles("failing", folder);
  await expect(store.read(`${path}/none.wav`)).rejects.toMatchObject({ code: "ENOENT" });
  await expect(store.read(`${path}/kick`)).rejects.toMatchObject({ code: "EISDIR" });
  await expect(store.list(`${path}/list.csv`)).rejects.toMatchObject({ code: "ENOTDIR" });
  await expect(store.writeAtomic(`${path}/new`, "x")).rejects.toMatchObject({ code: "EROFS" });
  folder.isRevoked = true;
  await expect(store.list(path)).rejects.toMatchObject({ code: "EACCES" });
  await expect(store.read(`${path}/list.csv`)).rejects.toMatchObject({ code: "EACCES" });
});
