import type { Brand, Driver, Environment, Json, PluginKind, ReporterPlugin, Schema } from '@cloudbench/core'
import { brandOf, CloudbenchError, messageOf } from '@cloudbench/core'
import { importPlugin, parseOptions } from '@cloudbench/core/program'
import { blame, fault } from '../fault.ts'
import { activeResources, expectNothingLeft } from './resources.ts'
import { within } from './within.ts'

export interface Plugins {
  driver: Driver
  environment: Environment
  reporter: ReporterPlugin
}

/** What jobs for every kind of plugin have in common. */
interface Subject {
  readonly url: string
  readonly options: Json
  readonly refused: readonly Json[]
  readonly limitMs: number
}

const strange = 'cloudbenchTestkitUnknown'

export async function load<Kind extends PluginKind>(
  kind: Kind,
  { url, limitMs }: Pick<Subject, 'url' | 'limitMs'>,
): Promise<Plugins[Kind]> {
  return within(Math.max(limitMs, 10_000), `the import of the ${kind}`, () => importPlugin(url, kind))
}

/** Imports the plugin: it has a name and a brand, and importing it starts nothing. */
export async function probeIdentity<Kind extends PluginKind>(
  kind: Kind,
  subject: Subject,
): Promise<Plugins[Kind]> {
  const before = activeResources()
  const plugin = await load(kind, subject)
  const { api } = brandOf(plugin) as Brand
  if (typeof plugin.name !== 'string' || !/\S/.test(plugin.name))
    throw fault({
      what: `the ${kind} (API ${api}) has no name`,
      expected: 'a short name that people write into their configuration',
      next: `name: '…'`,
    })
  await expectNothingLeft(
    before,
    subject.limitMs,
    `after importing "${plugin.name}"`,
    'start nothing on import: some processes load the module without using it',
  )
  return plugin
}

/** Parses options as the host does. */
export function parse(name: string, schema: Schema | undefined, options: Json): Promise<unknown> {
  return blame(
    () => parseOptions(name, schema, options),
    (message) => ({
      what: `the options that the test gives are refused: ${message}`,
      expected: 'options that the schema accepts',
      next: 'correct `options` in the test, or the schema',
    }),
  )
}

/** Accepts the options of the test without changing them, and refuses others by name. */
export async function probeOptions(
  name: string,
  schema: Schema | undefined,
  { options, refused }: Subject,
): Promise<void> {
  const given = JSON.stringify(options)
  await parse(name, schema, options)
  if (JSON.stringify(options) !== given)
    throw fault({
      what: `parsing the options of "${name}" changes them: ${given} became ${JSON.stringify(options)}`,
      expected: 'a schema that returns a new value: the same options are parsed in several processes',
      next: 'copy before filling in defaults',
    })
  const unknown = { ...(options as { readonly [key: string]: Json }), [strange]: true }
  const message = await refusal(name, schema, unknown)
  if (message === undefined)
    throw fault({
      what: `"${name}" accepts an option that it does not have: ${strange}`,
      expected: 'a refusal: a mistyped option must not be ignored silently',
      next: 'z.strictObject instead of z.object, or the equivalent in your schema library',
    })
  if (!message.includes(strange))
    throw fault({
      what: `"${name}" refuses an unknown option without naming it: ${message}`,
      expected: `"${strange}" in the message`,
      next: 'give the issue a path, or name the option in its message',
    })
  for (const bad of refused)
    if ((await refusal(name, schema, bad)) === undefined)
      throw fault({
        what: `"${name}" accepts the options ${JSON.stringify(bad)}`,
        expected: 'a refusal: the test lists these options in `refused`',
        next: 'make the schema stricter, or correct `refused` in the test',
      })
}

async function refusal(name: string, schema: Schema | undefined, options: Json): Promise<string | undefined> {
  try {
    await parseOptions(name, schema, options)
    return undefined
  } catch (error) {
    if (error instanceof CloudbenchError) return error.message
    throw fault({
      what: `the schema of "${name}" throws instead of returning issues: ${messageOf(error)}`,
      expected: 'a Standard Schema, whose `validate` returns `{ issues }`',
      next: 'return issues for anything that is wrong, however strange the value',
    })
  }
}
