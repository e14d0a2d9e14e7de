import { expect, it } from "vitest";
import { classScores } from "./classification.ts";
import { classification, clip } from "./testing/example-report.ts";

it("macro means leave out a class that is neither a label nor a prediction, as macro-F1 does", () => {
  // Blues is right once in two, rock in one of two; there is no classical music.
  const clips = [
    clip("a.wav", 0, [0.9, 0, 0.1]),
    clip("b.wav", 0, [0.2, 0, 0.8]),
    clip("c.wav", 2, [0.1, 0, 0.9]),
  ];
  const { text } = classScores(classification("Test", clips));
  const [, footer] = text.split("<tfoot>");
  // Precision (1 + 1/2) / 2, recall (1/2 + 1) / 2.
  expect(footer.match(/0\.\d{3}(?=<)/g)?.slice(0, 2)).toEqual(["0.750", "0.750"]);
});
