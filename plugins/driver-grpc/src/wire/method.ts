import type { DescMessage, DescMethod, FileRegistry, Registry } from '@bufbuild/protobuf'
import { CloudbenchError } from '@cloudbench/core'
import { bindingsOf, type HttpBinding } from './http-rule.ts'
import { typesOf } from './well-known.ts'

/** A method, with everything needed to call it. */
export interface Method {
  /** Such as `shop.v1.Orders/Get`. */
  readonly name: string
  /** As calls name it, with a leading slash. */
  readonly path: string
  readonly kind: DescMethod['methodKind']
  readonly input: DescMessage
  readonly output: DescMessage
  /** Every type that a `google.protobuf.Any` may hold. */
  readonly types: Registry
  /** Its HTTP forms, from its `google.api.http` annotation. */
  readonly bindings: readonly HttpBinding[]
}

/** @throws CloudbenchError when the service or the method does not exist. */
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
  return {
    name,
    path: `/${name}`,
    kind,
    input,
    output,
    types: typesOf(registry),
    bindings: bindingsOf(found),
  }
}

export function serviceOf(name: string): string {
  return name.slice(0, name.indexOf('/'))
}

function unknown(what: string, known: readonly string[]): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_CONNECT',
    what,
    expected: known.length > 0 ? `one of ${known.join(', ')}` : 'a file that declares a service',
    next: 'correct the option method: package.Service/Method',
  })
}
