import { spawnSync } from 'node:child_process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { CloudbenchError, messageOf } from '../errors.ts'
import { within } from '../hooks/deadline.ts'
import { provideFor, providePackage } from '../loading/provide.ts'
import { formatDuration } from '../text/format.ts'

/** It may wait for something at its top level; beyond this it is a hang. */
const importLimitMs = 30_000

/** Loads a JavaScript or TypeScript config file with Node itself. `name` is its name in messages. */
export async function importConfig(
  file: string,
  name: string,
  limitMs: number = importLimitMs,
): Promise<unknown> {
  providePackage('@cloudbench/core', import.meta.url)
  const url = pathToFileURL(file).href
  provideFor(url)
  let module: { default?: unknown }
  try {
    module = await within<{ default?: unknown }>(
      limitMs,
      () => import(/* @vite-ignore */ url),
      () => neverLoaded(name, limitMs),
    )
  } catch (error) {
    if (error instanceof CloudbenchError && error.code === 'CB_HOOK_TIMEOUT') throw error
    throw explained(error, file, name)
  }
  if (module.default === undefined)
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `${name} has no default export`,
      expected: 'export default defineConfig({ … })',
    })

  return module.default
}

function neverLoaded(name: string, limitMs: number): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_HOOK_TIMEOUT',
    what: `the import of ${name} did not end within ${formatDuration(limitMs)}`,
    expected: 'a module whose top level comes to an end',
    next: `look for an await in ${name} and in what it imports`,
  })
}

function explained(error: unknown, file: string, name: string): CloudbenchError {
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  const message = messageOf(error)
  const where = placeIn(error, file, name)
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX')
    return new CloudbenchError({
      code: 'CB_CONFIG_SYNTAX',
      what: `${where}: ${oneLine(message)}`,
      expected: 'TypeScript with erasable syntax only: Node strips types and compiles nothing',
      next: 'use an object or a union of strings instead of an enum, a module instead of a namespace, fields instead of parameter properties',
      cause: error,
    })

  if (code === 'ERR_UNKNOWN_FILE_EXTENSION')
    return new CloudbenchError({
      code: 'CB_CONFIG_SYNTAX',
      what: `${name}: Node ${process.versions.node} cannot run TypeScript`,
      expected: 'Node 22.19 or later',
      next: 'update Node, or rename the file to .mjs and remove the types',
      cause: error,
    })

  if (error instanceof SyntaxError || code === 'ERR_INVALID_TYPESCRIPT_SYNTAX')
    return new CloudbenchError({
      code: 'CB_CONFIG_SYNTAX',
      what: `${where}: ${oneLine(message)}`,
      expected: /\.[cm]?ts$/.test(file) ? 'TypeScript' : 'JavaScript',
      next: `fix ${name}, then check it with \`cloudbench config\``,
      cause: error,
    })
  if (code === 'ERR_MODULE_NOT_FOUND')
    return new CloudbenchError({
      code: 'CB_CONFIG',
      what: `${name} imports something that does not exist: ${oneLine(message)}`,
      next: 'npm install what it imports, or fix the path (with its extension)',
      cause: error,
    })

  return new CloudbenchError({ code: 'CB_CONFIG', what: `${where} threw: ${oneLine(message)}`, cause: error })
}

/** File, line and column, if the error's stack has them. */
function placeIn(error: unknown, file: string, name: string): string {
  const stack = typeof (error as Error | undefined)?.stack === 'string' ? (error as Error).stack! : ''
  // for plain JavaScript Node does not expose the place of a syntax error, it only prints it
  const isSyntax = error instanceof SyntaxError && !stack.includes(file)
  const lines = (isSyntax ? printedBy(file) : stack).split('\n')
  // a syntax error: the file and line, the source line, and a caret below the column
  const [, head, line] = /^(.+):(\d+)$/.exec(lines[0] ?? '') ?? []
  if (head !== undefined && isFile(head, file)) {
    const column = lines
      .slice(1, 4)
      .find((text) => /^\s*\^+\s*$/.test(text))
      ?.indexOf('^')
    return `${name}:${line}${column === undefined ? '' : `:${column + 1}`}`
  }
  for (const text of lines) {
    const [, from, row, column] = /\(?((?:file:\/\/)?\/?[^\s()]*?):(\d+):(\d+)\)?$/.exec(text) ?? []
    if (from !== undefined && isFile(from, file)) return `${name}:${row}:${column}`
  }
  return name
}

function printedBy(file: string): string {
  const options = { encoding: 'utf8', timeout: 5000, env: {} } as const
  return spawnSync(process.execPath, ['--check', file], options).stderr ?? ''
}

function isFile(text: string, file: string): boolean {
  try {
    return (text.startsWith('file:') ? fileURLToPath(text) : text) === file
  } catch {
    return false
  }
}

function oneLine(message: string): string {
  return message.replaceAll(/\s*\n\s*/g, ' ').trim()
}
