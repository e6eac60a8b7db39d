import { fileURLToPath } from 'node:url'
import {
  create,
  createFileRegistry,
  fromBinary,
  fromJson,
  toBinary,
  toJson,
  type DescMessage,
  type FileRegistry,
  type JsonObject,
} from '@bufbuild/protobuf'
import { protoCamelCase } from '@bufbuild/protobuf/reflect'
import {
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  type DescriptorProto,
  type FileDescriptorProto,
} from '@bufbuild/protobuf/wkt'
import { CloudbenchError } from '@cloudbench/core'
import { reflectionRefusal } from '../connect-error.ts'
import type { Client } from '../lanes/lane.ts'
import type { GrpcOptions } from '../options.ts'
import { importOrder } from '../wire/import-order.ts'
import { readProtoFiles } from '../wire/proto-files.ts'
import { status } from '../wire/status.ts'
import { callOnce, type CallResult } from './call-once.ts'

const protocolFile = fileURLToPath(new URL('../../proto/grpc/reflection.proto', import.meta.url))

/** Both have the same messages; many servers only offer the older one. */
const versions = ['v1', 'v1alpha'] as const

/** The types of the reflection protocol. */
export function reflectionTypes(): { readonly request: DescMessage; readonly response: DescMessage } {
  const registry = readProtoFiles([protocolFile], [])
  return {
    request: registry.getMessage('grpc.reflection.v1.ServerReflectionRequest')!,
    response: registry.getMessage('grpc.reflection.v1.ServerReflectionResponse')!,
  }
}

/** Sends one request to the server. */
type Ask = (request: JsonObject) => Promise<JsonObject>

/**
 * Asks a server what a service looks like, with all the types it uses.
 * @throws CloudbenchError when it has no reflection or no such service, with the services that are available.
 */
export async function reflectService(
  client: Client,
  service: string,
  options: GrpcOptions,
): Promise<FileRegistry> {
  const ask = await findReflection(client, options)
  const files = new Map<string, FileDescriptorProto>()
  const take = (answer: JsonObject): void => {
    for (const file of filesOf(answer)) files.set(file.name, file)
  }
  const first = await ask({ fileContainingSymbol: service })
  const fault = first['errorResponse'] as
    | { readonly errorCode?: number; readonly errorMessage?: string }
    | undefined
  if (fault !== undefined) {
    const { errorCode: code = status.notFound, errorMessage: details = '' } = fault
    if (code !== status.notFound) throw reflectionRefusal({ code, details }, client.target)
    throw unknownService(service, await ask({ listServices: '' }))
  }
  take(first)
  // nothing imports what only an Any holds
  for (const name of anyTypesIn(options.message)) take(await ask({ fileContainingSymbol: name }))
  for (;;) {
    const missing = [...files.values()]
      .flatMap(({ dependency }) => dependency)
      .find((name) => !files.has(name))
    if (missing === undefined) break
    const answer = await ask({ fileByFilename: missing })
    take(answer)
    if (!files.has(missing))
      throw new CloudbenchError({
        code: 'CB_CONNECT',
        what: `the server's reflection does not know ${missing}, which ${service} needs`,
        expected: 'every imported file',
        next: 'set the option proto to the .proto file of the service',
      })
  }
  const registry = createFileRegistry(
    create(FileDescriptorSetSchema, {
      file: importOrder(files, ({ dependency }) => dependency),
    }),
  )
  // the symbol may be something else, such as a message
  if (!registry.getService(service)) throw unknownService(service, await ask({ listServices: '' }))
  return registry
}

/** The names of the types that are written as `google.protobuf.Any`. */
function anyTypesIn(json: unknown): string[] {
  if (typeof json !== 'object' || json === null) return []
  const inner = Object.values(json).flatMap(anyTypesIn)
  const { '@type': url } = json as { readonly '@type'?: unknown }
  return typeof url === 'string' ? [url.slice(url.lastIndexOf('/') + 1), ...inner] : inner
}

async function findReflection(client: Client, options: GrpcOptions): Promise<Ask> {
  const { request, response } = reflectionTypes()
  const { target } = client
  const send = (version: string, json: JsonObject): Promise<CallResult> =>
    callOnce(
      client,
      {
        path: `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
        kind: 'bidi_streaming',
      },
      toBinary(request, fromJson(request, json)),
      { metadata: options.metadata, timeoutMs: options.connectTimeoutMs },
    )
  for (const version of versions) {
    const probe = await send(version, { listServices: '' })
    if (probe.code === status.unimplemented) continue
    if (probe.code !== status.ok || probe.messages.length === 0) throw reflectionRefusal(probe, target)
    return async (json) => {
      const result = await send(version, json)
      if (result.code !== status.ok || result.messages.length === 0) throw reflectionRefusal(result, target)
      return toJson(response, fromBinary(response, result.messages[0]!)) as JsonObject
    }
  }
  throw new CloudbenchError({
    code: 'CB_CONNECT',
    what: 'the server has no reflection, and no .proto file is set',
    expected: 'reflection (v1 or v1alpha), or the option proto',
    next: 'set the option proto to the .proto file of the service',
  })
}

function filesOf(answer: JsonObject): FileDescriptorProto[] {
  const { fileDescriptorProto = [] } = (answer['fileDescriptorResponse'] ?? {}) as {
    readonly fileDescriptorProto?: readonly string[]
  }
  return fileDescriptorProto.map((bytes) => {
    const file = fromBinary(FileDescriptorProtoSchema, Buffer.from(bytes, 'base64'))
    for (const type of file.messageType) nameFields(type)
    return file
  })
}

/** Some servers leave out JSON names that follow from the name of the field. */
function nameFields({ field, nestedType }: DescriptorProto): void {
  for (const one of field) if (one.jsonName === '') one.jsonName = protoCamelCase(one.name)
  for (const type of nestedType) nameFields(type)
}

function unknownService(service: string, listed: JsonObject): CloudbenchError {
  const { service: services = [] } = (listed['listServicesResponse'] ?? {}) as {
    readonly service?: readonly { readonly name: string }[]
  }
  return new CloudbenchError({
    code: 'CB_CONNECT',
    what: `the server has no service ${service}`,
    expected: `one of ${services.map(({ name }) => name).join(', ')}`,
    next: 'correct the option method: package.Service/Method',
  })
}
