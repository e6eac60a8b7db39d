import type { Config } from './schema.ts'

/** Types the configuration in `cloudbench.config.ts`. Returns what it is given. */
export function defineConfig(config: Config): Config {
  return config
}
