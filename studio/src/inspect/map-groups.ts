/** @file The groups by which the points of a map can be coloured: folders, classes, a tag, a number. */
import type { FileMap } from "auricle/session";
import { short } from "../figures/numbers.ts";
import type { SetExample } from "./example-set.ts";
import { answerOf, THRESHOLD } from "./tested.ts";

/** A division of the points of a map into groups. */
export interface Grouping {
  readonly key: string;
  /** "true class" */
  readonly text: string;
  /** The names of the groups by their places. */
  readonly names: readonly string[];
  /** The group of each point; undefined: none. */
  readonly groups: readonly (number | undefined)[];
}

/** A point of a map: the example and the model's answer to it. */
export interface MapPoint {
  readonly example: Pick<SetExample, "folder" | "truth">;
  readonly outputs: ArrayLike<number>;
}

/** The divisions that tell something, the best first. */
export function groupingsOf(
  { task, classNames }: Pick<FileMap, "task" | "classNames">,
  points: readonly MapPoint[],
): readonly Grouping[] {
  const hasTruth = points.every(({ example }) => example.truth !== undefined);
  const found: Grouping[] = [];
  const folders = [...new Set(points.flatMap(({ example: { folder } }) => folder ?? []))].sort();
  if (folders.length > 1) {
    const groups = points.map(({ example: { folder } }) =>
      folder === undefined ? undefined : folders.indexOf(folder),
    );
    // Folders that are named as classes have their colours.
    const isClasses = folders.every((folder) => classNames.includes(folder));
    found.push({
      key: "folder",
      text: "folder",
      names: isClasses ? classNames : folders,
      groups: isClasses
        ? groups.map((group) => (group === undefined ? undefined : classNames.indexOf(folders[group])))
        : groups,
    });
  }
  const truthOf = ({ example: { truth = [] } }: MapPoint, output: number) => truth[output];
  if (task === "classification") {
    if (hasTruth) {
      const groups = points.map((point) => truthOf(point, 0));
      found.push({ key: "truth", text: "true class", names: classNames, groups });
    }
    const groups = points.map(({ outputs }) => answerOf({ outputs: Array.from(outputs) }));
    found.push({ key: "answer", text: "answered class", names: classNames, groups });
    return found;
  }
  const by = task === "tagging" ? tagGroups : thirds;
  const numbers = classNames.map((name, output) => {
    const values = points.map((point) => (hasTruth ? truthOf(point, output) : point.outputs[output]));
    return { key: `${output}`, text: `${hasTruth ? "true" : "answered"} ${name}`, ...by(name, values) };
  });
  return [...found, ...numbers];
}

function tagGroups(name: string, values: readonly number[]): Pick<Grouping, "names" | "groups"> {
  return { names: [`not ${name}`, name], groups: values.map((value) => (value >= THRESHOLD ? 1 : 0)) };
}

/** Three groups of about as many points each. */
function thirds(_name: string, values: readonly number[]): Pick<Grouping, "names" | "groups"> {
  const rising = [...values].sort((a, b) => a - b);
  const [low, high] = [1, 2].map((third) => rising[Math.floor((third * rising.length) / 3)]);
  return {
    names: [`below ${short(low)}`, `${short(low)} to ${short(high)}`, `from ${short(high)} on`],
    groups: values.map((value) => (value < low ? 0 : value < high ? 1 : 2)),
  };
}
