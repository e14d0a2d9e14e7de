/** @file The runs that the studio's server offers, and the examples that each was tested on. A host of plain files has none. */

export interface ServedRun {
  readonly name: string;
  /** The address of its files, from the app's own address: "runs/genres/". */
  readonly address: string;
  readonly files: readonly string[];
  readonly data: string;
  readonly model: string;
}

/** An example of the test part with the run's answer to it. */
export interface TestedExample {
  /** The address of its recording or picture. */
  readonly address: string;
  readonly id: string;
  /** Its true answer: of a class its place, of tags 0 and 1, or numbers. */
  readonly truth: readonly number[];
  /** The model's: probabilities of classes or tags, or numbers. */
  readonly outputs: readonly number[];
  /** Where it is a part of a longer recording: in seconds. */
  readonly start?: number;
  readonly end?: number;
}

/** The finished runs, the best first; none where there is no such server. */
export async function servedRuns(): Promise<readonly ServedRun[]> {
  const response = await fetch("./runs/index.json").catch(() => undefined);
  if (!response?.ok || !response.headers.get("content-type")?.includes("json")) return [];
  const { runs } = (await response.json()) as { readonly runs: readonly ServedRun[] };
  return runs.filter(({ files }) => files.includes("best.safetensors"));
}

interface StoredResult {
  readonly id: string;
  readonly truth: readonly number[];
  readonly outputs: readonly number[];
}

/**
 * The examples of a run's first evaluation, which is that of the test part if there is one.
 * @throws an error that says what the server answered, where the run has no predictions
 */
export async function testedExamples({ address, name }: ServedRun): Promise<readonly TestedExample[]> {
  const predictions = await json<Record<string, readonly StoredResult[]>>(
    `./${address}predictions.json`,
    name,
  );
  const [results = []] = Object.values(predictions);
  const { examples } = await json<{
    readonly examples: readonly { readonly id: string; readonly start?: number; readonly end?: number }[];
  }>(`./${address}examples/index.json`, name);
  return results.map(({ id, truth, outputs }, i): TestedExample => {
    const { start, end } = examples[i] ?? {};
    return {
      address: `./${address}examples/${i}`,
      id,
      truth,
      outputs,
      ...(start !== undefined && { start }),
      ...(end !== undefined && { end }),
    };
  });
}

/** Gets the recording or picture of an example. @throws an error with its name and the server's reason */
export async function fetchExample(
  { address, id }: Pick<TestedExample, "address" | "id">,
  signal?: AbortSignal,
): Promise<Blob> {
  const response = await fetch(address, signal ? { signal } : {});
  if (!response.ok) throw new Error(`${id}: ${await reasonOf(response)}`);
  return response.blob();
}

async function json<T>(address: string, name: string): Promise<T> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${name}: ${await reasonOf(response)}`);
  return (await response.json()) as T;
}

/** Reads the server's reason for a refusal, or its status. */
export async function reasonOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => undefined);
  const reason = typeof body === "object" && body !== null && "error" in body ? body.error : undefined;
  return typeof reason === "string" ? reason : `the studio's server answered ${response.status}`;
}
