import { expect, it } from "vitest";
import { AuricleError } from "../errors.ts";
import { fileError } from "./atomic-file.ts";
import { problemOf } from "./file-problem.ts";

const gone = Object.assign(new Error("ENOENT: no such file or directory, open '/a/b.png'"), {
  code: "ENOENT",
});

it.each([
  ["a decoder's message", new AuricleError("file", "/a/b.png: cut off"), "cut off"],
  ["one with the file's name alone", new Error("b.png: cut off"), "cut off"],
  [
    "one of the file system",
    fileError("read", "/a/b.png", gone),
    "cannot read it: no such file or folder: check the path, and that its folder exists (ENOENT)",
  ],
  ["one that names another file", new Error("/a/c.png: cut off"), "/a/c.png: cut off"],
  ["one that names none", new Error("odd"), "odd"],
])("%s", (_, error, problem) => {
  expect(problemOf("/a/b.png", error)).toBe(problem);
});
