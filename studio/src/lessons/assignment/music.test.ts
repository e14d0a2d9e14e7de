import { expect, it } from "vitest";
import { leakOf, partsOf, sharesOf } from "./material.ts";
import { MUSIC } from "./music.ts";

const { classNames, excerpts } = MUSIC;

it.each(["tracks", "excerpts"] as const)("gives each part as many excerpts of each style: %s", (split) => {
  const parts = partsOf(MUSIC, split);
  expect(parts.size).toBe(excerpts.length);
  classNames.forEach((_, label) => {
    const own = excerpts.filter((one) => one.label === label);
    const sizes = ["train", "validation", "test"].map(
      (part) => own.filter(({ path }) => parts.get(path) === part).length,
    );
    expect(sizes).toEqual([12, 4, 6]);
  });
});

it("leaks by excerpts, and not by tracks", () => {
  expect(leakOf(MUSIC, "tracks")).toEqual({ leaked: 0, of: 60 });
  expect(leakOf(MUSIC, "excerpts").leaked).toBeGreaterThan(10);
});

it("gives each part at least one of three tracks, and shares out more of them as 6 : 2 : 3", () => {
  expect(sharesOf(3)).toEqual({ train: 1, validation: 1, test: 1 });
  expect(sharesOf(11)).toEqual({ train: 6, validation: 2, test: 3 });
  expect(sharesOf(110)).toEqual({ train: 60, validation: 20, test: 30 });
});
