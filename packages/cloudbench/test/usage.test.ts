import { describe, expect, test } from 'vitest'
import { cloudbench, folder } from './support/cli.ts'

const commands = ['run', 'list', 'report', 'init', 'config', 'plugins', 'doctor', 'up', 'down']

test('`--help` names every command, and each command has help with an example', async () => {
  const cwd = await folder()
  const { code, stdout, stderr } = await cloudbench(['--help'], { cwd })
  expect([code, stderr]).toEqual([0, ''])
  for (const command of commands) {
    expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'))
    const help = await cloudbench([command, '--help'], { cwd })
    expect([help.code, help.stderr]).toEqual([0, ''])
    expect(help.stdout).toContain(`$ cloudbench ${command}`)
  }
})

test('`--version` prints the version and nothing else', async () => {
  const { code, stdout } = await cloudbench(['--version'], { cwd: await folder() })
  expect(stdout).toMatch(/^\d+\.\d+\.\d+(-\S+)?\n$/)
  expect(code).toBe(0)
})

describe('an invalid command line ends with 2, and suggests what was meant', () => {
  test.each([
    [['--durtion', '3s'], /unknown option '--durtion'\n  next: did you mean --duration\?/],
    [['lsit'], /no command and no scenario lsit\n  next: did you mean cloudbench list\?/],
    [['redis-read-haevy'], /no scenario redis-read-haevy[^]*did you mean redis-read-heavy\?/],
    [['run', 'nothing-*'], /nothing-\*/],
    [['run', '--duration', '3x'], /^CB_UNIT: --duration: "3x" is not a duration[^]*expected: a duration/],
    [['run', 'http-json-api', '--rate', 'fast'], /"fast" is not a rate/],
    [['run', '--connections', '0'], /connections/],
    [['run', '--workers', '1.5'], /workers/],
    [['run', '--seed', 'x'], /seed/],
    [['run', '--dispatch', 'spni'], /did you mean spin\?/],
    [['run', '--baseline', 'nightly'], /nightly/],
    [['run', '--config', 'no.yaml'], /no\.yaml/],
    [['run', '--set', 'targets.redis.ulr=x'], /targets\.redis\.ulr is not a setting[^]*did you mean url\?/],
    [['run', '--set', 'nonsense'], /--set/],
    [['run', '--reporter', 'jsn'], /reporter "jsn" was not found[^]*did you mean "json"\?/],
    [['run', '--reporter', '[json'], /--reporter/],
    [['run', '--environment', 'numaa'], /environment "numaa" was not found/],
    [['run', '--duration'], /option '--duration <time>' argument missing/],
    [
      ['config', 'targets.reds'],
      /nothing is configured at targets\.reds\n  next: did you mean targets\.redis\?/,
    ],
    [['report'], /missing required argument 'files'/],
    [['report', 'none.json'], /none\.json cannot be read/],
    [['up', 'reddis'], /no service "reddis"[^]*next: cloudbench up redis/],
    [['up', 'redis', '--port', '70000'], /70000 is not a port/],
    [['down', 'reddis'], /reddis/],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await cloudbench(args, { cwd: await folder() })
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/this is a bug|\n\s+at /)
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })
})
