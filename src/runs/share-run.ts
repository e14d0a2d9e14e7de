/** @file A run that several processes train together: what they share, and what each checks before it begins. Browser-safe. */

import { sha256 } from "#here/io/sha256";
import { environment } from "#here/runs/environment";
import type { Example } from "../data/audio/index.ts";
import { compareRanks, HASH } from "../distributed/compare-ranks.ts";
import { shareOf, type Ranks } from "../distributed/ranks.ts";
import { AuricleError } from "../errors.ts";
import { chooseTarget, type TargetName } from "../runtime/target.ts";
import { AURICLE_VERSION } from "../version.ts";
import type { EvaluatedModel, ExampleEvaluations, ExampleStore, Job, WindowOutputs } from "./run-kind.ts";

/** Takes a share of things that each rank can do alone: every `size`th, since neighbours are often of one kind and length. */
export function everyNth<Thing>(
  things: readonly Thing[],
  { rank, size }: Pick<Ranks, "rank" | "size">,
): Thing[] {
  return things.filter((_, i) => i % size === rank);
}

/**
 * Lets each rank put its share of the prepared data into the cache, and waits for all: afterwards each finds everything there, or, where
 * machines have caches of their own, prepares the rest.
 * @param prepare prepares some examples; those that cannot be used are told later, when all are prepared
 */
export async function prepareShare<One>(
  ranks: Ranks | undefined,
  examples: readonly One[],
  prepare: (share: readonly One[]) => Promise<unknown>,
): Promise<void> {
  if (!ranks || ranks.size === 1) return;
  const share = everyNth(examples, ranks);
  if (share.length > 0) {
    await prepare(share).catch((error: unknown) => {
      if (!(error instanceof AuricleError)) throw error;
    });
  }
  await ranks.barrier("preparing the data");
}

/** The facts that must be the same on all ranks, whatever they train. @throws AuricleError "unsupported" where the target does not run here */
export function processFacts(wanted: TargetName | undefined): Record<string, string> {
  const versions = Object.entries(environment.versions);
  return {
    "Auricle's version": AURICLE_VERSION,
    ...Object.fromEntries(versions.map(([name, version]) => [`the version of ${name}`, String(version)])),
    "the kind of machine code (--target)": chooseTarget(wanted),
  };
}

/** @throws AuricleError "argument", on all ranks, naming the first that has other versions, data or options than rank 0. */
export async function compareRuns(ranks: Ranks | undefined, job: Omit<Job, "path">): Promise<void> {
  if (!ranks) return;
  const { config, parts, store, engine } = job;
  const hashOf = (what: unknown) => HASH + sha256().update(JSON.stringify(what)).digest();
  const contents = (examples: readonly Example[]) => examples.map((one) => [one.id, store.content(one)]);
  await compareRanks(ranks, {
    ...processFacts(engine.target),
    "the data": hashOf([contents(parts.train), contents(parts.validation), contents(parts.test)]),
    "the options of the run": hashOf(config),
  });
}

/** An evaluation as it goes from rank to rank: numbers of float32 lose nothing in JSON. */
interface SentEvaluation {
  readonly examples: readonly (readonly [
    index: number,
    outputs: readonly number[],
    windows: readonly (readonly [start: number, end: number, outputs: readonly number[]])[],
  ])[];
  readonly silent: number;
  /** The sum of the losses of so many inputs. */
  readonly loss: number;
  readonly inputs: number;
  readonly milliseconds: number;
}

/** Evaluates examples as the job's kind does, each rank a share of them. @throws as {@link RunKind.evaluate} */
export async function evaluateShared(
  { kind, ranks }: Pick<Job, "kind" | "ranks">,
  model: EvaluatedModel,
  store: ExampleStore,
  examples: readonly Example[],
): Promise<ExampleEvaluations> {
  if (!ranks || ranks.size === 1) return kind.evaluate(model, store, examples);
  const { start, count } = shareOf(examples.length, ranks);
  const own = count > 0 ? await kind.evaluate(model, store, examples.slice(start, start + count)) : NOTHING;
  const numbers = new Map(examples.map((example, i) => [example, i]));
  const inputs = own.examples.reduce((sum, { windows }) => sum + Math.max(1, windows.length), 0);
  const sent: SentEvaluation = {
    examples: own.examples.map(({ example, outputs, windows }) => [
      numbers.get(example) ?? -1,
      Array.from(outputs),
      windows.map((one) => [one.start, one.end, Array.from(one.outputs)]),
    ]),
    silent: own.silent,
    loss: inputs === 0 ? 0 : own.loss * inputs,
    inputs,
    milliseconds: own.milliseconds,
  };
  const all = await ranks.gather(new TextEncoder().encode(JSON.stringify(sent)), "the evaluation");
  return joined(
    all.map((bytes) => JSON.parse(new TextDecoder().decode(bytes)) as SentEvaluation),
    examples,
  );
}

const NOTHING: ExampleEvaluations = { examples: [], silent: 0, loss: 0, milliseconds: 0 };

function joined(parts: readonly SentEvaluation[], examples: readonly Example[]): ExampleEvaluations {
  const sumOf = (figure: "silent" | "loss" | "inputs") => parts.reduce((sum, part) => sum + part[figure], 0);
  return {
    examples: parts.flatMap((part) =>
      part.examples.map(([index, outputs, windows]) => ({
        example: examples[index],
        outputs: Float32Array.from(outputs),
        windows: windows.map(([start, end, one]): WindowOutputs => ({
          start,
          end,
          outputs: Float32Array.from(one),
        })),
      })),
    ),
    silent: sumOf("silent"),
    loss: sumOf("loss") / sumOf("inputs"),
    milliseconds: Math.max(...parts.map(({ milliseconds }) => milliseconds)),
  };
}
