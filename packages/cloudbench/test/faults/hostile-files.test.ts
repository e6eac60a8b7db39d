import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { cloudbench, folder, type Ended } from '../support/cli.ts'

const scenario = 'target: http://127.0.0.1:1\ndriver: http\n'

type Make = (file: string) => unknown

/** Lists the scenarios of a folder with such a file. Something that hangs ends with the test. */
async function listWith(make: Make, name = 'a.yaml'): Promise<Ended> {
  const cwd = await folder()
  const file = join(cwd, 'config/scenarios', name)
  await mkdir(dirname(file), { recursive: true })
  await make(file)
  return await cloudbench(['list'], { cwd })
}

function text(content: string): Make {
  return async (file) => await writeFile(file, content)
}

function lines(count: number, line: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => `${line(at)}\n`).join('')
}

async function listen(file: string): Promise<void> {
  const server = createServer().listen(file)
  onTestFinished(() => void server.close())
  await once(server, 'listening')
}

/** Each names the one before nine times. */
function bomb(): string {
  const names = Array.from('abcdefghi')
  return names
    .map(
      (name, at) =>
        `${name}: &${name} [${Array(9)
          .fill(at === 0 ? 'x' : `*${names[at - 1]}`)
          .join(', ')}]\n`,
    )
    .join('')
}

test.each<[string, Make, RegExp]>([
  [
    'a pipe',
    (file) => execFileSync('mkfifo', [file]),
    /a\.yaml cannot be read: it is a pipe\n.*regular file/,
  ],
  ['a device', (file) => symlink('/dev/zero', file), /a\.yaml cannot be read: it is a device/],
  ['a socket', listen, /a\.yaml cannot be read: /],
  ['a folder', (file) => mkdir(file), /a\.yaml cannot be read: it is a folder/],
  ['a link to nothing', (file) => symlink('/nowhere', file), /a\.yaml cannot be read: ENOENT/],
  ['48 MB', text('#'.repeat(48e6)), /a\.yaml has 48 MB\n {2}expected: at most 4 MB/],
  ['aliases that multiply', text(bomb()), /CB_CONFIG_SYNTAX: .*alias/],
  ['deep maps', text(`${scenario}options: ${'{a: '.repeat(2e4)}1${'}'.repeat(2e4)}\n`), /nested too deep/],
  ['deep lists', text(`${scenario}options: ${'['.repeat(2e5)}\n`), /nested too deep/],
  [
    '40 000 mistakes',
    text(scenario + lines(40_000, (at) => `duratio${at}: 5s`)),
    /has 40000 problems\n(.*\n){50} {2}- and 39950 more\n$/,
  ],
])('a scenario file that is or has %s is refused', async (_kind, make, says) => {
  const { code, stdout, stderr } = await listWith(make)
  expect(stderr).toMatch(says)
  expect(stderr).not.toMatch(/this is a bug|\n\s+at /)
  expect(stdout).toBe('')
  expect(code).toBe(2)
})

const keys = lines(40_000, (at) => `    k${at}: v`)
const half = (unit: string): string =>
  `${scenario}description: ${JSON.stringify(unit.repeat(Math.ceil(5e5 / unit.length)))}\n`

test.each<[string, string]>([
  ['40 000 keys', `${scenario}options:\n  headers:\n${keys}`],
  ['40 000 stages', `${scenario}stages:\n${lines(40_000, () => '  - {duration: 1s, rate: 5/s}')}`],
  ['40 000 flows', `flows:\n${lines(40_000, (at) => `  f${at}: {target: "http://a:1", driver: http}`)}`],
  ['blank lines', scenario + '\n'.repeat(3e6)],
  // searching for the end of each would take hours
  ...['${env:A', '${file:', 'cookie:', '-----BEGIN PRIVATE KEY-----', 'https://a"', "https://a'@"].map(
    (unit): [string, string] => [`nothing but ${unit}`, half(unit)],
  ),
])('one with %s is read', async (_kind, content) => {
  const { code, stdout, stderr } = await listWith(text(content))
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/^a$/m)
})
