import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import type { Shareable, TaskContext } from '@cloudbench/core'
import type { Client } from '../lanes/lane.ts'
import { demoService, readDemo } from '../loopback/demo-service.ts'
import type { GrpcOptions } from '../options.ts'
import { methodOf, serviceOf, type Method } from '../wire/method.ts'
import { readProtoFiles } from '../wire/proto-files.ts'
import { reflectService } from './reflection.ts'

interface SharedMethod extends Shareable {
  readonly method: Method
}

/**
 * Finds the method that a flow calls, in `.proto` files or by reflection, once for all connections of a worker.
 * @param client Called only when there are no files.
 * @throws CloudbenchError that lists what is available when the service or the method does not exist.
 */
export async function findMethod(
  context: Pick<TaskContext<GrpcOptions>, 'options' | 'folder' | 'share'>,
  client: () => Promise<Client>,
): Promise<Method> {
  const { options, folder, share } = context
  const inFolder = (paths: readonly string[]): string[] => paths.map((path) => resolve(folder, path))
  const key = JSON.stringify([
    options.method,
    options.proto,
    options.includes,
    options.metadata,
    options.authority,
    options.message,
  ])
  // a hash, because metadata may hold a token
  const { method } = await share<SharedMethod>(
    `grpc method ${createHash('sha256').update(key).digest('hex')}`,
    async () => {
      const name = options.method
      const registry =
        options.proto !== undefined
          ? readProtoFiles(inFolder(options.proto), inFolder(options.includes))
          : serviceOf(name) === demoService
            ? readDemo()
            : await reflectService(await client(), serviceOf(name), options)
      return { method: methodOf(registry, name), close: () => {} }
    },
  )
  return method
}
