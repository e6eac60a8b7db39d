import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ServiceDefinition } from '../definition.ts'
import { ServiceError } from '../errors.ts'
import { run } from '../machine/command.ts'
import { probeGrpc } from './probe.ts'

/** Our own program, next to the sources of this package. */
const sources = fileURLToPath(new URL('../../go/grpc-gateway', import.meta.url))

/** The first build downloads and compiles every module. */
const buildLimitMs = 300_000

/** A gRPC server with the gRPC driver's demo service and a grpc-gateway in front of it, on one port. */
export const grpcGateway: ServiceDefinition = {
  defaultPort: 50_051,
  url: (port) => `grpc://127.0.0.1:${port}`,
  probe: (port, timeoutMs) => probeGrpc(port, 'cloudbench.demo.v1.Library', timeoutMs),
  composeReadyLimitMs: buildLimitMs,
  local: {
    binaries: ['go'],
    args: ({ port }) => ['-listen', `127.0.0.1:${port}`],
    async prepare({ file, folder, env, mayFetch }) {
      const program = join(folder, 'grpc-gateway')
      const args = ['build', '-C', sources, '-buildvcs=false', '-trimpath', '-o', program, '.']
      // without a proxy, Go either has the modules or says that it does not
      const from = mayFetch ? env : { ...env, GOPROXY: 'off' }
      const { code, output, timedOut } = await run({ file, args }, { env: from, timeoutMs: buildLimitMs })
      if (code === 0) return program
      throw new ServiceError({
        what: timedOut ? `go build took longer than ${buildLimitMs / 1000} s` : `go build: ${output.trim()}`,
        expected: 'the modules to be in the cache, or a way to download them',
      })
    },
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
