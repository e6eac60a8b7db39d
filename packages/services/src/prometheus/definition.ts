import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Place, ServiceDefinition } from '../definition.ts'
import { pushgateway } from '../pushgateway/definition.ts'
import { probePrometheus } from './probe.ts'

/** What is pushed comes once a second; labels such as `job` are those of the run, not of the Pushgateway. */
const config = `global:
  scrape_interval: 1s
scrape_configs:
  - job_name: pushgateway
    honor_labels: true
    static_configs:
      - targets: ['127.0.0.1:${pushgateway.defaultPort}']
`

/** Prometheus that scrapes the Pushgateway on this machine. Nothing can be written to it or ended through its port. */
export const prometheus: ServiceDefinition = {
  defaultPort: 9090,
  keepsPort: true,
  url: (port) => `http://127.0.0.1:${port}`,
  probe: probePrometheus,
  local: {
    binaries: ['prometheus'],
    prepare,
    args: ({ port, folder }) => flags(port, configFile(folder), join(folder, 'data')),
    install:
      'apt-get install -y --no-install-recommends prometheus (Debian, Ubuntu) or brew install prometheus (macOS)',
  },
  compose: (port) => ({
    image: 'prom/prometheus:v3.5.0',
    entrypoint: ['sh', '-c', `printf '%s' "$$CONFIG" > /tmp/prometheus.yml && exec prometheus "$$@"`, '-'],
    command: flags(port, '/tmp/prometheus.yml', '/prometheus'),
    environment: { CONFIG: config },
    // a container of its own network reaches nothing on the loopback of this machine
    network_mode: 'host',
    ports: [],
    tmpfs: ['/prometheus:mode=1777'],
  }),
}

function flags(port: number, file: string, data: string): readonly string[] {
  return [`--web.listen-address=127.0.0.1:${port}`, `--config.file=${file}`, `--storage.tsdb.path=${data}`]
}

async function prepare({ folder }: Place): Promise<void> {
  await writeFile(configFile(folder), config, { mode: 0o600 })
}

function configFile(folder: string): string {
  return join(folder, 'prometheus.yml')
}
