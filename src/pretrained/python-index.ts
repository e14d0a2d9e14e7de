/**
 * @file Where a file of Python's package index can be downloaded: its public address, and before it that of the index which pip
 * is told to use. Node only.
 */

import { env } from "node:process";
import * as z from "zod/mini";
import { checkValue } from "../io/check-value.ts";
import type { PythonPackage } from "./definition.ts";

/** pip's own variable: an index in place of the public one, as organisations without access to the internet have. */
export const INDEX_VARIABLE = "PIP_INDEX_URL";

/** A page of an index as JSON (PEP 691), or as HTML with a link for each file (PEP 503). */
const ACCEPT = "application/vnd.pypi.simple.v1+json, text/html;q=0.5";

const pageSchema = z.looseObject({
  files: z.array(z.looseObject({ filename: z.string(), url: z.string() })),
});

/** Pages of an index are read as long as this at most, in characters. */
const LONGEST_PAGE = 2 ** 24;

/** Milliseconds after which an index that does not answer is passed over. */
const PATIENCE = 30_000;

/** The addresses at which a package's file may be, in the order in which they are tried. */
export interface PackageAddresses {
  readonly urls: readonly string[];
  /** Why the index that is set was passed over. */
  readonly problem?: string;
}

/** Finds the addresses of a package's file. An index that does not answer is passed over. */
export async function packageAddresses({ name, file, url }: PythonPackage): Promise<PackageAddresses> {
  const index = env[INDEX_VARIABLE];
  if (!index) return { urls: [url] };
  try {
    const found = await addressInIndex(index, name, file);
    return { urls: [found, url] };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return { urls: [url], problem: `the index in $${INDEX_VARIABLE} was passed over: ${reason}` };
  }
}

async function addressInIndex(index: string, name: string, file: string): Promise<string> {
  const address = new URL(`${name}/`, index.endsWith("/") ? index : `${index}/`);
  const { username, password } = address;
  // fetch refuses addresses with a name and a password in them.
  address.username = address.password = "";
  const authorization = `Basic ${btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)}`;
  const response = await fetch(address, {
    headers: { accept: ACCEPT, ...(username && { authorization }) },
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (!response.ok) throw new Error(`${address.href} answers HTTP ${response.status}`);
  const page = await response.text();
  if (page.length > LONGEST_PAGE)
    throw new Error(`${address.href} is longer than ${LONGEST_PAGE} characters`);
  const found = response.headers.get("content-type")?.includes("json")
    ? inJson(page, file)
    : inHtml(page, file);
  if (found === undefined) throw new Error(`${address.href} has no ${file}`);
  return new URL(found, response.url).href;
}

function inJson(page: string, file: string): string | undefined {
  const parsed = checkValue(pageSchema, JSON.parse(page));
  return parsed.success ? parsed.data.files.find(({ filename }) => filename === file)?.url : undefined;
}

/** Finds the link whose path ends with the file's name; behind it there may be its checksum. */
function inHtml(page: string, file: string): string | undefined {
  const links = [...page.matchAll(/href\s*=\s*["']([^"']+)["']/gi)].map(([, link]) =>
    link.replaceAll("&amp;", "&"),
  );
  return links.find((link) => link.split(/[#?]/)[0].split("/").at(-1) === file);
}
