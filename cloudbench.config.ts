import type { Config } from 'cloudbench'

/** Plugins and anything else that needs code. Rates, durations and addresses are in `config/`. */
export default {
  // fits the heaps of the load workers into the memory limit of the container, if there is one.
  environment: ['memory'],

  // the terminal, and one result file per run in `.cloudbench/`.
  reporters: ['default', ['json', { stdout: false }]],
} satisfies Config
