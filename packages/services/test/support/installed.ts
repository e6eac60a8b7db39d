import { existsSync } from 'node:fs'
import { delimiter } from 'node:path'
import { libraryFolder } from '../../src/kafka/library.ts'
import { findProgram } from '../../src/machine/command.ts'
import { definitionOf, type ServiceName } from '../../src/table.ts'

/** Tests of a real service are skipped where it is not installed, unless the environment demands it. */
const required = (process.env['CLOUDBENCH_REQUIRE_SERVICES'] ?? '').split(/[\s,]+/)

/** Go is often installed without being on the PATH. */
export const envWithGo: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: `${process.env['PATH']}${delimiter}/usr/local/go/bin`,
}

async function programOf(name: ServiceName): Promise<string | undefined> {
  const { binaries, folders } = definitionOf(name).local
  return await findProgram(binaries, envWithGo, await folders?.())
}

async function isMissing(name: ServiceName): Promise<boolean> {
  return (await programOf(name)) === undefined && !required.includes(name)
}

export const redisProgram = (await programOf('redis')) ?? 'redis-server'
export const withoutRedis = await isMissing('redis')
export const withoutPostgres = await isMissing('postgres')
export const withoutRabbitmq = await isMissing('rabbitmq')
export const withoutGo = await isMissing('grpc-gateway')
export const withoutPushgateway = await isMissing('pushgateway')
export const withoutPrometheus = await isMissing('prometheus')
export const withoutCollector = await isMissing('otel-collector')
/** Also where its jars are missing: a test does not download 50 MB unless it is told to. */
export const withoutKafka =
  (await isMissing('kafka')) || !(existsSync(libraryFolder(process.env)) || required.includes('kafka'))
