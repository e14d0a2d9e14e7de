/** @file Which examples an epoch has, where each class is to be in it equally often. Browser-safe. */

import { deriveKey, Generator } from "../random/generator.ts";

/** Which example is at each place of an epoch, and the how manieth time in this epoch, counted from 0. */
export interface Schedule {
  exampleOf(place: number): number;
  turnOf(place: number): number;
  beginEpoch?(epoch: number): void;
}

/**
 * Each class that has examples equally often, to within one: place i has an example of class i modulo the number of classes.
 * Within a class the examples take turns, in another random order each time round.
 * @param labels the class index of each example
 * @param length the number of places in an epoch
 */
export function balancedSchedule(labels: readonly number[], length: number, seed: number): Schedule {
  const classes = [...new Set(labels)].sort((a, b) => a - b);
  const members = classes.map((label) =>
    labels.flatMap((other, example) => (other === label ? [example] : [])),
  );
  const examples = new Uint32Array(length);
  const turns = new Uint32Array(length);
  const beginEpoch = (epoch: number) => {
    members.forEach((list, position) => {
      let order: number[] = [];
      for (let i = position, turn = 0; i < length; i += classes.length, turn++) {
        const round = Math.floor(turn / list.length);
        const place = turn % list.length;
        if (place === 0) {
          order = new Generator(deriveKey(seed, "balance", epoch, classes[position], round)).shuffle([
            ...list,
          ]);
        }
        examples[i] = order[place];
        turns[i] = round;
      }
    });
  };
  beginEpoch(0);
  return { exampleOf: (place) => examples[place], turnOf: (place) => turns[place], beginEpoch };
}
