import type { ServiceDefinition } from '../definition.ts'
import { probeRedis } from './probe.ts'

export const redis: ServiceDefinition = {
  defaultPort: 6379,
  url: (port) => `redis://127.0.0.1:${port}`,
  probe: probeRedis,
  local: {
    binaries: ['redis-server', 'valkey-server'],
    args: ({ port, folder }) => [
      '--bind',
      '127.0.0.1',
      '--port',
      String(port),
      // nothing goes to disk: a snapshot in the middle of a measurement is noise.
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      folder,
    ],
    install: 'apt-get install -y redis-server (Debian, Ubuntu) or brew install redis (macOS)',
  },
  compose: (port) => ({
    // the last series under the BSD licence.
    image: 'redis:7.2-alpine',
    // protected mode only knows the container's own loopback and would refuse what Docker forwards.
    command: ['redis-server', '--save', '', '--appendonly', 'no', '--protected-mode', 'no'],
    ports: [`127.0.0.1:${port}:6379`],
    tmpfs: ['/data'],
  }),
}
