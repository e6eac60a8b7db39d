import type { Config } from 'cloudbench'

/** Plugins and whatever needs code. Rates, durations and addresses are in `config/`. */
export default {
  // fits the heaps of the load workers into the memory limit of the container, where there is one.
  environment: ['memory'],

  // the terminal, and one result file per run in `.cloudbench/`.
  reporters: ['default', ['json', { stdout: false }]],
} satisfies Config
