import { describe, expect, it } from "vitest";
import { readLabels } from "./list-labels.ts";
import { SOUND_WORDS } from "./words.ts";

const cellsOf = (values: readonly unknown[]) => values.map((value, i) => ({ where: `line ${i + 2}`, value }));

const read = (values: readonly unknown[]) => readLabels("list.csv", cellsOf(values), undefined, SOUND_WORDS);

/** 60 values that are nearly all different. */
const sixty = (text: (i: number) => string) => Array.from({ length: 60 }, (_, i) => text(i));

describe("labels that are numbers as spreadsheets write them", () => {
  it("are learnt as numbers, with a note", () => {
    const { task, rows, notes } = read(sixty((i) => `${i % 7},${i + 10}`));
    expect(task).toBe("regression");
    expect(rows[1].numbers).toEqual([1.11]);
    expect(notes).toEqual([expect.stringMatching(/^In the column of labels, .* decimal commas/)]);
  });

  it.each([
    [sixty((i) => `${i + 1},${100 + i}`), 'list.csv: line 2: "1,100" may be 1100 or 1.1'],
    [
      sixty((i) => (i === 40 ? "3,5" : `${i}.5`)),
      'list.csv: line 42: "3,5" is not written as "0.5" in line 2 is',
    ],
    [
      sixty((i) => (i === 7 ? "n/a" : `${i}.5`)),
      'list.csv: line 9: the label "n/a" is not a number, unlike 59 of the 60',
    ],
    [sixty((i) => (i === 7 ? "" : `${i}`)), "list.csv: line 9: the label is empty"],
    [sixty((i) => (i % 2 ? `${i}` : `${i} bpm`)), 'line 3: "1" has a different unit from "0 bpm" in line 2'],
    [sixty((i) => `${i}.5;${i}.25`), 'list.csv: line 2: "0.5;0.25" holds several numbers'],
    [sixty((i) => `${i}:30`), "list.csv: the labels make 60 classes of 60 rows"],
    [
      sixty((i) => `title ${i % 50}`),
      "50 classes of 60 rows, and 40 rows are the only ones of their class, first line 12",
    ],
  ])("or refused with the line: %j", (values, message) => {
    expect(() => read(values)).toThrow(message);
  });

  it("are classes where they are told to be", () => {
    const values = sixty((i) => `title ${i}`);
    expect(readLabels("list.csv", cellsOf(values), "classification", SOUND_WORDS).rows[5]).toEqual({
      labels: ["title 5"],
    });
    expect(readLabels("list.csv", cellsOf(["1,5", "2,5"]), "classification", SOUND_WORDS).rows[0]).toEqual({
      labels: ["1,5"],
    });
  });

  it("are refused in a regression that cannot read them", () => {
    expect(() => readLabels("list.csv", cellsOf(["1,234", "12"]), "regression", SOUND_WORDS)).toThrow(
      /line 2: "1,234" may be/,
    );
    expect(readLabels("list.csv", cellsOf(["3 Hz", "4 Hz"]), "regression", SOUND_WORDS).rows[1]).toEqual({
      numbers: [4],
    });
  });
});

describe("labels that are names of classes", () => {
  it.each([
    // Digits and something else: spoken digits and noise.
    [sixty((i) => ["0", "1", "2", "3", "noise"][i % 5]), 5, 0],
    [sixty((i) => ["440 Hz", "880 Hz"][i % 2]), 2, 1],
    [sixty((i) => ["1.2.1", "1.2.2"][i % 2]), 2, 1],
    [sixty((i) => ["1st", "2nd", "3rd"][i % 3]), 3, 0],
    // 19 rows say too little.
    [sixty((i) => `x${i}`).slice(0, 19), 19, 0],
  ])("stay so: %j", (values, classes, notes) => {
    const labels = read(values);
    expect(labels.task).toBe("classification");
    expect(new Set(labels.rows.flatMap((row) => row.labels ?? [])).size).toBe(classes);
    expect(labels.notes).toHaveLength(notes);
  });
});

it("shows deep values shortened", () => {
  const deep: unknown = JSON.parse("[".repeat(10_000) + "]".repeat(10_000));
  expect(() => readLabels("list.json", cellsOf([deep, "x"]), "classification", SOUND_WORDS)).toThrow(
    "line 2: the label must be the name of a class; got [[[…]]]",
  );
  expect(() =>
    readLabels("list.json", cellsOf([{ a: deep, b: "y".repeat(100) }, "x"]), "classification", SOUND_WORDS),
  ).toThrow(`got {"a":[[…]],"b":"${"y".repeat(83)}…`);
});
