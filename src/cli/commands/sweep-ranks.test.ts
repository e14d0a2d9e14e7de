import { afterEach, expect, it, vi } from "vitest";
import { auricle } from "../testing/command-line.ts";

afterEach(() => vi.unstubAllEnvs());

it("a sweep is refused under mpirun, where each process would carry out the same one", async () => {
  vi.stubEnv("OMPI_COMM_WORLD_SIZE", "2");
  const { code, stderr } = await auricle(["sweep", "sweep.json"]);
  expect(code).toBe(2);
  expect(stderr).toContain("use it without mpirun");
});
