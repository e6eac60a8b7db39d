import { createServer } from 'node:http'
import type { LoopbackOptions } from '@cloudbench/core'
import { importPlugin, resolvePlugin } from '@cloudbench/core/program'
import { listenOnLoopback } from '@cloudbench/driver-kit/loopback'

// a server of known behaviour in its own process: `server.ts <driver> <options as JSON>`, or `server.ts arrivals`,
// which answers at once and reports arrival times on request. It exits when its channel closes.

process.on('disconnect', () => process.exit(0))

const [kind = '', options = '{}'] = process.argv.slice(2)
process.send!(kind === 'arrivals' ? await recordArrivals() : await loopback(kind, options))

async function loopback(driver: string, text: string): Promise<string> {
  const plugin = await importPlugin(resolvePlugin(driver, 'driver', { from: import.meta.url }), 'driver')
  return (await plugin.loopback!(JSON.parse(text) as LoopbackOptions)).target
}

async function recordArrivals(): Promise<string> {
  const arrivalsMs: number[] = []
  const server = createServer((request, response) => {
    arrivalsMs.push(performance.now())
    request.resume()
    response.setHeader('content-type', 'application/json').end('{}')
  })
  process.on('message', () => process.send!(arrivalsMs))
  return `http://127.0.0.1:${await listenOnLoopback(server)}`
}
