/** @file A model's answer for one recording, in names. */

import { order, tagsOf, type ChooseTags, type RecordingPrediction } from "../runs/index.ts";

type Answer = Pick<RecordingPrediction, "task" | "classNames" | "outputs">;

/** Chooses so many tags, the most probable first, however probable they are. */
export function highestTags(count: number): ChooseTags {
  return ({ classNames, outputs }) =>
    order(outputs)
      .slice(0, count)
      .map((tag) => classNames[tag]);
}

/** The answer in words: the class, the tags from the most probable on, or the numbers with their names. */
export function answerOf(answer: Answer, chooseTags: ChooseTags = tagsOf): string {
  const { task, classNames, outputs } = answer;
  if (task === "classification") return classNames[order(outputs)[0]];
  if (task === "regression") {
    return classNames.map((name, index) => `${name} ${outputs[index].toPrecision(5)}`).join(", ");
  }
  const chosen = chooseTags(answer);
  const names = order(outputs).map((tag) => classNames[tag]);
  return chosen.length === 0 ? "no tag" : names.filter((name) => chosen.includes(name)).join(", ");
}
