import { describe, expect, it } from "vitest";
import type { RecordingPrediction } from "../runs/index.ts";
import { showRecording } from "./recording-prediction.ts";
import { Terminal } from "./terminal.ts";
import { FakeStream } from "./testing/fake-stream.ts";

const floats = (...values: number[]) => Float32Array.from(values);

const BASE: RecordingPrediction = {
  path: "a b.mp3",
  seconds: 125,
  isSilent: false,
  task: "classification",
  classNames: ["blues", "rock"],
  outputs: floats(0.25, 0.75),
  windows: [{ start: 0, end: 125, outputs: floats(0.25, 0.75) }],
};

function shown(prediction: RecordingPrediction, options: { top?: number; json?: boolean } = {}): string[] {
  const out = new FakeStream();
  showRecording(new Terminal(out, new FakeStream()), { top: 3, ...options })(prediction);
  return out.lines;
}

describe("what is shown of a recording", () => {
  it("is its class, and the classes from the most probable on", () => {
    expect(shown(BASE)).toEqual([
      "a b.mp3 (2:05 min): rock",
      "  rock    75.0 %  █████████",
      "  blues   25.0 %  ███",
    ]);
    expect(shown(BASE, { top: 1 })).toHaveLength(2);
  });

  it("is that it is silent, whatever the task", () => {
    const silent = { ...BASE, isSilent: true };
    const said = (what: string) =>
      `  Silent (nothing above -60 dBFS): the prediction, ${what}, is meaningless.`;
    expect(shown(silent)).toEqual(["a b.mp3 (2:05 min): silence", said("rock")]);
    expect(shown({ ...silent, task: "tagging" })).toEqual(["a b.mp3 (2:05 min): silence", said("rock")]);
    expect(shown({ ...silent, task: "regression" })[1]).toBe(said("blues 0.25000, rock 0.75000"));
    const [json] = shown({ ...silent, task: "tagging" }, { json: true }).map(
      (line) => JSON.parse(line) as object,
    );
    expect(json).toMatchObject({ silent: true, tags: [], probabilities: { blues: 0.25, rock: 0.75 } });
  });

  it("is how the probabilities change over time", () => {
    const windows = [0, 0.5, 0.99, 1].map((value, i) => ({
      start: i,
      end: i + 1,
      outputs: floats(1 - value, value),
    }));
    expect(shown({ ...BASE, windows })[1]).toBe("  rock    75.0 %  █████████     ▁▅██");
  });

  it("is as wide as the terminal however long recording and names are", () => {
    const windows = Array.from({ length: 3000 }, (_, i) => ({
      start: i,
      end: i + 1,
      outputs: floats(i % 2, 1 - (i % 2)),
    }));
    const lines = shown({ ...BASE, classNames: ["blues", "r".repeat(40)], windows });
    expect([...lines[1]].length).toBe(80);
    expect(lines[1]).toContain(`${"r".repeat(19)}…`);
    // Neighbours are averaged: of 0 and 1 by turns, about a half.
    expect(lines[1]).toMatch(/ [▄▅]+$/);
  });

  it("is the tags from a probability of a half on, or that there is none", () => {
    const tagging = { ...BASE, task: "tagging" } as const;
    expect(shown({ ...tagging, outputs: floats(0.5, 0.9) })[0]).toBe("a b.mp3 (2:05 min): rock, blues");
    expect(shown({ ...tagging, outputs: floats(0.49, 0.1) })[0]).toBe("a b.mp3 (2:05 min): no tag");
  });

  it("is numbers alone in a regression", () => {
    const lines = shown({ ...BASE, task: "regression", outputs: floats(123.456789, -0.5) });
    expect(lines).toEqual(["a b.mp3 (2:05 min): blues 123.46, rock -0.50000"]);
  });
});

describe("a recording as JSON", () => {
  const json = (prediction: RecordingPrediction) =>
    JSON.parse(shown(prediction, { json: true }).join("")) as Record<string, unknown>;

  it("has the class and all probabilities, by window too", () => {
    expect(json(BASE)).toEqual({
      event: "prediction",
      source: "a b.mp3",
      seconds: 125,
      class: "rock",
      probabilities: { blues: 0.25, rock: 0.75 },
      windows: [{ start: 0, end: 125, probabilities: { blues: 0.25, rock: 0.75 } }],
    });
  });

  it("has tags or numbers instead of a class", () => {
    const tagged = json({ ...BASE, task: "tagging" });
    expect(tagged).toMatchObject({ tags: ["rock"], probabilities: { blues: 0.25 } });
    expect(tagged).not.toHaveProperty("class");
    const numbers = json({ ...BASE, task: "regression" });
    expect(numbers).toMatchObject({ values: { blues: 0.25, rock: 0.75 }, windows: [{ values: {} }] });
    expect(numbers).not.toHaveProperty("probabilities");
  });
});
