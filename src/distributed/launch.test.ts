import { expect, it } from "vitest";
import { launchOf } from "./launch.ts";

it("a process that nobody has started with MPI is alone, in a job of Slurm too", () => {
  expect(launchOf({ PATH: "/bin" })).toBeUndefined();
  expect(launchOf({ SLURM_NTASKS: "8", SLURM_PROCID: "0" })).toBeUndefined();
});

it("tells Open MPI's mpirun from MPICH's and from Slurm's srun", () => {
  expect(
    launchOf({
      OMPI_COMM_WORLD_SIZE: "4",
      OMPI_COMM_WORLD_RANK: "3",
      OMPI_COMM_WORLD_LOCAL_SIZE: "2",
      PMIX_RANK: "3",
    }),
  ).toEqual({ families: ["Open MPI"], size: 4, localSize: 2, rank: 3 });
  expect(launchOf({ PMI_RANK: "1", PMI_SIZE: "2", MPI_LOCALNRANKS: "2" })).toEqual({
    families: ["MPICH"],
    size: 2,
    localSize: 2,
    rank: 1,
  });
  expect(launchOf({ PMIX_RANK: "5", SLURM_STEP_NUM_TASKS: "8" })).toEqual({
    families: ["Open MPI", "MPICH"],
    size: 8,
    localSize: 1,
    rank: 5,
  });
});
