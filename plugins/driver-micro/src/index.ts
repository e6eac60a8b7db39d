import { defineDriver } from '@cloudbench/core'
import { loopback } from './loopback/server.ts'
import { buffers } from './workloads/buffers.ts'
import { hash } from './workloads/hash.ts'
import { module } from './workloads/module.ts'
import { serialise } from './workloads/serialise.ts'

/** JavaScript functions as workloads: what the machine itself can do, timed by tinybench under the host's schedule. */
export default defineDriver({
  name: 'micro',
  workloads: { serialise, hash, buffers, module },
  loopback,
})

export type { BuffersOptions, HashOptions, ModuleOptions, SerialiseOptions } from './options.ts'
