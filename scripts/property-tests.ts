// repeats property tests: `FC_SEED=… vitest run …` with the seed of a failure, `FC_RUNS=…` with more cases.
const { FC_SEED, FC_RUNS } = process.env

if (FC_SEED !== undefined || FC_RUNS !== undefined) {
  const { default: fc } = await import('fast-check')
  fc.configureGlobal({
    ...(FC_SEED !== undefined && { seed: Number(FC_SEED) }),
    ...(FC_RUNS !== undefined && { numRuns: Number(FC_RUNS) }),
  })
}

export {}
