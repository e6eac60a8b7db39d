export {
  defineConfig,
  defineDriver,
  defineEnvironment,
  defineReporter,
  defineWorkload,
} from '@cloudbench/core'

export type { Config, Driver, Environment, Plugin, Reporter, ReporterPlugin } from '@cloudbench/core'
