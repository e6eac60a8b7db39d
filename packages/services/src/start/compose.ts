import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findProgram, run, type Command } from '../machine/command.ts'
import type { StartRequest } from './request.ts'

/** A slower daemon is no help to someone waiting for a benchmark. */
const answerLimitMs = 2_000

/** Finds a docker that has Compose and whose daemon answers, or says why not. */
export async function findDocker(
  env: NodeJS.ProcessEnv,
): Promise<{ readonly file: string } | { readonly why: string }> {
  const file = await findProgram(['docker'], env)
  if (file === undefined) return { why: 'docker is not on the PATH' }
  const limits = { env, timeoutMs: answerLimitMs }
  const [info, compose] = await Promise.all([
    // some versions exit with 0 without a daemon, but then print no server version.
    run({ file, args: ['info', '--format', '{{.ServerVersion}}'] }, limits),
    run({ file, args: ['compose', 'version', '--short'] }, limits),
  ])
  if (info.timedOut) return { why: `the Docker daemon did not answer within ${answerLimitMs / 1000} s` }
  if (info.code !== 0 || info.stdout.trim() === '') return { why: 'no Docker daemon answers' }
  if (compose.code !== 0) return { why: 'docker has no compose plugin' }
  return { file }
}

/** A Compose project, and its commands. */
interface ComposeProject {
  readonly project: string
  readonly up: Command
  readonly down: Command
  /** Prints the ids of containers that are still there. */
  readonly list: Command
}

/** Writes the Compose file of one service. */
export async function writeComposeProject(
  file: string,
  { name, definition, password }: StartRequest,
  port: number,
  folder: string,
): Promise<ComposeProject> {
  const project = `cloudbench-${name}-${randomBytes(4).toString('hex')}`
  // JSON is YAML, without the quoting pitfalls.
  const content = { name: project, services: { [name]: definition.compose(port, password) } }
  await writeFile(join(folder, 'compose.yaml'), `${JSON.stringify(content, null, 2)}\n`, {
    mode: 0o600,
  })
  return composeProject(file, project, folder)
}

export function composeProject(file: string, project: string, folder: string): ComposeProject {
  const compose = ['compose', '--project-name', project, '--file', join(folder, 'compose.yaml')]
  return {
    project,
    up: { file, args: [...compose, 'up', '--detach'] },
    down: { file, args: [...compose, 'down', '--volumes', '--timeout', '5'] },
    list: { file, args: [...compose, 'ps', '--all', '--quiet'] },
  }
}
