import { expect, it } from "vitest";
import { SOUND_WORDS } from "../data/collection/words.ts";
import { noteKnown } from "./run-notes.ts";

it("says in a line how many clips the first weights know", () => {
  const transfer = { from: "/runs/a", how: "frozen" };
  const known = { train: 3, validation: 2 };
  expect(noteKnown({ transfer }, { known, leaks: [] }, SOUND_WORDS)).toEqual([
    "The weights of /runs/a were trained on 3 of these clips and selected on 2: none of them is in the test part.",
  ]);
  const leak = { kind: "known" as const, what: "a", clips: { train: 1, validation: 0, test: 1 } };
  expect(noteKnown({ transfer }, { known, leaks: [leak] }, SOUND_WORDS)[0]).toContain(
    "some of them are in the test part",
  );
  expect(noteKnown({ transfer: null }, { leaks: [] }, SOUND_WORDS)).toEqual([]);
});
