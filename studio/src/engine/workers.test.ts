import { expect, it } from "vitest";
import { newestOf } from "./workers.ts";

/** Promises that the test settles one after the other. */
function controlled() {
  const settle: { resolve: (value: number) => void; reject: (error: unknown) => void }[] = [];
  const asked: number[] = [];
  const compute = (value: number) => {
    asked.push(value);
    return new Promise<number>((resolve, reject) => settle.push({ resolve, reject }));
  };
  return { settle, asked, compute };
}

function fail(error: unknown): never {
  throw new Error(`nothing fails here; got ${String(error)}`);
}

const turn = () => new Promise((resolve) => setTimeout(resolve));

it("leaves out requests between the one that runs and the newest", async () => {
  const { settle, asked, compute } = controlled();
  const shown: number[] = [];
  const ask = newestOf(compute, (result) => shown.push(result), fail);
  [1, 2, 3, 4].forEach((value) => ask(value));
  settle[0].resolve(1);
  await turn();
  expect(asked).toEqual([1, 4]);
  settle[1].resolve(4);
  await turn();
  expect(shown).toEqual([1, 4]);
});

it("shows answers also while requests keep coming", async () => {
  const { settle, compute } = controlled();
  const shown: number[] = [];
  const ask = newestOf(compute, (result) => shown.push(result), fail);
  ask(0);
  for (let i = 0; i < 5; i++) {
    ask(i + 1);
    settle[i].resolve(i);
    await turn();
  }
  expect(shown).toEqual([0, 1, 2, 3, 4]);
});

it("tells of an error unless something newer waits, and goes on after it", async () => {
  const { settle, compute } = controlled();
  const [shown, failed]: [number[], unknown[]] = [[], []];
  const ask = newestOf(
    compute,
    (result) => shown.push(result),
    (error) => failed.push(error),
  );
  ask(1);
  ask(2);
  settle[0].reject("old");
  await turn();
  expect(failed).toEqual([]);
  settle[1].reject("new");
  await turn();
  expect(failed).toEqual(["new"]);
  ask(3);
  settle[2].resolve(3);
  await turn();
  expect(shown).toEqual([3]);
});
