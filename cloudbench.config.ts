import type { Config } from 'cloudbench'

/** Plugins and anything else that needs code. Rates, durations and addresses are in `config/`. */
export default {
  // the heaps of the load workers fit into the container's memory limit; the rest watches the machine for the verdict.
  environment: ['memory', 'numa', 'burst', 'network'],

  // the terminal, and one result file per run in `.cloudbench/`.
  reporters: ['default', ['json', { stdout: false }]],
} satisfies Config
