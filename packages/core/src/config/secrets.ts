import { resolve } from 'node:path'
import { CloudbenchError, messageOf } from '../errors.ts'
import { readText } from '../loading/read-file.ts'
import type { Redactor } from './redactor.ts'

/** `${env:NAME}`, `${env:NAME:-default}` and `${file:path}`. Any other `${…}` is left for others to read. */
const reference = /\$\{(env|file):([^}]*)\}/g

export function hasReference(text: string): boolean {
  return /\$\{(env|file):[^}]*\}/.test(closed(text)[0])
}

/** A text up to its last `}`, and the rest, where no reference can end and none has to be looked for. */
function closed(text: string): readonly [string, string] {
  const end = text.lastIndexOf('}') + 1
  return [text.slice(0, end), text.slice(end)]
}

/** Files are sent to every worker; some hold the body of a request. */
const secretLimitBytes = 16e6

export interface SecretSource {
  readonly env: Readonly<Record<string, string | undefined>>
  /** What relative paths start from. */
  readonly folder: string
  readonly redactor: Redactor
}

/** Where a text with references was written, for the error when one cannot be resolved. */
export interface Place {
  readonly path: string
  readonly origin: string
}

/** Replaces the references of a text by what they refer to, and remembers that as secret. */
export function resolveText(text: string, source: SecretSource, place: Place, secret = true): string {
  const [before, rest] = closed(text)
  const resolved = before.replaceAll(reference, (written, kind: string, what: string) => {
    const found = kind === 'env' ? fromEnvironment(what, source) : fromFile(what, source)
    if (found === undefined) throw unresolved(written, kind, what, place)
    if (secret && found.secret) source.redactor.remember(found.value)
    return found.value
  })
  return resolved + rest
}

interface Found {
  readonly value: string
  /** A default is in plain sight in the configuration. */
  readonly secret: boolean
}

function fromEnvironment(what: string, { env }: SecretSource): Found | undefined {
  const [, name = what, , fallback] = /^(.*?)(:-(.*))?$/s.exec(what) ?? []
  // empty counts as unset, as in a shell's ${NAME:-default}
  const value = Object.hasOwn(env, name) && env[name] !== '' ? env[name] : undefined
  if (value !== undefined) return { value, secret: true }
  return fallback === undefined ? undefined : { value: fallback, secret: false }
}

function fromFile(what: string, { folder }: SecretSource): Found | undefined {
  try {
    return {
      value: readText(resolve(folder, what), `\${file:${what}}`, secretLimitBytes, 'CB_SECRET').replace(
        /\r?\n$/,
        '',
      ),
      secret: true,
    }
  } catch (error) {
    if (error instanceof CloudbenchError) throw error
    if (messageOf(error).startsWith('ENOENT')) return undefined
    throw new CloudbenchError({
      code: 'CB_SECRET',
      what: `\${file:${what}} cannot be read: ${messageOf(error)}`,
      next: 'make the file readable for this user',
      cause: error,
    })
  }
}

function unresolved(written: string, kind: string, what: string, { path, origin }: Place): CloudbenchError {
  const name = what.replace(/:-.*$/s, '')
  const thing = kind === 'env' ? `the environment variable ${name} is not set` : `there is no file ${what}`
  const next =
    kind === 'env' ? `export ${name}=…, or write \${env:${name}:-default}` : `create ${what}, or fix the path`
  return new CloudbenchError({
    code: 'CB_SECRET',
    what: `${path} needs ${written}, but ${thing} (${origin})`,
    next,
  })
}
