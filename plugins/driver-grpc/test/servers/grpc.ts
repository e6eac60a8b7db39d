import { createServer, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { FileRegistry } from '@bufbuild/protobuf'
import { listening } from '@cloudbench/fixtures/tcp-server'
import {
  Server,
  ServerCredentials,
  type handleUnaryCall,
  type Metadata,
  type MethodDefinition,
  type ServerOptions,
} from '@grpc/grpc-js'
import { onTestFinished } from 'vitest'
import { addReflection } from '../../src/loopback/reflection.ts'
import { readProtoFiles } from '../../src/wire/proto-files.ts'

export const shopFile = fileURLToPath(new URL('../fixtures/shop.proto', import.meta.url))

/** Answers one call of the shop; echoes it by default. */
export type ShopHandler = handleUnaryCall<Buffer, Buffer>

export interface ShopOptions {
  readonly get?: ShopHandler
  readonly put?: ShopHandler
  readonly credentials?: ServerCredentials
  readonly reflection?: readonly ('v1' | 'v1alpha')[]
  readonly registry?: FileRegistry
  /** @default any free port */
  readonly port?: number
  /** Such as `grpc.max_connection_age_ms`. */
  readonly settings?: ServerOptions
}

export interface ShopServer {
  readonly target: string
  readonly port: number
  /** The metadata of the shop's calls, in order of arrival. */
  readonly seen: readonly Metadata[]
  /** How many connections have been accepted. */
  readonly accepted: number
  /** The open connections. */
  readonly sockets: ReadonlySet<Socket>
  readonly grpc: Server
  /** Asks clients to leave their connections (GOAWAY), and lets calls on them end. */
  drain(): void
  /** Stops accepting connections and ends the open ones. */
  stop(): void
}

/** Longer than a test. */
const graceMs = 600_000

const sameBytes = (bytes: Buffer): Buffer => bytes

/** The definition of a method whose messages the test lays out itself. */
export function unaryOfBytes(path: string): MethodDefinition<Buffer, Buffer> {
  return {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: sameBytes,
    requestDeserialize: sameBytes,
    responseSerialize: sameBytes,
    responseDeserialize: sameBytes,
  }
}

/** Starts a gRPC server with the service `shop.v1.Orders`, which ends with the test. */
export async function shopServer(options: ShopOptions = {}): Promise<ShopServer> {
  const grpc = new Server({
    'grpc.max_receive_message_length': 4_194_304,
    ...options.settings,
  })
  const seen: Metadata[] = []
  for (const [name, handler] of [
    ['Get', options.get],
    ['Put', options.put],
  ] as const) {
    const path = `/shop.v1.Orders/${name}`
    const answer: ShopHandler = handler ?? ((call, callback) => callback(null, call.request))
    grpc.addService(
      {
        [path]: unaryOfBytes(path),
      },
      {
        [path]: ((call, callback) => {
          seen.push(call.metadata)
          answer(call, callback)
        }) satisfies ShopHandler,
      },
    )
  }
  for (const version of options.reflection ?? [])
    addReflection(grpc, options.registry ?? readProtoFiles([shopFile], []), version)
  const { credentials = ServerCredentials.createInsecure() } = options
  const injector = grpc.createConnectionInjector(credentials)
  const server = createServer((socket) => injector.injectConnection(socket))
  const listened = await listening(server, options.port)
  const stop = (): void => {
    listened.stop()
    grpc.forceShutdown()
  }
  onTestFinished(stop)
  return {
    target: `${options.credentials ? 'grpcs://localhost' : 'grpc://127.0.0.1'}:${listened.port}`,
    port: listened.port,
    sockets: listened.sockets,
    seen,
    grpc,
    drain: () => injector.drain(graceMs),
    stop,
    get accepted() {
      return listened.accepted
    },
  }
}

/** Waits for a condition; the test's time limit ends it otherwise. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo())
    await new Promise((resolve) => {
      setTimeout(resolve, 2)
    })
}
