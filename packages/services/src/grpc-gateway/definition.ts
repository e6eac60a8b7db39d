import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildGo, goBuildLimitMs } from '../build-go.ts'
import type { ServiceDefinition } from '../definition.ts'
import { probeGrpc } from './probe.ts'

/** Our own program, next to the sources of this package. */
const sources = fileURLToPath(new URL('../../go/grpc-gateway', import.meta.url))

/** A gRPC server with the gRPC driver's demo service and a grpc-gateway in front of it, on one port. */
export const grpcGateway: ServiceDefinition = {
  defaultPort: 50_051,
  url: (port) => `grpc://127.0.0.1:${port}`,
  probe: (port, timeoutMs) => probeGrpc(port, 'cloudbench.demo.v1.Library', timeoutMs),
  composeReadyLimitMs: goBuildLimitMs,
  local: {
    binaries: ['go'],
    args: ({ port }) => ['-listen', `127.0.0.1:${port}`],
    prepare: ({ file: go, folder, env, mayFetch }) =>
      buildGo({ go, sources, program: join(folder, 'grpc-gateway'), env, mayFetch }),
    install: 'install Go (https://go.dev/doc/install)',
  },
  compose: (port) => ({
    image: 'golang:1.26-alpine',
    command: ['go', 'run', '.', '-listen', '0.0.0.0:50051'],
    working_dir: '/src',
    volumes: [`${sources}:/src:ro`],
    ports: [`127.0.0.1:${port}:50051`],
    tmpfs: [],
  }),
}
