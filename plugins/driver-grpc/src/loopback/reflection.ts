import {
  fromJson,
  toBinary,
  toJson,
  type FileRegistry,
  type JsonObject,
  type Message,
} from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'
import type { Server } from '@grpc/grpc-js'
import { reflectionTypes } from '../client/reflection.ts'
import { status } from '../wire/status.ts'
import { serveMethod } from './grpc.ts'

/**
 * Lets a server describe what is in a registry, in one version of the reflection protocol. Not `@grpc/reflection`,
 * which loses the `google.api.http` annotations: see docs/decisions.md.
 */
export function addReflection(server: Server, registry: FileRegistry, version: 'v1' | 'v1alpha'): void {
  const { request, response } = reflectionTypes()
  const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`
  serveMethod(server, { path, input: request, output: response }, (call) => {
    call.on('data', (asked: Message) =>
      call.write(fromJson(response, answerTo(toJson(request, asked) as JsonObject, registry))),
    )
    call.on('end', () => call.end())
  })
}

function answerTo(asked: JsonObject, registry: FileRegistry): JsonObject {
  if (asked['listServices'] !== undefined) {
    const services = [...registry].filter(({ kind }) => kind === 'service')
    return { listServicesResponse: { service: services.map(({ typeName: name }) => ({ name })) } }
  }
  const symbol = asked['fileContainingSymbol'] as string | undefined
  const name = asked['fileByFilename'] as string | undefined
  const found =
    symbol === undefined
      ? [...registry.files].find(({ proto }) => proto.name === name)
      : // a method or another member is in the file of its owner
        (registry.get(symbol) ?? registry.get(symbol.slice(0, symbol.lastIndexOf('.'))))?.file
  if (!found)
    return { errorResponse: { errorCode: status.notFound, errorMessage: `there is no ${symbol ?? name}` } }
  const bytes = Buffer.from(toBinary(FileDescriptorProtoSchema, found.proto)).toString('base64')
  return { fileDescriptorResponse: { fileDescriptorProto: [bytes] } }
}
