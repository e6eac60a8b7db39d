import type { ServiceDefinition } from '../definition.ts'
import { ServiceError } from '../errors.ts'
import { findProgram } from '../machine/command.ts'
import { freePort, isFree } from '../machine/port.ts'
import { writeRecord, type ServiceRecord } from '../state/records.ts'
import { stopService } from '../stop/stop.ts'
import { findDocker } from './compose.ts'
import { waitUntilHealthy } from './health.ts'
import type { RunningService, StartRequest } from './request.ts'
import { makeStartPlan, type Means, type StartPlan } from './start-plan.ts'
import type { Launch, Started } from './started.ts'

/** Another program may take a free port before the service listens on it. */
const portTries = 5

/** Starts a new service with the first means that works. @throws ServiceError when none does. */
export async function bringUp(request: StartRequest, launch: Launch): Promise<RunningService> {
  const { name, definition, options, env, notes } = request
  if (options.port !== undefined && !(await isFree(options.port)))
    throw new ServiceError({
      what: `port ${options.port} of 127.0.0.1 is in use`,
      expected: `a free port for ${name}`,
      next: 'leave the port out to get a free one',
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

async function portFor({ definition, options }: StartRequest): Promise<number> {
  const { keepsPort = false, defaultPort } = definition
  return keepsPort && !options.attached && (await isFree(defaultPort)) ? defaultPort : await freePort()
}

/** `undefined` when these means do not work; the reason is in the notes. */
async function tryPorts(
  request: StartRequest,
  means: Means,
  launch: Launch,
): Promise<RunningService | undefined> {
  const { name, stateDir, options, env, notes } = request
  for (let tries = 1; tries <= portTries; tries++) {
    const port = options.port ?? (await portFor(request))
    const plan = await makeStartPlan(means, request, port).catch(toReason)
    if ('why' in plan) {
      notes.push(plan.why)
      return undefined
    }
    const started = await launch(plan, env)
    if (!options.attached) await writeRecord(stateDir, name, recordOf(request, plan, started))
    const failure = await waitUntilHealthy(plan, request, started)
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

/** What is missing is reported together with everything else that was tried. */
function toReason(error: unknown): { why: string } {
  if (error instanceof ServiceError) return { why: error.message }
  throw error
}

function recordOf(
  { name, definition, password }: StartRequest,
  { how, port, folder, compose }: StartPlan,
  { identity }: Started,
): ServiceRecord {
  const startedAt = new Date().toISOString()
  const project = compose && { project: compose.project }
  return {
    name,
    how,
    url: definition.url(port, password),
    port,
    ...(password !== undefined && { password }),
    folder,
    startedAt,
    ...identity,
    ...project,
  }
}

function handleOf(
  { name, definition, password, options, stateDir, env, notes }: StartRequest,
  { how, port }: StartPlan,
  { identity, stop }: Started,
): RunningService {
  return {
    name,
    url: definition.url(port, password),
    how,
    ...(identity && { pid: identity.pid }),
    reused: false,
    notes,
    stop: options.attached ? stop : async () => void (await stopService(name, { stateDir, env })),
  }
}
