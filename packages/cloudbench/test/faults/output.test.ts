import { spawnSync } from 'node:child_process'
import { chmod, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { cloudbench, folder, type Ended, typed } from '../support/cli.ts'

const isRoot = process.getuid?.() === 0
/** Root can write everywhere, but it can mount its own file system, if the machine allows that. */
const canMount = isRoot && spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0

const load = typed('http-json-api --duration 300ms --warmup 0s --reporter json')

async function runOnFileSystem(options: string, words: readonly string[] = load): Promise<Ended> {
  const cwd = await folder({ 'disk/.keep': '' })
  const disk = join(cwd, 'disk')
  return await cloudbench([...words, '--output', disk], {
    cwd,
    within: [
      'unshare',
      '-m',
      'sh',
      '-c',
      'mount -t tmpfs -o "$0" tmpfs "$1" && shift && exec "$@"',
      options,
      disk,
    ],
  })
}

function expectMeasuredAndLost({ code, stdout, stderr }: Ended, why: RegExp): void {
  expect(stderr).toMatch(why)
  expect(stderr).not.toMatch(/this is a bug|\n\s+at /)
  // the numbers are not lost with the file
  expect(JSON.parse(stdout)).toMatchObject({ requests: 60, errors: 0 })
  expect(code).toBe(2)
}

test.skipIf(!canMount)('a full disk: the line is printed, the loss reported, exit code 2', async () => {
  expectMeasuredAndLost(await runOnFileSystem('size=4k'), /\[json\] run:end: .*cannot be written: ENOSPC/)
})

test.skipIf(!canMount)(
  'a read-only file system: the line is printed, the loss reported, exit code 2',
  async () => {
    expectMeasuredAndLost(await runOnFileSystem('ro'), /\[json\] run:end: .*cannot be written: EROFS/)
  },
)

const short = typed('http-json-api --duration 300ms --warmup 0s --interval 20ms')

test.skipIf(!canMount).each(['csv', 'junit', 'markdown', 'ndjson=lines.ndjson'])(
  'a read-only file system: %s is refused before any load, with its file',
  async (reporter) => {
    const { code, stderr } = await runOnFileSystem('ro', [...short, '--reporter', reporter])
    expect(stderr).toMatch(/\/disk\/[\w-]+\.(csv|xml|md|ndjson) cannot be written: EROFS/)
    expect(stderr).not.toMatch(/this is a bug|\n\s+at /)
    expect(code).toBe(2)
  },
)

test.skipIf(!canMount).each(['csv', 'ndjson=lines.ndjson'])(
  'a disk that is full before %s is done: the loss is reported with its file, exit code 2',
  async (reporter) => {
    // one page: enough for the first lines of one file, whatever a busy machine merges
    const { code, stderr } = await runOnFileSystem('size=4k', [...short, '--reporter', reporter])
    expect(stderr).toMatch(
      /\[(csv|ndjson)\] [\w:]+: .*\/disk\/[\w-]+\.(csv|ndjson) cannot be written: ENOSPC/,
    )
    expect(code).toBe(2)
  },
)

test.skipIf(isRoot)('a read-only folder: the line is printed, the loss reported, exit code 2', async () => {
  const cwd = await folder({ 'locked/.keep': '' })
  await chmod(join(cwd, 'locked'), 0o555)
  onTestFinished(() => chmod(join(cwd, 'locked'), 0o755))
  const ended = await cloudbench([...load, '--output', 'locked'], { cwd })
  expectMeasuredAndLost(ended, /\[json\] run:end: .*cannot be written: EACCES/)
})

test('a folder that is a file: the line is printed, the loss reported, exit code 2', async () => {
  const cwd = await folder({ taken: '' })
  const ended = await cloudbench([...load, '--output', 'taken'], { cwd })
  expectMeasuredAndLost(ended, /\[json\] run:end: .*taken.*cannot be written: (EEXIST|ENOTDIR)/)
  expect(await readdir(cwd)).toEqual(['taken'])
})
