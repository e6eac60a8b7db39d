import type { Command, Option } from 'commander'
import { expect, test } from 'vitest'
import { createProgram } from '../src/cli.ts'
import { createCommandContext } from '../src/command-context.ts'
import { folder } from './support/cli.ts'
import { runInProcess } from './support/in-process.ts'

const { commands } = createProgram(createCommandContext(), () => {})

/** What a command needs beside the flag or argument that is tried. */
function otherArguments(command: Command): string[] {
  return command.registeredArguments.filter(({ required }) => required).map(() => 'something')
}

const flags = commands.flatMap((command) =>
  command.options
    .filter(({ required, optional }: Option) => required || optional)
    .map(({ long }) => [command.name(), long!, otherArguments(command)] as const),
)

const words = commands
  .filter(({ registeredArguments }) => registeredArguments.length > 0)
  .map((command) => [command.name(), command.registeredArguments[0]!.name()] as const)

test('every command is tried', () => {
  expect(flags.length).toBeGreaterThan(30)
  expect(flags.map(([command, flag]) => `${command} ${flag}`)).toEqual(
    expect.arrayContaining([
      'run --scenario',
      'run --exporter',
      'list --tag',
      'report --output',
      'up --port',
    ]),
  )
  expect(words.map(([command]) => command)).toEqual(
    expect.arrayContaining(['run', 'report', 'init', 'config', 'up', 'down']),
  )
})

test.for(flags)('%s %s is refused when it is empty', async ([command, flag, others]) => {
  const cwd = await folder()
  for (const given of [[flag, ''], [flag, '  '], [`${flag}=`]]) {
    const { code, stdout, stderr } = await runInProcess([command, ...given, ...others], cwd)
    expect([code, stdout]).toEqual([2, ''])
    // the second spelling of a flag is shown as the first
    expect(stderr).toMatch(
      /^CB_USAGE: (option ')?--[a-z-]+( <.*>')? (has an empty value|argument missing)\n {2}next: /,
    )
    expect(stderr).toContain(flag === '--exporter' ? '--reporter' : flag)
  }
})

test.for(words)('%s refuses an empty %s', async ([command, argument]) => {
  const { code, stdout, stderr } = await runInProcess([command, ''], await folder())
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(new RegExp(`^CB_USAGE: ${argument} has an empty value\n {2}next: `))
})

test.for([
  ['--scenario', 'http-json-api,', /--scenario has an empty value/],
  [
    '--set',
    'targets.http.url=',
    /--set targets\.http\.url= has an empty value\n {2}expected: .*null removes/,
  ],
  ['--reporter', 'json=', /reporter "json=" was not found/],
] as const)('half of a value is not enough: %s %s', async ([flag, value, says]) => {
  const { code, stdout, stderr } = await runInProcess(['run', flag, value], await folder())
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(says)
})

test.for([
  ['', 'is empty'],
  [' ', 'is empty'],
  [',', 'has an empty entry'],
  ['redis,', 'has an empty entry'],
  ['redis,,kafka', 'has an empty entry'],
  ['reddis', 'requires reddis, which is no service'],
  ['redis,http', 'requires http, which is no service'],
] as const)('CLOUDBENCH_REQUIRE_SERVICES=%j is refused', async ([value, says]) => {
  const { code, stdout, stderr } = await runInProcess(['run', 'http-json-api', '--dry-run'], await folder(), {
    CLOUDBENCH_REQUIRE_SERVICES: value,
  })
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toContain(
    `CB_USAGE: CLOUDBENCH_REQUIRE_SERVICES ${says}\n  expected: names of services, separated by commas`,
  )
})

test('names of services are taken with spaces and without', async () => {
  const env = { CLOUDBENCH_REQUIRE_SERVICES: ' redis, kafka postgres ' }
  expect(await runInProcess(['run', 'http-json-api', '--dry-run'], await folder(), env)).toMatchObject({
    code: 0,
  })
})
