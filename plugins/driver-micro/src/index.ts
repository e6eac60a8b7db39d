import { defineDriver, defineWorkload } from '@cloudbench/core'
import { bufferFunction } from './workloads/buffers.ts'
import { connectTo } from './workloads/connection.ts'
import { hashFunction } from './workloads/hash.ts'
import { buffersOptions, hashOptions, moduleOptions, serialiseOptions } from './options.ts'
import { serialiseFunction } from './workloads/serialise.ts'
import { hostTarget } from './target.ts'
import { userFunction } from './workloads/module.ts'

/** JavaScript functions as workloads: what the machine itself can do, measured by tinybench under the host's schedule. */
export default defineDriver({
  name: 'micro',
  workloads: {
    serialise: defineWorkload({
      description: 'an object to bytes and back, as JSON or with v8.serialize',
      options: serialiseOptions,
      connect: connectTo(serialiseFunction),
    }),
    hash: defineWorkload({
      description: 'the hash of a buffer',
      options: hashOptions,
      connect: connectTo(hashFunction),
    }),
    buffers: defineWorkload({
      description: 'buffers from a pool, or allocated anew',
      options: buffersOptions,
      connect: connectTo(bufferFunction),
    }),
    module: defineWorkload({
      description: 'a function of your own, from a module file',
      options: moduleOptions,
      connect: connectTo(userFunction),
    }),
  },
  // there is no server to start: the function runs in the load worker itself
  loopback: () => ({ target: hostTarget, close() {} }),
})

export type { BuffersOptions, HashOptions, ModuleOptions, SerialiseOptions } from './options.ts'
