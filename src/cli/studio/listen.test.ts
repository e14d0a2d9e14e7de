import { createServer, type Server } from "node:http";
import { onTestFinished, expect, it } from "vitest";
import { AuricleError } from "../../errors.ts";
import { listen, USUAL_PORT, type Listening } from "./listen.ts";
import { ask } from "./testing/studio-server.ts";

function answering(): Server {
  return createServer((_, response) => response.end("here"));
}

async function started(port?: number): Promise<Listening> {
  const listening = await listen(answering, port);
  onTestFinished(() => listening.close());
  return listening;
}

it("listens on this machine's own addresses only", async () => {
  const servers: Server[] = [];
  const listening = await listen(() => {
    const server = answering();
    servers.push(server);
    return server;
  }, 0);
  onTestFinished(() => listening.close());
  expect(listening.address).toBe(`http://127.0.0.1:${listening.port}/`);
  const hosts = servers.flatMap((server) => {
    const address = server.address();
    return typeof address === "object" && address !== null ? [address.address] : [];
  });
  expect(hosts[0]).toBe("127.0.0.1");
  // Where the machine has no ::1, the second one does not listen.
  expect(["127.0.0.1", "127.0.0.1 ::1"]).toContain(hosts.join(" "));
  for (const host of hosts) {
    const { body } = await ask({ host, port: listening.port, path: "/", method: "GET", headers: {} });
    expect(body.toString()).toBe("here");
  }
});

it("takes another port than one that is taken, but not in place of one that was named", async () => {
  const first = await started();
  const second = await started();
  expect(first.port).toBeGreaterThanOrEqual(USUAL_PORT);
  expect(second.port).toBeGreaterThan(first.port);
  const refused = listen(answering, first.port);
  await expect(refused).rejects.toThrow(AuricleError);
  await expect(refused).rejects.toThrow(`another program listens on port ${first.port}`);
});

it("ends connections that are open, and frees the port", async () => {
  const server = await listen(() => createServer((_, response) => response.write("never the end")), 0);
  const waiting = ask({ host: "127.0.0.1", port: server.port, path: "/", method: "GET", headers: {} });
  const ended = expect(waiting).rejects.toThrow();
  await new Promise((resolve) => setTimeout(resolve, 50));
  await server.close();
  await ended;
  expect((await started(server.port)).port).toBe(server.port);
});
