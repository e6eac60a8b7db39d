import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const required = (process.env['CLOUDBENCH_REQUIRE_SERVICES'] ?? '').split(/[\s,]+/)

/** Tests with a real service are skipped if there is none, unless the environment requires one. */
export const withoutRedis = isMissing('redis', 'redis-server', 'valkey-server')
export const withoutPushgateway = isMissing('pushgateway', 'prometheus-pushgateway', 'pushgateway')

function isMissing(service: string, ...programs: readonly string[]): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const isInstalled = folders.some((folder) => programs.some((name) => existsSync(join(folder, name))))
  return !isInstalled && !required.includes(service)
}
