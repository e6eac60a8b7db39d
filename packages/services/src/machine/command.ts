import { spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'

/** A program and its arguments. Never a line for a shell. */
export interface Command {
  readonly file: string
  readonly args: readonly string[]
  /** The user it runs as. @default the current one */
  readonly user?: UserIdentity
  /** What it reads from stdin. @default nothing */
  readonly input?: string
}

export interface UserIdentity {
  readonly uid: number
  readonly gid: number
}

export interface CommandResult {
  /** `null` when it was killed, for instance by the time-out, or could not be started. */
  readonly code: number | null
  readonly stdout: string
  /** Both streams, in the order they arrived. */
  readonly output: string
  readonly timedOut: boolean
}

/** Runs a program until it ends and keeps what it prints. Never rejects. */
export async function run(
  { file, args, user, input }: Command,
  {
    env,
    timeoutMs,
    cwd,
  }: { readonly env: NodeJS.ProcessEnv; readonly timeoutMs: number; readonly cwd?: string },
): Promise<CommandResult> {
  const { promise, resolve } = Promise.withResolvers<CommandResult>()
  const child = spawn(file, args, {
    env,
    cwd,
    ...user,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  })
  let stdout = ''
  let output = ''
  let timedOut = false
  const finish = (code: number | null) => setImmediate(() => resolve({ code, stdout, output, timedOut }))
  const timer = setTimeout(() => {
    timedOut = true
    child.kill('SIGKILL')
  }, timeoutMs)
  // when file descriptors run out there are no pipes, and `error` says why
  const { stdin, stdout: out, stderr: err } = child as Partial<typeof child>
  // a program that does not read its input says why when it ends
  stdin?.on('error', () => {}).end(input)
  out?.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk
    output += chunk
  })
  err?.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk
  })
  child.on('error', (error) => {
    output += error.message
    finish(null)
  })
  child.on('close', finish)
  // `close` may never come: a grandchild can keep the pipes open
  child.on('exit', (code) => setTimeout(finish, 100, code).unref())
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    out?.destroy()
    err?.destroy()
  }
}

/** The absolute path of the first of these programs that exists: in these folders, on the PATH, or at its own path. */
export async function findProgram(
  names: readonly string[],
  env: NodeJS.ProcessEnv,
  first: readonly string[] = [],
): Promise<string | undefined> {
  const folders = [...first, ...(env['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder))]
  for (const name of names) {
    const files = isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name))
    for (const file of files) if (await isExecutable(file)) return file
  }
  return undefined
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK)
    return (await stat(file)).isFile()
  } catch {
    return false
  }
}
