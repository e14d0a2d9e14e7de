import { env } from "node:process";
import { afterEach, expect, it } from "vitest";
import { widthOf } from "./terminal.ts";
import { FakeStream } from "./testing/fake-stream.ts";

const { COLUMNS } = env;

afterEach(() => {
  env.COLUMNS = COLUMNS;
});

it.each([
  ["", 80],
  ["120", 120],
  ["12", 40],
  ["wide", 80],
])("takes COLUMNS=%s for the width of a pipe: %d", (columns, width) => {
  env.COLUMNS = columns;
  expect(widthOf(new FakeStream())).toBe(width);
});

it("asks a terminal itself", () => {
  env.COLUMNS = "120";
  expect(widthOf(new FakeStream(undefined, { isTTY: true, columns: 100 }))).toBe(100);
});
