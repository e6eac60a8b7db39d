import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { DescMessage, DescMethod, FileRegistry } from '@bufbuild/protobuf'
import { CloudbenchError, type Shareable, type TaskContext } from '@cloudbench/core'
import type { Channel } from '@grpc/grpc-js'
import { demoService } from '../loopback/demo-service.ts'
import { bindingsOf, type HttpBinding } from '../wire/http-rule.ts'
import type { GrpcOptions } from '../options.ts'
import { readProtoFiles } from '../wire/proto-files.ts'
import { reflectService } from './reflection.ts'

/** A method, with what is needed to call it. */
export interface Method {
  /** Such as `shop.v1.Orders/Get`. */
  readonly name: string
  /** As calls name it, with a slash in front. */
  readonly path: string
  readonly kind: DescMethod['methodKind']
  readonly input: DescMessage
  readonly output: DescMessage
  /** Its HTTP forms, by its `google.api.http` annotation. */
  readonly bindings: readonly HttpBinding[]
}

interface SharedMethod extends Shareable {
  readonly method: Method
}

const demoFolder = fileURLToPath(new URL('../../proto', import.meta.url))
const demoFile = fileURLToPath(new URL('../../proto/cloudbench/demo/v1/library.proto', import.meta.url))

/** The service of the loopback server. */
export function readDemo(): FileRegistry {
  return readProtoFiles([demoFile], [demoFolder])
}

/**
 * Finds the method that a flow calls: in `.proto` files, or by reflection, once for all connections of a worker.
 * @param openChannel Asked only when there are no files.
 * @throws CloudbenchError that says what there is when there is no such service or method.
 */
export async function findMethod(
  context: Pick<TaskContext<GrpcOptions>, 'options' | 'share'>,
  openChannel: () => Promise<Channel>,
): Promise<Method> {
  const { options, share } = context
  const key = JSON.stringify([options.method, options.proto, options.includes, options.metadata])
  // a hash, because metadata may have a token in it
  const { method } = await share<SharedMethod>(
    `grpc method ${createHash('sha256').update(key).digest('hex')}`,
    async () => {
      const name = options.method
      const registry =
        options.proto !== undefined
          ? readProtoFiles(options.proto, options.includes)
          : serviceOf(name) === demoService
            ? readDemo()
            : await reflectService(await openChannel(), serviceOf(name), options)
      return { method: methodOf(registry, name), close: () => {} }
    },
  )
  return method
}

/** @throws CloudbenchError when the service or the method is not there. */
export function methodOf(registry: FileRegistry, name: string): Method {
  const service = registry.getService(serviceOf(name))
  if (!service) {
    const services = [...registry].filter(({ kind }) => kind === 'service').map(({ typeName }) => typeName)
    throw unknown(`there is no service ${serviceOf(name)}`, services)
  }
  const found = service.methods.find((method) => method.name === name.slice(name.indexOf('/') + 1))
  if (!found)
    throw unknown(
      `${service.typeName} has no method ${name.slice(name.indexOf('/') + 1)}`,
      service.methods.map((method) => `${service.typeName}/${method.name}`),
    )
  const { methodKind: kind, input, output } = found
  return { name, path: `/${name}`, kind, input, output, bindings: bindingsOf(found) }
}

function serviceOf(name: string): string {
  return name.slice(0, name.indexOf('/'))
}

function unknown(what: string, known: readonly string[]): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_CONNECT',
    what,
    expected: known.length > 0 ? `one of ${known.join(', ')}` : 'a file with a service in it',
    next: 'correct the option method, as package.Service/Method',
  })
}
