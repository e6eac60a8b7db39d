import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { measuredOf, type RunResult } from '@cloudbench/core'
import { readResult } from '@cloudbench/core/program'
import { expect, onTestFinished, test } from 'vitest'
import { cloudbench, eventually, folder, startCli, typed, type Ended } from '../support/cli.ts'
import { runInProcess } from '../support/in-process.ts'
import { withoutRedis } from '../support/installed.ts'
import { workersOf } from '../support/processes.ts'

type Row = Readonly<Record<string, string | number | boolean | null>>

/** What `cloudbench log` says of all logs below a folder. */
async function rowsOf(cwd: string, line = ''): Promise<readonly Row[]> {
  const { stdout } = await runInProcess(typed(`log . --format ndjson ${line}`.trim()), cwd)
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((text) => JSON.parse(text) as Row)
}

async function resultIn(cwd: string): Promise<RunResult> {
  const output = join(cwd, '.cloudbench')
  const file = (await readdir(output)).find((name) => name.endsWith('.json'))!
  return await readResult(join(output, file))
}

/** Names that say what a run was, in files that `cloudbench report` reads. */
const withResult = '--reporter json'

function near(a: unknown, b: number): void {
  // slots are 0.1 % wide, and a time may lie on the edge of one
  expect(Math.abs(Number(a) / b - 1)).toBeLessThan(0.003)
}

/** The log says what the result says: how many requests of each outcome, and how long they took. */
async function expectAgreement(cwd: string): Promise<void> {
  const { scenarios } = await resultIn(cwd)
  const [{ phases, logs = [] }] = scenarios as [RunResult['scenarios'][number]]
  const requests = await rowsOf(cwd)
  const sent = phases.flatMap(({ flows }) => flows.map(({ total }) => total.sent)).reduce((a, b) => a + b, 0)
  expect(logs.reduce((sum, { records = 0 }) => sum + records, 0)).toBe(sent)
  expect(requests).toHaveLength(sent)
  const rows = await rowsOf(cwd, '--summary')
  for (const { phase, flows } of phases)
    for (const { flow, operations } of flows)
      for (const [operation, metrics] of Object.entries(operations)) {
        const own = rows.filter(
          (row) => row['phase'] === phase.name && row['flow'] === flow && row['operation'] === operation,
        )
        if (metrics.sent === 0) continue
        for (const [name, { count }] of Object.entries(metrics.outcomes))
          expect(own.find(({ outcome }) => outcome === name)?.['requests'] ?? 0).toBe(count)
        const all = own.find(({ outcome }) => outcome === null)!
        near(all['service_p50_ns'], metrics.service.percentile(50))
        near(all['service_p99_ns'], metrics.service.percentile(99))
        near(all['service_max_ns'], metrics.service.max)
        if (phase.loads[flow]!.model !== 'open' || metrics.unsent > 0) continue
        near(all['response_p50_ns'], metrics.response.percentile(50))
        near(all['response_p99_ns'], metrics.response.percentile(99))
        near(all['lag_p99_ns'], metrics.lag.percentile(99))
      }
}

test('an open loop in two workers: every request is in the logs, and they say what the result says', async () => {
  const cwd = await folder()
  const { code, stderr } = await cloudbench(
    typed(
      `http-json-api --set targets.http.url=loopback --rate 1k/s --duration 2s --warmup 500ms --workers 2 --log ${withResult}`,
    ),
    { cwd },
  )
  expect(code).toBe(0)
  expect(stderr).toMatch(/\[core\] 2500 requests are in the log: cloudbench log \S+\.cloudbench\/\S+\n/)
  await expectAgreement(cwd)
  const requests = await rowsOf(cwd, '--phase measure')
  // numbers go on from the warm-up, and each request is there once
  expect(new Set(requests.map(({ index }) => index))).toEqual(
    new Set(Array.from({ length: 2_000 }, (_, at) => 500 + at)),
  )
  // two files that were merged by time
  expect(new Set(requests.map(({ worker }) => worker))).toEqual(new Set([0, 1]))
  const done = requests.map(({ done_ns: doneNs }) => Number(doneNs))
  expect(done).toEqual(done.toSorted((a, b) => a - b))
})

test.skipIf(withoutRedis)('a closed loop against a real Redis: the same', async () => {
  const cwd = await folder()
  const line = `redis-read-heavy --duration 1s --warmup 200ms --connections 4 --log ${withResult}`
  const { code, stderr } = await cloudbench(typed(line), { cwd })
  expect({ code, stderr }).toMatchObject({ code: 0 })
  await expectAgreement(cwd)
})

/** Serves until the test is over. */
async function urlOf(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('requests that time out and that are never answered are in the log, and those that never left are not', async () => {
  const server = createServer((request, response) => {
    // every third is never answered
    if (Number(request.socket.remotePort) % 3 > 0) response.end('{}')
  })
  const url = await urlOf(server)
  const cwd = await folder()
  const line = `http-json-api --set targets.http.url=${url} --set defaults.timeout=300ms --set defaults.drain=100ms --rate 200/s --connections 6 --duration 1s --warmup 0s --log ${withResult}`
  await cloudbench(typed(line), { cwd })
  await expectAgreement(cwd)
  const { scenarios } = await resultIn(cwd)
  const [{ total }] = measuredOf(scenarios[0]!).flows as [ReturnType<typeof measuredOf>['flows'][number]]
  const outcomes = (await rowsOf(cwd)).map(({ outcome }) => outcome)
  expect(total.timedOut + total.unanswered).toBeGreaterThan(0)
  expect(outcomes.filter((name) => name === 'timedOut')).toHaveLength(total.timedOut)
  expect(outcomes.filter((name) => name === 'unanswered')).toHaveLength(total.unanswered)
})

test('the ids in the log are those that the target saw', async () => {
  const seen = new Set<string>()
  const server = createServer((request, response) => {
    seen.add(String(request.headers['traceparent']))
    response.end('{}')
  })
  const url = await urlOf(server)
  const cwd = await folder()
  const line = `http-json-api --set targets.http.url=${url} --rate 200/s --duration 500ms --warmup 0s`
  expect((await cloudbench(typed(`${line} --log`), { cwd })).code).toBe(0)
  const idsOf = (rows: readonly Row[]): ReadonlySet<string> =>
    new Set(rows.map((row) => `00-${String(row['trace_id'])}-${String(row['span_id'])}`))
  const logged = idsOf(await rowsOf(cwd))
  // the log samples nothing for the target
  expect(seen).toEqual(new Set([...logged].map((id) => `${id}-00`)))
  seen.clear()
  const traced = await folder()
  expect((await cloudbench(typed(`${line} --log --trace 1/2`), { cwd: traced })).code).toBe(0)
  expect(new Set([...seen].map((sent) => sent.slice(0, -3)))).toEqual(idsOf(await rowsOf(traced)))
  expect(new Set([...seen].map((sent) => sent.slice(-3)))).toEqual(new Set(['-00', '-01']))
})

test('a sample has its share, and says of which', async () => {
  const cwd = await folder()
  const line = `http-json-api --set targets.http.url=loopback --rate 2k/s --duration 2s --warmup 0s --log-sample 1/10 ${withResult}`
  expect((await cloudbench(typed(line), { cwd })).code).toBe(0)
  const [scenario] = (await resultIn(cwd)).scenarios
  const [log] = scenario!.logs!
  expect(log!.sample).toBe(0.1)
  const rows = await rowsOf(cwd)
  expect(rows).toHaveLength(log!.records!)
  // five standard deviations
  expect(Math.abs(rows.length - 400)).toBeLessThan(95)
})

test('a worker that is killed leaves what it had flushed', async () => {
  const cwd = await folder()
  const { child, ended } = startCli(
    typed(
      'http-json-api --set targets.http.url=loopback --rate 500/s --duration 60s --warmup 0s --workers 2 --log',
    ),
    { cwd },
  )
  const logOf = async (worker: number): Promise<string | undefined> => {
    const output = join(cwd, '.cloudbench')
    if (!existsSync(output)) return undefined
    const files = await readdir(output, { recursive: true })
    const file = files.find((name) => name.endsWith(`w${worker}.cblog`))
    return file === undefined ? undefined : join(output, file)
  }
  // well after the header
  for (const worker of [0, 1])
    await eventually(async () => {
      const file = await logOf(worker)
      return file !== undefined && (await stat(file)).size > 10_000
    })
  process.kill(workersOf(child.pid!)[1]!, 'SIGKILL')
  expect((await ended).code).toBe(3)
  const [scenario] = (await resultIn(cwd)).scenarios
  const lost = scenario!.logs!.findIndex(({ records }) => records === undefined)
  expect(scenario!.logs![1 - lost]).toMatchObject({ worker: 1 - lost, dropped: 0 })
  const killed = await runInProcess(['log', (await logOf(lost))!, '--format', 'ndjson'], cwd)
  expect(killed.stdout.split('\n').filter(Boolean).length).toBeGreaterThan(100)
  expect(killed.stderr).toContain('its worker was killed')
  expect(killed.code).toBe(2)
  const other = await runInProcess(['log', (await logOf(1 - lost))!, '--summary'], cwd)
  expect(other).toMatchObject({ code: 0, stderr: '' })
})

const isRoot = process.getuid?.() === 0
const canMount = isRoot && spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0

/** Runs with an output folder on a file system of its own, which is copied before it goes away. */
async function runOnFileSystem(options: string, cwd: string): Promise<Ended> {
  const script =
    'mount -t tmpfs -o "$0" tmpfs "$1" || exit 99; disk="$1"; copy="$2"; shift 2; "$@"; code=$?; cp -r "$disk" "$copy"; exit $code'
  const disk = join(cwd, 'disk')
  const line = `http-json-api --set targets.http.url=loopback --rate 4k/s --duration 1500ms --warmup 0s --log --reporter json --output ${disk}`
  const within = ['unshare', '-m', 'sh', '-c', script, options, disk, join(cwd, '.cloudbench')]
  return await cloudbench(typed(line), { cwd, within })
}

test.skipIf(!canMount)(
  'a full disk: what is missing is counted, and the load is measured all the same',
  async () => {
    const cwd = await folder({ 'disk/.keep': '' })
    const { code, stdout, stderr } = await runOnFileSystem('size=200k', cwd)
    expect(JSON.parse(stdout)).toMatchObject({ requests: 6_000, exit: 2 })
    const [, dropped, all] = /(\d+) of (\d+) requests are not in \S+\.cblog: ENOSPC/.exec(stderr) ?? []
    expect(all).toBe('6000')
    expect(code).toBe(2)
    const rows = await rowsOf(cwd)
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.length + Number(dropped)).toBe(6_000)
    expect((await runInProcess(typed('log .cloudbench --summary'), cwd)).stderr).toContain(
      'its end is missing',
    )
  },
)

test.skipIf(!canMount)('a file system that cannot be written to is told before the load', async () => {
  const { code, stderr } = await runOnFileSystem('ro', await folder({ 'disk/.keep': '' }))
  expect(stderr).toMatch(/the request log \S+ cannot be written: EROFS/)
  expect(stderr).toContain('run without --log')
  expect(code).toBe(2)
})

test('a folder that is a file is told before the load', async () => {
  const cwd = await folder({ taken: '' })
  const line = 'http-json-api --set targets.http.url=loopback --duration 60s --log --output taken'
  const { code, stderr, stdout } = await cloudbench(typed(line), { cwd })
  expect(stdout + stderr).toMatch(/the request log \S+ cannot be written: (EEXIST|ENOTDIR)/)
  expect(code).toBe(2)
})
