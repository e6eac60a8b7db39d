import { randomBytes } from 'node:crypto'
import { join, resolve } from 'node:path'
import { ServiceError } from '../errors.ts'
import { definitionFor } from '../outside.ts'
import { defaultStateDir, openStateDir } from '../state/folder.ts'
import { withLock } from '../state/lock.ts'
import { answerLimitMs, runningRecord } from '../state/running.ts'
import { stopService } from '../stop/stop.ts'
import type { ServiceName } from '../table.ts'
import { attach } from './attach.ts'
import { bringUp } from './attempt.ts'
import { detach } from './detach.ts'
import type { RunningService, StartOptions, StartRequest } from './request.ts'

/**
 * Starts a service on 127.0.0.1 with empty, throwaway data, and waits until it answers in its own protocol.
 * @throws ServiceError when it cannot be started, with what to install or the end of its log.
 */
export async function startService(
  name: ServiceName | (string & {}),
  options: StartOptions = {},
): Promise<RunningService> {
  const definition = await definitionFor(name, options.module)
  if (options.module !== undefined && !options.attached)
    throw new ServiceError({
      what: `${name} cannot be left running: it is not one of our services`,
      expected: 'attached: true',
    })
  const stateDir = resolve(options.stateDir ?? defaultStateDir())
  await openStateDir(stateDir)
  // needs no escape, whatever it is written into
  const secret = definition.hasPassword ? { password: randomBytes(16).toString('hex') } : {}
  const env = options.env ?? process.env
  const request = { name, definition, ...secret, stateDir, options, env, notes: [] }
  if (options.attached) return await bringUp(request, attach)
  return await withLock(
    join(stateDir, `${name}.lock`),
    async () => (await reuse(request)) ?? (await bringUp(request, detach)),
  )
}

/** The service that already runs; `undefined` when none does. */
async function reuse({
  name,
  definition,
  stateDir,
  options,
  env,
}: StartRequest): Promise<RunningService | undefined> {
  const record = await runningRecord(stateDir, name)
  if (record === undefined) return undefined
  const probe = await definition.probe(record.port, options.timeoutMs ?? answerLimitMs, record.password)
  const other = options.port !== undefined && options.port !== record.port
  if (probe.usable && !other) {
    const pid = record.pid === undefined ? {} : { pid: record.pid }
    const stop = async () => void (await stopService(name, { stateDir, env }))
    return { name, url: record.url, how: record.how, ...pid, reused: true, notes: [], stop }
  }
  const shown = definition.url(record.port)
  throw new ServiceError({
    what: probe.usable
      ? `${name} already runs at ${shown}`
      : `${name} was started at ${shown} and does not answer: ${probe.why}`,
    ...(probe.usable && { expected: `none, or one on port ${options.port}` }),
    next: `cloudbench down ${name}, then cloudbench up ${name} again`,
  })
}
