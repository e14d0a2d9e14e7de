import { expect, it } from "vitest";
import { ApiKeys, keysInText } from "./api-keys.ts";

const KEY = "0123456789abcdef";

it("a key is taken from either header, and nothing else is", () => {
  const keys = new ApiKeys([KEY, `${KEY}2`]);
  expect(keys.allows({ authorization: `Bearer ${KEY}` })).toBe(true);
  expect(keys.allows({ authorization: `bearer  ${KEY}2` })).toBe(true);
  expect(keys.allows({ apiKey: `${KEY}2` })).toBe(true);
  for (const given of [
    {},
    { authorization: KEY },
    { authorization: "Bearer " },
    { apiKey: "" },
    { apiKey: `${KEY}3` },
  ]) {
    expect(keys.allows(given)).toBe(false);
  }
  expect(new ApiKeys([]).allows({})).toBe(true);
});

it.each(["short", "with a space in the middle", "äääääääääääääääääää"])("%j is no key", (key) => {
  expect(() => new ApiKeys([key])).toThrow(/API key has 16 or more/);
});

it("a file has keys by line, and comments", () => {
  expect(keysInText(`# ours\n${KEY}\r\n\n  ${KEY}2  # theirs\n`)).toEqual([KEY, `${KEY}2`]);
});
