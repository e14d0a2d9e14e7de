/** @file Dockerfile, Kubernetes' manifests and nginx' configuration name what the server has: addresses, port, user, times and sizes. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { addServeCommand } from "../cli/commands/serve.ts";
import { Command } from "commander";
import { DEFAULT_LIMITS, MEBIBYTE } from "./limits.ts";
import { openApiDocument } from "./openapi.ts";

const text = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");

const dockerfile = text("Dockerfile");
const manifests = text("examples/serving/kubernetes.yaml");
const nginx = text("examples/serving/nginx.conf");

/** The texts that a pattern's group finds, one for each place. */
function found(content: string, pattern: RegExp): string[] {
  return [...content.matchAll(pattern)].map(([, group]) => group);
}

/** The number that all places name. */
function only(content: string, pattern: RegExp): number {
  const numbers = new Set(found(content, pattern).map(Number));
  expect(numbers, String(pattern)).toHaveLength(1);
  return [...numbers][0];
}

/** A probe's lines: what is set is below its name, deeper. */
function probe(name: string): string {
  const [, block] = new RegExp(`^( +)${name}:\n((?:\\1 +.*\n)+)`, "m").exec(manifests)?.slice(1) ?? [];
  expect(block, name).toBeDefined();
  return block;
}

/** Addresses that need no key. */
function openPaths(): string[] {
  const { paths } = openApiDocument(true) as { paths: Record<string, { get?: { security?: unknown[] } }> };
  return Object.entries(paths).flatMap(([path, { get }]) => (get?.security?.length === 0 ? [path] : []));
}

it("probes ask for addresses that the server has, and that need no key", () => {
  const asked = [
    ...found(manifests, /httpGet: \{ path: ([^,]+), port: http \}/g),
    ...found(dockerfile, /http:\/\/127\.0\.0\.1:8080(\/\w+)/g),
  ];
  expect(asked).toHaveLength(4);
  for (const path of asked) expect(openPaths()).toContain(path);
});

it("all name the port and the user of the Dockerfile, and the server's usual port", () => {
  const command = new Command();
  addServeCommand(command, {} as Parameters<typeof addServeCommand>[1]);
  const usual = command.commands[0].opts().port as number;
  expect(only(dockerfile, /^EXPOSE (\d+)$/gm)).toBe(usual);
  expect(only(dockerfile, /http:\/\/127\.0\.0\.1:(\d+)/g)).toBe(usual);
  expect(only(manifests, /containerPort: (\d+)/g)).toBe(usual);
  expect(only(nginx, /server 127\.0\.0\.1:(\d+);/g)).toBe(usual);
  expect(found(manifests, /(?:targetPort|port): (http)\b/g)).toHaveLength(4);
  const user = only(dockerfile, /^USER (\d+):\1$/gm);
  expect(only(manifests, /runAs(?:User|Group): (\d+)/g)).toBe(user);
  expect(only(dockerfile, /--[ug]id (\d+)/g)).toBe(user);
  expect(manifests).toContain("mountPath: /home/auricle");
  expect(dockerfile).toContain("--create-home");
});

it("a pod has the time to load its models, and to give its last answers", () => {
  const number = (block: string, name: string) => Number(new RegExp(`${name}: (\\d+)`).exec(block)?.[1]);
  const startup = probe("startupProbe");
  // The largest pretrained model takes seconds; a machine that is busy takes twenty times as long.
  expect(number(startup, "periodSeconds") * number(startup, "failureThreshold")).toBeGreaterThanOrEqual(120);
  for (const name of ["readinessProbe", "livenessProbe"]) {
    // A second, the usual time-out, is short on a node that is busy.
    expect(number(probe(name), "timeoutSeconds")).toBeGreaterThan(1);
    expect(number(probe(name), "timeoutSeconds")).toBeLessThanOrEqual(number(probe(name), "periodSeconds"));
  }
  const wait = only(manifests, /preStop: \{ exec: \{ command: \["sleep", "(\d+)"\] \} \}/g);
  expect(only(manifests, /terminationGracePeriodSeconds: (\d+)/g)).toBeGreaterThan(
    wait + DEFAULT_LIMITS.graceSeconds,
  );
});

it("nginx lets through what the server takes, and waits as long", () => {
  expect(only(nginx, /client_max_body_size (\d+)m;/g) * MEBIBYTE).toBe(DEFAULT_LIMITS.bytes);
  // In the queue a request may wait for those before it.
  expect(only(nginx, /proxy_read_timeout (\d+)s;/g)).toBeGreaterThanOrEqual(2 * DEFAULT_LIMITS.answerSeconds);
});

it("the Dockerfile's own words are in the page on serving", () => {
  const page = text("docs/serving.md");
  for (const command of found(dockerfile, /^# {3}(docker .*)$/gm)) expect(page).toContain(command);
});
