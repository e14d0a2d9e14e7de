import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { builtCommand, builtSources, RunningCommand } from "../../cli/testing/built-command.ts";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";

let command: string;
beforeAll(async () => {
  command = await builtCommand();
}, 120_000);

async function written(text: string, name = "network.js"): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

/** Shows the summary of a module for images of 8×8 and 3 classes. */
async function summary(text: string, name?: string) {
  const file = await written(text, name);
  const args = [command, "summary", file, "--input", "8x8x1", "--classes", "3"];
  return new RunningCommand(process.execPath, args).ended;
}

const LAYERS = 'import { conv2d, dense, flatten, model, input } from "auricle";\n';

describe("a network module", () => {
  it("returns a list of layers, a model or a network, and need not be beside an installed package", async () => {
    const list = await summary(
      `${LAYERS}export default ({ classes }) => [conv2d({ filters: 2, kernelSize: 3 }), flatten(), dense({ units: classes })];`,
    );
    expect(list).toMatchObject({ code: 0, stderr: "" });
    expect(list.stdout).toMatch(/dense_1 +3 +219/);
    const graph = await summary(
      `${LAYERS}export default async ({ inputShape, classes }) => {
        const x = input({ shape: inputShape });
        return model({ inputs: x, outputs: dense({ units: classes }).apply(flatten().apply(x)) });
      };`,
      "network.mjs",
    );
    expect(graph.stdout).toMatch(/dense_1 +3 +195/);
    const named = await summary(
      'import { lenet5 } from "auricle/models";\nexport default ({ inputShape, ...others }) => lenet5({ inputShape: [28, 28, 1], ...others });',
    );
    expect(named.stderr).toContain(
      "must take one input of shape [8,8,1], that of the data; it takes [28,28,1]",
    );
  });

  it.each([
    [
      "throws",
      'export default () => { throw new Error("no idea"); };',
      /network\.js: Error: no idea \(line 1\)/,
    ],
    ["cannot be read", "export default (", /network\.js: SyntaxError: /],
    ["exports no function", "export default 3;", /its default export must be a function of .*; got number/],
    ["ends its process", "process.exit(0);\nexport default 1;", /network\.js: its thread ended with code 0/],
    [
      "awaits what never comes",
      "await new Promise(() => {});\nexport default 1;",
      /network\.js: its top level awaits something that never comes/,
    ],
    [
      "takes memory without end",
      "const all = [];\nfor (;;) all.push(new Array(1e6).fill(all.length));\nexport default 1;",
      /network\.js: .*memory limit/,
    ],
    [
      "has a layer of its own",
      `${LAYERS}export default () => [{ ...flatten(), className: "Mine" }, dense({ units: 3 })];`,
      /a run keeps its network as a description of layers of the library: .*className must be one of/,
    ],
  ])("that %s ends in an error that names it", async (_, text, pattern) => {
    const { code, stderr, stdout } = await summary(text);
    expect(stderr).toMatch(pattern);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });

  it.each([
    ["loaded", "for (;;);", ""],
    ["called", "", "for (;;);"],
    ["waited for", "", "return new Promise(() => {});"],
  ])("that never ends when it is %s is given up", async (_, above, within) => {
    const script = join(await temporaryFolder(), "script.mjs");
    const file = await written(`${above}\nexport default () => { ${within} };`);
    const module = pathToFileURL(join(await builtSources(), "runs", "networks", "network-module-node.js"));
    await writeFile(
      script,
      `import { loadNetworkModule } from ${JSON.stringify(module)};
      const { build } = await loadNetworkModule(${JSON.stringify(file)}, 1);
      build({ inputShape: [8], classes: 2, seed: 0 });`,
    );
    const { code, stderr } = await new RunningCommand(process.execPath, [script]).ended;
    expect(stderr).toContain("network.js: it did not end within 1 s, or took more than 1024 MB");
    expect(code).toBe(1);
  });

  it("prints beside the results, not among them", async () => {
    const { stdout, stderr } = await summary(
      `${LAYERS}console.log("hello"); export default () => [flatten(), dense({ units: 3 })];`,
    );
    expect(stderr).toBe("hello\n");
    expect(stdout).not.toContain("hello");
  });
});
