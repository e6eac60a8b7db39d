import type { TaskContext } from '@cloudbench/core'
import type { RedisOptions } from '../options.ts'
import { connect } from './connection.ts'

type Context = TaskContext<RedisOptions>

/**
 * What every workload does: they differ only in their share of reads. What is not the load is done by ioredis, which is
 * loaded when it begins.
 */
export const tasks = {
  connect,
  prepare: async (context: Context) => (await import('../prepare.ts')).prepare(context),
  audit: async (context: Context) => (await import('../audit/audit.ts')).audit(context),
  cleanup: async (context: Context) => (await import('../prepare.ts')).cleanup(context),
  observe: async (context: Context) => (await import('../observe.ts')).observe(context),
}
