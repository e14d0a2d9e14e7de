import { describe, expect, it } from "vitest";
import { readText, tableRows } from "../../testing/markdown.ts";
import { APP_HEADERS, DATA_HEADERS, REPORT_HEADERS } from "./headers.ts";

/** Sources by directive. */
function policyOf(headers: Readonly<Record<string, string>>): Map<string, string> {
  const parts = headers["Content-Security-Policy"].split("; ").map((part) => part.split(" "));
  return new Map(parts.map(([directive, ...sources]) => [directive, sources.join(" ")]));
}

describe("the policies", () => {
  it.each([
    ["the app", APP_HEADERS],
    ["data", DATA_HEADERS],
    ["reports", REPORT_HEADERS],
  ])("of %s begin with nothing and never allow text to be run, or frames", (_, headers) => {
    const policy = policyOf(headers);
    for (const directive of ["default-src", "base-uri", "form-action", "frame-ancestors"]) {
      expect(policy.get(directive), directive).toBe("'none'");
    }
    expect([...policy.values()].join(" ")).not.toMatch(/'unsafe-eval'|\*|https?:/);
    expect(headers).toMatchObject({
      "X-Content-Type-Options": "nosniff",
      "Cross-Origin-Resource-Policy": "same-origin",
    });
  });

  it("of the app allows no script and no style within a page", () => {
    expect(APP_HEADERS["Content-Security-Policy"]).not.toContain("unsafe-inline");
    expect(policyOf(APP_HEADERS).get("script-src")).toBe("'self' 'wasm-unsafe-eval'");
    expect(policyOf(APP_HEADERS).get("worker-src")).toBe("'self' blob:");
  });

  it("of reports keeps them apart from the app's address, and does not ask for isolation, which HTML forbids then", () => {
    const policy = policyOf(REPORT_HEADERS);
    expect(policy.get("sandbox")).toBe("allow-scripts");
    expect(policy.has("connect-src")).toBe(false);
    expect(Object.keys(REPORT_HEADERS)).not.toContain("Cross-Origin-Opener-Policy");
    expect(policyOf(DATA_HEADERS).get("sandbox")).toBe("");
  });
});

it("docs/studio.md has the headers for other hosts as they are", () => {
  const rows = tableRows(readText("docs/studio.md"));
  const written = new Map(
    rows.map(([name, value]) => [name.replaceAll("`", ""), value?.replaceAll("`", "")]),
  );
  for (const [name, value] of Object.entries(APP_HEADERS)) expect(written.get(name), name).toBe(value);
});
