import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@cloudbench/fixtures/free-port'
import { onTestFinished } from 'vitest'
import { answering, isMissing } from './gateway.ts'
import { folder } from './run.ts'

export const withoutPrometheus = isMissing('prometheus', 'prometheus')

interface Answer {
  readonly status: string
  readonly error?: string
  readonly data: { readonly result: readonly Vector[] }
}

interface Vector {
  readonly metric: Readonly<Record<string, string>>
  readonly value: readonly [time: number, value: string]
}

export interface RealPrometheus {
  /** @throws for an expression that it does not accept. */
  query(expression: string): Promise<readonly Vector[]>
  /** The one value of an expression; NaN while there is none. */
  value(expression: string): Promise<number>
}

interface Job {
  readonly name: string
  readonly target: string
  readonly honorsLabels?: boolean
}

/** A Prometheus on loopback that scrapes once a second, and ends with the test. */
export async function realPrometheus(jobs: readonly Job[]): Promise<RealPrometheus> {
  const home = await folder()
  const port = await freePort()
  const config = {
    global: { scrape_interval: '1s' },
    scrape_configs: jobs.map(({ name, target, honorsLabels = false }) => ({
      job_name: name,
      honor_labels: honorsLabels,
      static_configs: [{ targets: [target.replace('http://', '')] }],
    })),
  }
  // JSON is YAML
  await writeFile(join(home, 'prometheus.yml'), JSON.stringify(config))
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(home, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(home, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  )
  onTestFinished(async () => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  })
  const url = `http://127.0.0.1:${port}`
  await answering(`${url}/-/ready`)
  const query = async (expression: string): Promise<readonly Vector[]> => {
    const response = await fetch(`${url}/api/v1/query`, {
      method: 'POST',
      body: new URLSearchParams({ query: expression }),
    })
    const { status, error, data } = (await response.json()) as Answer
    if (status !== 'success') throw new Error(`${expression}: ${error}`)
    return data.result
  }
  return {
    query,
    async value(expression) {
      const [vector] = await query(expression)
      return Number(vector?.value[1] ?? 'NaN')
    },
  }
}

/** Waits for something that happens in another process. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(100)
}
