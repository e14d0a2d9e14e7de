/** @file The two data sets of the lesson, by name: what they show, and how much of them is used. */

export type DataName = "digits" | "fashion";

/** Pictures that are learned from in a round, and tested with after it. */
export const TRAINING = 10_000;
export const TESTS = 1000;

export const CLASS_NAMES: Readonly<Record<DataName, readonly string[]>> = {
  digits: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
  fashion: [
    "T-shirt",
    "trousers",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
  ],
};

/** The pictures in words, more than one of them. */
export const PICTURES: Readonly<Record<DataName, string>> = { digits: "digits", fashion: "clothes" };
