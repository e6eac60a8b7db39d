import { join, resolve } from 'node:path'
import { attach } from './attach.ts'
import { waitUntilHealthy } from './health.ts'
import { findProgram } from '../machine/command.ts'
import { findDocker } from './compose.ts'
import type { ServiceDefinition } from '../definition.ts'
import { detach } from './detach.ts'
import { ServiceError } from '../errors.ts'
import { withLock } from '../state/lock.ts'
import { makePlan, type Means, type Plan } from './plan.ts'
import { freePort, isFree } from '../machine/port.ts'
import { runningRecord } from '../state/running.ts'
import type { Started } from './started.ts'
import { defaultStateDir, openStateDir, writeRecord, type ServiceRecord } from '../state/state.ts'
import { stopService } from '../stop/stop.ts'
import { definitionOf, type ServiceName } from '../table.ts'

export interface StartOptions {
  /** Ends with this process, even when it is killed. Otherwise it stays until `stopService`. @default false */
  readonly attached?: boolean
  /** On 127.0.0.1. @default a free one */
  readonly port?: number
  /** @default compose where a Docker daemon answers, else local */
  readonly how?: 'compose' | 'local'
  /** Whether what a local service is made of may be fetched from the network, once. @default true */
  readonly fetch?: boolean
  /** Where state, logs and throwaway data go. @default a folder of this user's in the system's temporary folder */
  readonly stateDir?: string
  /** Where programs are looked for (PATH), and what they see. @default process.env */
  readonly env?: NodeJS.ProcessEnv
}

export interface RunningService {
  readonly name: string
  /** What a driver takes as its target. */
  readonly url: string
  readonly how: 'compose' | 'local'
  /** Of a local service. */
  readonly pid?: number
  /** It ran already. */
  readonly reused: boolean
  /** What was tried first and did not work. */
  readonly notes: readonly string[]
  /** Ends it, makes sure that it is gone, and removes its data. Idempotent. */
  stop(): Promise<void>
}

/** A free port may be taken before the service listens on it. */
const portTries = 5

/**
 * Starts a service on 127.0.0.1 with empty, throwaway data, and waits until it answers in its own protocol.
 * @throws ServiceError when it cannot be had, with what to install, or with the end of its log.
 */
export async function startService(
  name: ServiceName | (string & {}),
  options: StartOptions = {},
): Promise<RunningService> {
  const definition = definitionOf(name)
  const stateDir = resolve(options.stateDir ?? defaultStateDir())
  await openStateDir(stateDir)
  const request: Request = { name, definition, stateDir, options, env: options.env ?? process.env, notes: [] }
  if (options.attached) return await start(request, attach)
  return await withLock(
    join(stateDir, `${name}.lock`),
    async () => (await reuse(request)) ?? (await start(request, detach)),
  )
}

interface Request {
  readonly name: string
  readonly definition: ServiceDefinition
  readonly stateDir: string
  readonly options: StartOptions
  readonly env: NodeJS.ProcessEnv
  readonly notes: string[]
}

async function reuse({
  name,
  definition,
  stateDir,
  options,
  env,
}: Request): Promise<RunningService | undefined> {
  const record = await runningRecord(stateDir, name)
  if (record === undefined) return undefined
  const probe = await definition.probe(record.port, 1_000)
  const other = options.port !== undefined && options.port !== record.port
  if (probe.usable && !other) {
    const pid = record.pid === undefined ? {} : { pid: record.pid }
    const stop = async () => void (await stopService(name, { stateDir, env }))
    return { name, url: record.url, how: record.how, ...pid, reused: true, notes: [], stop }
  }
  throw new ServiceError({
    what: probe.usable
      ? `${name} already runs at ${record.url}`
      : `${name} was started at ${record.url} and does not answer: ${probe.why}`,
    ...(probe.usable && { expected: `none, or one on port ${options.port}` }),
    next: `cloudbench down ${name}, then cloudbench up ${name} again`,
  })
}

async function start(request: Request, launch: typeof attach): Promise<RunningService> {
  const { name, definition, options, env, notes } = request
  if (options.port !== undefined && !(await isFree(options.port)))
    throw new ServiceError({
      what: `port ${options.port} of 127.0.0.1 is in use`,
      expected: `a free port for ${name}`,
      next: 'leave the port out to have a free one chosen',
    })

  for (const how of ['compose', 'local'] as const) {
    if (options.how !== undefined && options.how !== how) continue
    const means = await findMeans(how, definition, env)
    if ('why' in means) {
      notes.push(means.why)
      continue
    }
    const service = await tryPorts(request, means, launch)
    if (service) return service
  }
  throw new ServiceError({
    what: `${name} could not be started: ${notes.join('; ')}`,
    expected: `Docker with Compose, or a ${definition.local.binaries.join(' or ')} that starts`,
    next: `${definition.local.install}, or start Docker; then cloudbench up ${name}`,
  })
}

async function findMeans(
  how: Means['how'],
  { local }: ServiceDefinition,
  env: NodeJS.ProcessEnv,
): Promise<Means | { why: string }> {
  if (how === 'compose') {
    const docker = await findDocker(env)
    return 'file' in docker ? { how, file: docker.file } : docker
  }
  const file = await findProgram(local.binaries, env, await local.folders?.())
  return file === undefined ? { why: `${local.binaries.join(' or ')} is not on the PATH` } : { how, file }
}

/** `undefined` when this means does not work; the reason is in the notes. */
async function tryPorts(
  request: Request,
  means: Means,
  launch: typeof attach,
): Promise<RunningService | undefined> {
  const { name, definition, stateDir, options, env, notes } = request
  for (let tries = 1; tries <= portTries; tries++) {
    const port = options.port ?? (await freePort())
    const plan = await makePlan(means, {
      name,
      definition,
      port,
      stateDir,
      env,
      mayFetch: options.fetch ?? true,
    }).catch(toReason)
    if ('why' in plan) {
      notes.push(plan.why)
      return undefined
    }
    const started = await launch(plan, env)
    if (!options.attached) await writeRecord(stateDir, name, recordOf(request, plan, started))
    const failure = await waitUntilHealthy(plan, definition, started)
    if (failure === undefined) {
      started.release()
      return handleOf(request, plan, started)
    }
    await started.stop()
    if (!options.attached) await writeRecord(stateDir, name, undefined)
    if (!failure.portTaken || options.port !== undefined || tries === portTries)
      notes.push(means.how === 'compose' ? `docker compose: ${failure.why}` : failure.why)
    if (!failure.portTaken || options.port !== undefined) break
  }
  return undefined
}

/** What is missing is said together with everything else that was tried. */
function toReason(error: unknown): { why: string } {
  if (error instanceof ServiceError) return { why: error.message }
  throw error
}

function recordOf(
  { name, definition }: Request,
  { how, port, folder, compose }: Plan,
  { identity }: Started,
): ServiceRecord {
  const startedAt = new Date().toISOString()
  const project = compose && { project: compose.project }
  return { name, how, url: definition.url(port), port, folder, startedAt, ...identity, ...project }
}

function handleOf(
  { name, definition, options, stateDir, env, notes }: Request,
  { how, port }: Plan,
  { identity, stop }: Started,
): RunningService {
  return {
    name,
    url: definition.url(port),
    how,
    ...(identity && { pid: identity.pid }),
    reused: false,
    notes,
    stop: options.attached ? stop : async () => void (await stopService(name, { stateDir, env })),
  }
}
