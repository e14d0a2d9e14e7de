import { expect, it } from "vitest";
import { openedFolders, openFiles, type ReadableFolder } from "./opened-files-browser.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** All files below a folder with their contents. */
async function contentsOf(folder: ReadableFolder, prefix = ""): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const [name, kind] of folder.entries()) {
    if (kind === "file") found[prefix + name] = await (await folder.file(name)).text();
    else Object.assign(found, await contentsOf(await folder.folder(name), `${prefix}${name}/`));
  }
  return found;
}

it("files are found below the folder they are opened in, in folders as their paths say", async () => {
  const files = [
    { path: "list.csv", file: bytes("path,label") },
    { path: "kick/a.wav", file: new File(["a"], "other name") },
    { path: "kick/deep/b.wav", file: new Blob(["b"]) },
  ];
  expect(openFiles("drums", files)).toBe("/opened/drums");
  expect(await contentsOf(await openedFolders.folder("drums"))).toEqual({
    "list.csv": "path,label",
    "kick/a.wav": "a",
    "kick/deep/b.wav": "b",
  });
});

it("files that are opened under a name take the place of those before", async () => {
  openFiles("same", [{ path: "a", file: bytes("1") }]);
  openFiles("same", [{ path: "b", file: bytes("2") }]);
  expect(await contentsOf(await openedFolders.folder("same"))).toEqual({ b: "2" });
});

it("what there is not has the system's code", async () => {
  openFiles("one", [{ path: "folder/file", file: bytes("") }]);
  await expect(openedFolders.folder("two")).rejects.toMatchObject({ code: "ENOENT" });
  const one = await openedFolders.folder("one");
  await expect(one.file("none")).rejects.toMatchObject({ code: "ENOENT" });
  await expect(one.file("folder")).rejects.toMatchObject({ code: "EISDIR" });
  await expect((await one.folder("folder")).folder("file")).rejects.toMatchObject({ code: "ENOTDIR" });
});

it.each([["/a"], ["a/"], ["a//b"], ["../a"], ["."], [""]])("a path %j is refused", (path) => {
  expect(() => openFiles("x", [{ path, file: bytes("") }])).toThrow("each needs a path below its folder");
});

it.each([
  ["twice", ["a", "a"]],
  ["as a file and as a folder", ["a", "a/b"]],
])("a path that is there %s is refused", (_, paths) => {
  const files = paths.map((path) => ({ path, file: bytes("") }));
  expect(() => openFiles("x", files)).toThrow("each needs a path below its folder");
});

it.each(["", "..", "a/b"])("a name %j is refused", (name) => {
  expect(() => openFiles(name, [])).toThrow("each needs a path");
});
