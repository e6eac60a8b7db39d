import type { ServiceDefinition } from '../definition.ts'
import { probePushgateway } from './probe.ts'

/** Where runs leave what they measured for Prometheus to scrape. It keeps everything in memory. */
export const pushgateway: ServiceDefinition = {
  defaultPort: 9091,
  keepsPort: true,
  url: (port) => `http://127.0.0.1:${port}`,
  probe: probePushgateway,
  local: {
    // distributions give it a name of their own, and a file that outlives it
    binaries: ['prometheus-pushgateway', 'pushgateway'],
    args: ({ port }) => [`--web.listen-address=127.0.0.1:${port}`, '--persistence.file='],
    install:
      'apt-get install -y --no-install-recommends prometheus-pushgateway (Debian, Ubuntu), or see https://github.com/prometheus/pushgateway/releases',
  },
  compose: (port) => ({
    image: 'prom/pushgateway:v1.11.1',
    ports: [`127.0.0.1:${port}:9091`],
    tmpfs: [],
  }),
}
