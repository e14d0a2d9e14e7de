/** @file Fashion-MNIST as the studio's server offers it, where it is on this machine. */
import type { NamedBytes } from "./pictures.ts";

interface ServedDataset {
  readonly name: string;
  readonly files: readonly string[];
}

/** Fetches the four files; undefined where there is no such server, or it has not all of them. */
export async function servedFashion(): Promise<readonly NamedBytes[] | undefined> {
  const response = await fetch("./datasets/index.json").catch(() => undefined);
  if (!response?.ok || !response.headers.get("content-type")?.includes("json")) return undefined;
  const { datasets } = (await response.json()) as { readonly datasets: readonly ServedDataset[] };
  const found = datasets.find(({ name }) => name === "fashion-mnist");
  return found && Promise.all(found.files.map((name) => fetched(`./datasets/${found.name}/${name}`, name)));
}

async function fetched(address: string, name: string): Promise<NamedBytes> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${name}: the studio's server answered ${response.status}`);
  return { name, bytes: new Uint8Array(await response.arrayBuffer()) };
}
